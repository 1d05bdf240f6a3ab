"""The HTML page of a run in which samples have no result."""

import hashlib
import json
import re

import numpy as np
import pytest
import soundfile

from asrlab_pytest.cli import main
from stored_runs import end, environment, failure, row, write


def made(folder, *lines, sha256):
    keys = {"manifest": sha256} if sha256 else {}
    states = {line["model"]: {"status": "ready"} for line in lines}
    record = write(folder / "run.jsonl", environment(settings={"corpus": "audio"}, **keys), *lines, end(**states))
    assert main(["report", str(record), "-o", "report.html"]) == 0
    return (folder / "report.html").read_text(encoding="utf-8")


def items(page):
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])["items"]


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """A project with the clips "one" and "two"; the digest of its manifest."""
    (tmp_path / "pyproject.toml").write_text("[tool.asrlab]\n")
    (tmp_path / "audio").mkdir()
    lines = []
    for name in ("one", "two"):
        soundfile.write(tmp_path / "audio" / f"{name}.wav", np.zeros(1600), 16_000)
        stated = {"tags": ["clean"], "language": "en", "group": "ann"}
        lines.append(
            json.dumps({"id": name, "audio": f"{name}.wav", "text": "hello there", "duration": 0.1, **stated}) + "\n"
        )
    (tmp_path / "audio" / "manifest.jsonl").write_text("".join(lines))
    monkeypatch.chdir(tmp_path)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def test_only_errors(corpus, tmp_path):
    """A page of errors alone names them, and has the text, tags and audio that the corpus states."""
    page = made(tmp_path, failure(), failure(clip="two"), failure(model="kea", problem="no key"), sha256=corpus)

    assert "No clip has a result." in page
    assert (
        '<dt>no result</dt><dd><p dir="auto">polly: 2 clips: no file</p><p dir="auto">kea: 1 clip: no key</p>' in page
    )
    assert "2 recordings embedded." in page
    one = items(page)[0]
    assert {key: one[key] for key in ("text", "language", "speaker", "tags", "seconds", "audio")} == {
        "text": "hello there",
        "language": "en",
        "speaker": "ann",
        "tags": ["clean"],
        "seconds": 0.1,
        "audio": "#audio-0",
    }


def test_another_corpus_states_nothing(corpus, tmp_path):
    """The list of another corpus, in which the same id may be another clip, is not used."""
    assert corpus
    page = made(tmp_path, failure(), sha256="")

    assert items(page) == [{"id": "one", "task": "asr", "answers": [{"model": 0, "problem": "no file"}]}]
    assert "recording embedded" not in page


def test_a_model_may_not_have_run(tmp_path):
    """A page says that no model ran only if no sample was tried."""
    states = end(coco={"task": "tts", "status": "weights missing", "reason": "no weights", "hint": ""})
    record = write(tmp_path / "run.jsonl", environment(), row(), states)
    main(["report", str(record), "-o", str(tmp_path / "report.html"), "--partial"])

    assert "No model ran." in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_changed_recordings(corpus, tmp_path):
    """A recording that is not the transcribed one is counted below the clips, because it cannot be played."""
    sha256 = hashlib.sha256((tmp_path / "audio" / "two.wav").read_bytes()).hexdigest()
    page = made(tmp_path, row(audio_sha256="1" * 64), row(clip="two", audio_sha256=sha256), sha256=corpus)

    assert "1 recording embedded; 1 recording changed since the run and is not played." in page
