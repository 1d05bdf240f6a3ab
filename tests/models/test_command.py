"""A program that answers by JSON lines: what it is told, and what its faults cost."""

import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from asrlab_pytest.engines import ModelError, ModelSpec, TranscriptionError
from asrlab_pytest.inference.boundary import loaded_by_engine
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.status import model_status

PROGRAM = """
import json, os, subprocess, sys, time
import soundfile
starts = open(sys.argv[1], "a"); starts.write(str(os.getpid()) + "\\n"); starts.close()
print("a banner of a library")
print("VIRTUAL_ENV" in os.environ, file=sys.stderr)
for line in sys.stdin:
    message = json.loads(line)
    call, out = message["call"], {"id": message["id"]}
    if call == "load":
        kind = message["weights"]
        if kind == "broken":
            print("no such weights", file=sys.stderr); sys.exit(3)
        if kind == "refuses":
            out["error"] = "KeyError: encoder"
        else:
            out["result"] = {"device": "cuda", "compute_type": "float16", "settings": message["settings"]}
    elif call == "transcribe":
        samples, rate = soundfile.read(message["audio"], dtype="float32")
        kind = ["fine", "crash", "hang", "error", "noise", "odd", "null", "both"][int(samples[0] * 10 + 0.5)]
        if kind == "crash":
            print("fatal: out of memory", file=sys.stderr); sys.stderr.flush(); os.abort()
        if kind == "hang":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            open(sys.argv[1] + ".child", "w").write(str(child.pid)); time.sleep(60)
        if kind == "noise":
            print(json.dumps({"progress": 1})); print("[1, 2]"); print(json.dumps({"id": 1, "result": {"text": "old"}}))
            print("loading {0%} ", end="")
        if kind == "error":
            out["error"] = "no speech"
        elif kind == "odd":
            out["result"] = {"text": "a", "segments": [{"text": "a"}]}
        elif kind == "both":
            out["result"] = {"text": "a", "error": "stopped at 3 s"}
        elif kind == "null":
            out["result"] = {"text": None}
        else:
            text = f"{kind} {rate} {len(samples)} {message['language']} {samples[-1]!r}"
            word = {"text": kind, "start": 0, "end": 1}
            out["result"] = {"text": text, "segments": [{**word, "words": [word]}], "language": "en"}
    else:
        open(sys.argv[1] + ".closed", "w").close(); break
    print(json.dumps(out))
"""
KINDS = {
    name: number / 10 for number, name in enumerate(("fine", "crash", "hang", "error", "noise", "odd", "null", "both"))
}


@pytest.fixture
def program(tmp_path):
    (tmp_path / "serve.py").write_text(PROGRAM, encoding="utf-8")
    return [sys.executable, str(tmp_path / "serve.py"), str(tmp_path / "starts")]


def spec_of(program, weights="ours", **options):
    return ModelSpec(id="mine", engine="command", weights=weights, options={"command": program, **options})


def samples(kind):
    return np.array([KINDS[kind], 0.0, 1 / 3], np.float32)


@pytest.fixture
def loaded(program):
    made = loaded_by_engine(spec_of(program, timeout_s=1.0, settings={"beam": 2}), "cpu")[0]
    yield made
    made.close()


def starts(tmp_path):
    return (tmp_path / "starts").read_text().split()


def test_a_program_transcribes(loaded, tmp_path):
    """A program gets exact samples and the language, says how it runs, is undisturbed by what it prints, and ends."""
    transcript = loaded.transcribe(samples("fine"), "en")
    noisy = loaded.transcribe(samples("noise"), None)
    loaded.close()

    assert transcript.text == f"fine 16000 3 en {np.float32(1 / 3)!r}"
    assert transcript.segments[0].words[0].text == "fine"
    assert noisy.text.startswith("noise 16000 3 None")
    assert (loaded.device, loaded.compute_type) == ("cuda", "float16")
    assert loaded.settings["stated"] == {"beam": 2}
    assert (tmp_path / "starts.closed").exists()
    assert len(starts(tmp_path)) == 1


