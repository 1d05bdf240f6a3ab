"""The engines that are tried on real weights, and the server that one of them asks."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest
from doc_pages import DOCS

from asrlab_pytest.models.engine import engine, engine_names, entry_point
from asrlab_pytest.models.engines.openai_api import multipart, wav

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import engines_on_real_weights as trials
import transcription_server

ELSEWHERE = {"pocketsphinx"}
"""Engines that the evals of this repository run."""
OURS = [name for name in engine_names() if entry_point(name).module.startswith("asrlab_pytest.")]
TRIED = {trial.engine for trial in trials.TRIALS}


@pytest.mark.parametrize("name", [name for name in OURS if "asr" in engine(name).tasks])
def test_an_engine_is_tried_or_said_not_to_be(name: str):
    """The reference of models gives each ASR engine's result on real weights, or says that there is none."""
    section = (DOCS / "reference/models.md").read_text(encoding="utf-8").partition("## Tested engines")[2]
    section = section.partition("\n## ")[0]
    rows = set(re.findall(r"^\| ([a-z-]+)", section, re.MULTILINE)) - {"engine"}
    untested = section.partition("Not tested with real weights")[2]

    assert (name in rows) == (name in TRIED)
    assert name in TRIED | ELSEWHERE or f"`{name}`" in untested


def test_the_server_reads_the_form_that_the_engine_sends():
    """Every field of a request, and every byte of the clip, arrives at the test server."""
    clip = wav(np.linspace(-1, 1, 4000, dtype=np.float32))
    body, kind = multipart([("model", "tiny.en"), ("response_format", "json")], clip)

    assert transcription_server.form(body, kind) == {"model": b"tiny.en", "response_format": b"json", "file": clip}
