"""Programs that write garbage, floods or endless lines, read nothing, or do not exit: a clear error, in time."""

import os
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from asrlab_pytest.engines import ModelError, ModelSpec, TranscriptionError
from asrlab_pytest.inference.boundary import loaded_by_engine
from asrlab_pytest.models.status import model_status
from asrlab_pytest.models.support import json_lines

SECRET = "s3cret-of-ours-0123456789"
SAMPLES = np.zeros(16, np.float32)
PROGRAM = """
import json, os, subprocess, sys, time
kind = sys.argv[1]
def say(number, **more):
    os.write(1, json.dumps({"id": number, **more}).encode() + b"\\n")
def flood(stream, block):
    for _ in range(400):
        os.write(stream, block)
if kind == "dead":
    sys.exit(7)
if kind == "secret":
    sys.exit("x" * 290 + os.environ["OUR_API_KEY"])
if kind == "reads nothing":
    time.sleep(60)
for line in sys.stdin:
    message = json.loads(line)
    number, call = message["id"], message["call"]
    if call == "load":
        say(number, result={})
    elif call == "close":
        time.sleep(60 if kind == "stays" else 0); break
    else:
        if kind == "garbage":
            flood(1, bytes(range(256)) * 16)
        elif kind == "line":
            flood(1, b"x" * 65536); os.write(1, b"\\n")
        elif kind == "braces":
            for _ in range(200): os.write(1, b"{" * 50_000)
            os.write(1, b"\\n")
        elif kind == "deep":
            os.write(1, b'{"a":' * 100_000 + b"\\n")
        elif kind == "deep answer":
            os.write(1, b'{"id": %d, "result": {"text": "fine", "segments": ' % number + b"[" * 100_000)
            os.write(1, b"]" * 100_000 + b"}}\\n"); continue
        elif kind == "bar":
            os.write(1, b" 10% {...}\\r 20% ")
        elif kind == "errors":
            flood(2, b"e" * 65536)
        elif kind == "old":
            for _ in range(10_000): say(1, result={})
        elif kind == "speaks on":
            say(number, result={"text": "fine"})
        elif kind == "null":
            say(number, error=None, result={"text": "fine"}); continue
        elif kind == "text":
            say(str(number), result={"text": "fine"}); time.sleep(60)
        elif kind == "integer":
            say(number, result={"text": "a", "segments": [{"text": "a", "start": 10**400, "end": 1}]}); continue
        elif kind == "silent":
            os.close(1); os.write(2, b"cannot go on\\n"); time.sleep(60)
        elif kind == "left":
            child = subprocess.Popen(["sleep", "60"], start_new_session=True)
            open(sys.argv[2], "w").write(str(child.pid)); time.sleep(60)
        say(number, result={"text": "fine"})
"""


@pytest.fixture
def spec(tmp_path, monkeypatch):
    """Makes the model of a kind of program."""
    monkeypatch.setenv("OUR_API_KEY", SECRET)
    file = tmp_path / "serve.py"
    file.write_text(PROGRAM, encoding="utf-8")

    def make(kind, **options):
        options["command"] = [sys.executable, str(file), kind, str(tmp_path / "child")]
        return ModelSpec(id="mine", engine="command", weights="ours", options=options)

    return make


@pytest.mark.parametrize("kind", ["garbage", "braces", "deep", "bar", "errors", "old", "speaks on", "null"])
def test_what_a_program_writes_besides_is_no_fault(spec, kind):
    """Garbage, floods, a progress bar, old answers and a null error do not change this answer or the next one."""
    loaded = loaded_by_engine(spec(kind, timeout_s=20.0), "cpu")[0]

    assert [loaded.transcribe(SAMPLES, "en").text for _ in range(2)] == ["fine", "fine"]
    loaded.close()


def test_an_answer_that_is_nested_too_deep(spec):
    """An answer that JSON is not read so deep for is a fault at once, and not a program that does not answer."""
    loaded = loaded_by_engine(spec("deep answer", timeout_s=60.0), "cpu")[0]

    for _ in range(2):
        with pytest.raises(TranscriptionError, match="answer cannot be read: it is nested too deep"):
            loaded.transcribe(SAMPLES, "en")
    loaded.close()


def test_a_long_line_is_not_kept(spec, monkeypatch):
    """An endless line takes no memory beyond the longest answer, and what follows it is read."""
    monkeypatch.setattr(json_lines, "LONGEST_LINE", 1 << 20)
    loaded = loaded_by_engine(spec("line", timeout_s=60.0), "cpu")[0]
    tracemalloc.start()
    text = loaded.transcribe(SAMPLES, "en").text
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    loaded.close()

    assert text == "fine"
    assert peak < 8 << 20


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("text", 'did not answer transcribe within 1 s, and was killed: {"id": "2", "result": {"text": "fine"}}'),
        ("integer", "a segment of the program's answer cannot be read: OverflowError"),
        ("silent", "closed its standard output during transcribe: cannot go on"),
        ("left", "did not answer transcribe within 1 s, and was killed"),
    ],
)
def test_an_answer_that_is_none(spec, tmp_path, monkeypatch, kind, words):
    """Anything but an answer is an error with the program's output; processes that it started are killed with it."""
    monkeypatch.setattr(json_lines, "CLOSING_SECONDS", 0.2)
    loaded = loaded_by_engine(spec(kind, timeout_s=1.0), "cpu")[0]
    with pytest.raises(TranscriptionError) as caught:
        loaded.transcribe(SAMPLES, "en")
    loaded.close()

    assert words in caught.value.problem
    assert kind != "left" or has_ended(int((tmp_path / "child").read_text()))


def has_ended(pid):
    for _ in range(50):
        status = Path(f"/proc/{pid}/stat")
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if status.exists() and ") Z " in status.read_text():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        ("dead", "", "exited with status 7 during load"),
        ("secret", "", "exited with status 1 during load: xxx"),
        ("reads nothing", "x" * 200_000, "did not read load within 1 s, and was killed"),
        ("reads nothing", "", "did not answer load within 1 s, and was killed"),
    ],
)
def test_a_program_that_does_not_load(spec, kind, settings, words):
    """A program that exits or hangs at load is an error, without any part of a key in the quoted lines."""
    with pytest.raises(ModelError) as caught:
        loaded_by_engine(spec(kind, load_timeout_s=1.0, settings={"more": settings}), "cpu")

    assert words in caught.value.problem
    assert SECRET[:8] not in str(caught.value)


@pytest.mark.parametrize("option", ["timeout_s", "load_timeout_s"])
@pytest.mark.parametrize("seconds", [0, -1.0, float("nan"), float("inf")])
def test_a_limit_that_is_none(spec, option, seconds):
    """A time limit that is not a positive number of seconds is refused before the program starts."""
    status = model_status(spec("dead", **{option: seconds}), "auto")

    assert status.readiness.value == "broken"
    assert f"its option {option} is {seconds}" in status.reason


def test_a_program_that_stays(spec, monkeypatch):
    """A program that does not exit on request is killed."""
    monkeypatch.setattr(json_lines, "CLOSING_SECONDS", 0.2)
    loaded = loaded_by_engine(spec("stays"), "cpu")[0]
    process = loaded.loaded._child._process
    loaded.close()

    assert process.poll() is not None