def test_a_program_in_the_working_directory(program, tmp_path, monkeypatch):
    """A program is found by a path from the working directory, as ./serve is, though it is not on the PATH."""
    monkeypatch.chdir(tmp_path)
    serve = tmp_path / "serve"
    serve.write_text(f"#!{sys.executable}\n{PROGRAM}", encoding="utf-8")
    serve.chmod(0o755)
    spec = spec_of(["./serve", program[2]])

    made = loaded_by_engine(spec, "cpu")[0]

    assert model_status(spec, "auto").is_ready
    assert made.transcribe(samples("fine"), "en").text.startswith("fine")
    made.close()


@pytest.mark.parametrize(
    ("kind", "words", "restarts"),
    [
        ("crash", "was ended by SIGABRT during transcribe: ", 1),
        ("hang", "did not answer transcribe within 1 s, and was killed", 1),
        ("error", "the program says: no speech", 0),
        ("odd", "a segment of the program's answer cannot be read: KeyError: 'start'", 0),
        ("null", "answer has no text", 0),
        ("both", "the program says: stopped at 3 s", 0),
    ],
)
def test_a_fault_costs_one_clip(loaded, tmp_path, kind, words, restarts):
    """A fault is that clip's error in a sentence; what hangs or has crashed is started again for the next clip."""
    with pytest.raises(TranscriptionError) as caught:
        loaded.transcribe(samples(kind), "en")

    assert words in caught.value.problem
    assert kind != "crash" or "fatal: out of memory" in caught.value.problem
    assert len(starts(tmp_path)) == 1 + restarts
    assert loaded.transcribe(samples("fine"), "en").text.startswith("fine")
    if kind == "hang":
        assert has_ended(int((tmp_path / "starts.child").read_text()))


def has_ended(pid):
    for _ in range(50):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").exists() and ") Z " in Path(f"/proc/{pid}/stat").read_text():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("broken", "exited with status 3 during load: "),
        ("refuses", "the program says: KeyError: encoder"),
    ],
)
def test_weights_that_do_not_load(program, weights, words):
    """A program that does not load the weights is an error in a sentence, with its last lines."""
    with pytest.raises(ModelError) as caught:
        loaded_by_engine(spec_of(program, weights), "cpu")

    assert words in caught.value.problem
    lines = caught.value.problem.rpartition(": ")[2].split(" | ")
    assert weights != "broken" or {"False", "no such weights"} < set(lines)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "its option command is not a list of texts"),
        ({"command": "python serve.py"}, "its option command is not a list of texts"),
        ({"command": ["no-such-program"]}, "package missing: there is no program no-such-program"),
        ({"command": ["./no-such-program"]}, "broken: there is no program ./no-such-program"),
        ({"command": [sys.executable], "timeout": 3}, "did you mean timeout_s?"),
    ],
)
def test_wrong_options(options, words):
    """A command that cannot run is said before any clip."""
    spec = ModelSpec(id="mine", engine="command", weights="ours", options=options)

    assert words in str(model_status(spec, "auto"))


def test_the_example_of_the_docs_speaks_the_protocol(tmp_path, monkeypatch):
    """The program in the docs answers load and transcribe, says what fails, and ends."""
    (tmp_path / "transformers.py").write_text(
        "class Pipe:\n    torch_dtype = 'torch.float32'\n    def __call__(self, samples):\n"
        "        return {'text': f'{len(samples)} samples'}\ndef pipeline(task, model, device):\n    return Pipe()\n"
    )
    page = Path(__file__).parents[2] / "docs/how-to/example_command/serve.py"
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{page.read_text(encoding='utf-8')}"
    loaded = loaded_by_engine(spec_of([sys.executable, "-c", script]), "cpu")[0]

    assert loaded.transcribe(np.zeros(160, np.float32), "en").text == "160 samples"
    assert (loaded.compute_type, loaded.max_seconds) == ("float32", 30)
    loaded.close()


def test_no_store_answers_for_a_program(program):
    """The program can change without a trace in the weights: they are told from others by nothing."""
    assert engine("command").weights(spec_of(program)).sha256 is None
