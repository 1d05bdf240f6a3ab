from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from doc_pages import ROOT

CLIPS = {"goforward": "Go forward ten meters.", "short-rms": "Good morning."}


SPEAKING = """
[tool.asrlab]
model = ["flite-slt", "assistant"]

[tool.asrlab.models.assistant]
engine = "cascade"
weights = "fixtures/dialogues/answers.jsonl"
tasks = ["conversation"]

[tool.asrlab.synthesis]
thresholds = { speech_faults = 99 }
corpus_thresholds = { speech_faults = 99 }

[tool.asrlab.conversation]
thresholds = { speech_faults = 99 }
corpus_thresholds = { rtf = 1000.0 }
"""


def lay_corpus(folder: Path) -> None:
    """Two short clips with a manifest, as a user would have them."""
    folder.mkdir(parents=True)
    lines = [{"audio": f"{name}.wav", "text": text, "language": "en"} for name, text in CLIPS.items()]
    (folder / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    for name in CLIPS:
        shutil.copy(ROOT / f"fixtures/audio/clips/{name}.wav", folder)


def lay_speech(folder: Path) -> None:
    """A prompt, and a dialogue with the table that a model made of parts answers from."""
    (folder / "prompts").mkdir(parents=True)
    prompt = {"id": "thanks", "text": "Thank you very much.", "language": "en"}
    (folder / "prompts/prompts.jsonl").write_text(json.dumps(prompt) + "\n", encoding="utf-8")
    (folder / "dialogues/clips").mkdir(parents=True)
    dialogue = (ROOT / "fixtures/dialogues/dialogues.jsonl").read_text(encoding="utf-8").splitlines()[0]
    (folder / "dialogues/dialogues.jsonl").write_text(dialogue + "\n", encoding="utf-8")
    for turn in json.loads(dialogue)["turns"]:
        shutil.copy(ROOT / "fixtures/dialogues" / turn["audio"], folder / "dialogues/clips")
    shutil.copy(ROOT / "fixtures/dialogues/answers.jsonl", folder / "dialogues")


@pytest.fixture(scope="session")
def speaks() -> None:
    """Skips the test that asks where the synthesizer of the examples is not installed."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")


@pytest.fixture
def spoken_project(speaks: None, project: pytest.Pytester) -> pytest.Pytester:
    """A project with a prompt and a dialogue, and a configuration that chooses models for both."""
    lay_speech(project.path / "fixtures")
    project.makepyprojecttoml(SPEAKING)
    return project


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
    (folder / "test_accuracy.py").write_text(
        "def test_accuracy(asr_case):\n    asr_case.transcribe()\n", encoding="utf-8"
    )
    options = ["--asr-model", "pocketsphinx-en-us", "--benchmark-json", "results.json", "--asr-record", "run.jsonl"]
    subprocess.run([sys.executable, "-m", "pytest", *options], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def spoken_results(speaks: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the `results.json` of a real run of synthesis and conversation, and `printed.txt`."""
    folder = tmp_path_factory.mktemp("spoken")
    lay_speech(folder / "fixtures")
    (folder / "pyproject.toml").write_text(SPEAKING, encoding="utf-8")
    shutil.copy(ROOT / "evals/test_synthesis.py", folder)
    shutil.copy(ROOT / "evals/test_conversation.py", folder)
    command = [sys.executable, "-m", "pytest", "--benchmark-json", "results.json"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    (folder / "printed.txt").write_text(done.stdout, encoding="utf-8")
    return folder
