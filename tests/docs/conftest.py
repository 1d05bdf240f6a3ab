from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from doc_pages import ROOT

CLIPS = {"goforward": "Go forward ten meters.", "short-rms": "Good morning."}


def lay_corpus(folder: Path) -> None:
    """Two short clips with a manifest, as a user would have them."""
    folder.mkdir(parents=True)
    lines = [{"audio": f"{name}.wav", "text": text, "language": "en"} for name, text in CLIPS.items()]
    (folder / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    for name in CLIPS:
        shutil.copy(ROOT / f"fixtures/audio/clips/{name}.wav", folder)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with two clips and a configuration that chooses pocketsphinx."""
    lay_corpus(pytester.path / "fixtures/audio")
    pytester.makepyprojecttoml('[tool.asrlab]\nmodel = ["pocketsphinx-en-us"]\n')
    return pytester


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the `results.json` and `run.jsonl` of a real run."""
    folder = tmp_path_factory.mktemp("results")
    lay_corpus(folder / "fixtures/audio")
    (folder / "pyproject.toml").write_text("[tool.asrlab]\n", encoding="utf-8")
    (folder / "test_accuracy.py").write_text("def test_accuracy(asr_case):\n    asr_case.check()\n", encoding="utf-8")
    options = ["--asr-model", "pocketsphinx-en-us", "--benchmark-json", "results.json", "--asr-record", "run.jsonl"]
    subprocess.run([sys.executable, "-m", "pytest", *options], cwd=folder, check=True, capture_output=True)
    return folder
