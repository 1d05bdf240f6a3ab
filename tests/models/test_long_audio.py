"""No engine transcribes only a part of long audio."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.inference.boundary import loaded_by_engine
from asrlab_pytest.models.engine import engine, engine_names, entry_point
from asrlab_pytest.models.status import model_status
from asrlab_pytest.options import project_table
from asrlab_pytest.settings import validated
from asrlab_pytest.suite.suite import registry_of
from asrlab_pytest.waveform import SAMPLE_RATE
from quick_search import QUICK

ROOT = Path(__file__).parents[2]
PROJECT = Path(os.environ.get("ASRLAB_TEST_PROJECT", ROOT))
"""The project whose models are tested; `.ci/engines` sets one with engines that the test environment lacks."""
CLIPS = ("joined", "librivox-0880")
"""Recordings of people, 40.5 s together."""
LEAST_SHARE = 0.85
"""Share of the words that must be transcribed. An engine that stops at 30 of 40 s transcribes 75 % of them."""
OWN = [name for name in engine_names() if entry_point(name).module.startswith("asrlab_pytest.")]
LISTENING = [name for name in OWN if "asr" in engine(name).tasks]


def model_of(name):
    """The project's first model of an engine that understands English and can run here, in one thread."""
    table, root = project_table(PROJECT)
    registry = registry_of(validated(table, source="pyproject.toml"), root)
    chosen = [spec for spec in registry.select(table["model"]) if spec.engine == name and spec.is_for_language("en")]
    ready = next((spec for spec in chosen if model_status(spec, "cpu").is_ready), None)
    if ready is None:
        return None
    # Workers share the processors: threads that wait for one another cost several times what they compute.
    profile, options = replace(ready.profile, threads=1), {**ready.options, **(QUICK if name == "pocketsphinx" else {})}
    return replace(ready, profile=profile, options=options)


@pytest.fixture(scope="module")
def speech():
    clips = {clip.id: clip for clip in read_manifest(ROOT / "fixtures/audio").samples}
    samples = np.concatenate([load_audio(clips[name]).samples for name in CLIPS])
    assert len(samples) > 40 * SAMPLE_RATE
    return samples, " ".join(clips[name].text for name in CLIPS).split()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # openai-whisper leaves a file open
@pytest.mark.parametrize("name", LISTENING)
def test_no_engine_is_silently_short(name, speech):
    """An engine transcribes 40 s of speech to the end."""
    spec = model_of(name)
    if spec is None:
        pytest.skip(f"no model of {name} can run here")
    samples, words = speech
    recognizer, _ = loaded_by_engine(spec, "cpu")
    written = recognizer.transcribe(samples, "en").text.split()
    recognizer.close()

    assert len(written) > LEAST_SHARE * len(words)
