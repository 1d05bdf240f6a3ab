"""What an engine does wrong costs the clip it is at work on, and is told in a sentence; the run goes on."""

import json
import os
import re
import signal

import pytest

TABLE = '[tool.asrlab.models.{name}]\nengine = "wicked"\nweights = "here"\n{keys}\n'
BAD = "good night"
WRONG = {
    "str": "the engine returned a value of type str, not a Transcript",
    "none": "the engine returned None, not a Transcript",
    "no-text": "the text of a transcript is None, not str",
    "endless": "the text of a transcript is longer than 1,000,000 characters: the engine does not stop",
    "endless-segments": "the text of the segments is longer than 1,000,000 characters: the engine does not stop",
    "number": "the text of a transcript is of type int, not str",
    "bytes": "the text of a transcript is of type bytes, not str",
    "segments": "a segment is of type str, not Segment",
    "exit": "SystemExit: 3",
    "skip": "Skipped: not today",
    "quit": "Exit: enough",
    "replace": "EngineQuit: os.execv",
}


@pytest.fixture
def wicked(project):
    """A project of three clips, and models of the wicked engine, which is named with what each of them does."""

    def make(models, toml="", **keys):
        project.configure(
            toml,
            models=(),
            tables="".join(TABLE.format(name=name, keys=text) for name, text in models.items()),
        )
        text = project.path / "pyproject.toml"
        text.write_text(text.read_text().replace("model = []", f"model = {json.dumps(list(models))}"))
        for number, said in enumerate(("good morning", BAD, "good day")):
            project.clip(f"c{number}", said, **keys)
        project.evals("accuracy")
        return project

    return make


def does(deed, **options):
    more = "".join(f", {key} = {json.dumps(value)}" for key, value in options.items())
    return f'options = {{ does = "{deed}", on = "{BAD}"{more} }}'


def test_wrong_answers(wicked):
    """An engine that returns no transcript, exits or skips fails that clip, in a sentence, and no other."""
    project = wicked({name: does(name.replace("-", " ")) for name in WRONG})

    result = project.run("--asr-record", "run.jsonl")

    result.assert_outcomes(passed=2 * len(WRONG), failed=len(WRONG))
    text = result.stdout.str()
    assert "INTERNALERROR" not in text
    for name, sentence in WRONG.items():
        assert f"model {name} failed on clip c1: " in text
        assert sentence in text
    _, rows = project.record()
    assert len(rows) == 2 * len(WRONG)


FRAMES = re.compile(r'^ +File "(.+?)", line \d+, in (\S+)$', re.MULTILINE)


def blocks(result):
    """The lines of each failure, by the model and the clip in its title."""
    text = result.stdout.str().partition("= FAILURES =")[2].partition("\n====")[0]
    parts = re.split(r"^_+ test_accuracy\[(\S+)\] _+$", text, flags=re.MULTILINE)[1:]
    return {
        title: [line for line in block.splitlines() if line]
        for title, block in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.mark.parametrize("isolate", ["", "isolate = true\n"])
def test_what_is_shown_of_a_fault(wicked, isolate):
    """A wrong answer is a sentence and a hint; an exception has, besides them, the frames of the engine alone."""
    deeds = {"answers": "str", "raises": "shout", "exits": "exit"}

    result = wicked({name: f"{isolate}{does(deed)}" for name, deed in deeds.items()}).run()

    shown = blocks(result)
    assert len(shown["answers-c1"]) == 2
    for model, functions in (("raises", ["transcribe", "<lambda>", "_raise"]), ("exits", ["transcribe", "_exit"])):
        block = shown[f"{model}-c1"]
        assert block[0].startswith(f"model {model} failed on clip c1: ")
        frames = FRAMES.findall("\n".join(block))
        assert [function for _, function in frames] == functions
        assert {file.rpartition("/")[2] for file, _ in frames} == {"wicked_engine.py"}
        assert "test_accuracy" not in "".join(block)


def test_a_model_that_does_not_load(wicked):
    """Why a model does not load is told in full, with the engine's frames, for the first clip; then in a line."""
    first, *others = blocks(wicked({"m": 'options = { loads = "raise" }'}).run()).values()

    problem = "model m: engine wicked does not load it on cpu: RuntimeError: no memory"
    assert first[:2] == [problem, "  hint: see its status with: asrlab models"]
    assert [function for _, function in FRAMES.findall("\n".join(first))] == ["load", "<lambda>", "_raise"]
    assert others == [[problem], [problem]]


@pytest.mark.parametrize("how", ["none", "exit", "dict"])
def test_wrong_load(wicked, how):
    """An engine that loads nothing, or exits while it loads, is broken: told once, and not loaded for each clip."""
    result = wicked({"m": f'options = {{ loads = "{how}" }}'}).run()

    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["*model m: engine wicked does not load it on cpu: *", "not run    m  broken"])
    assert ("its load returned None (is a return missing?)" in result.stdout.str()) == (how == "none")
    assert ("hint: correct the engine, or report it to its authors" in result.stdout.str()) == (how != "exit")
    assert "INTERNALERROR" not in result.stdout.str()


def test_samples_are_a_copy(wicked):
    """What an engine does to its samples reaches neither the record, nor a second round, nor another model."""
    project = wicked({"m": "options = { scribbles = true }", "n": ""})

    project.run("--asr-rounds", "2", "--asr-record", "run.jsonl").assert_outcomes(passed=6)

    _, rows = project.record()
    hashes = {model: [row["pcm_sha256"] for row in rows if row["model"] == model] for model in ("m", "n")}
    assert hashes["m"] == hashes["n"]


def test_a_hang(wicked):
    """A clip that takes longer than the limit ends the run: named, with a status that is not 0 and all else kept."""
    project = wicked({"m": does("hang")})

    result = project.run_apart("-q", "--asr-timeout", "1.5", "--asr-record", "run.jsonl", "-p", "no:xdist")

    assert result.ret == 1
    told = result.stderr.str()
    assert "asrlab: model m gave no answer on clip c1 within 1.5 s: the run ends here" in told
    assert "isolate = true" in told
    assert "wicked_engine.py" in told
    lines = [json.loads(line) for line in (project.path / "run.jsonl").read_text().splitlines()]
    assert [(line["kind"], line.get("clip")) for line in lines[1:]] == [("observation", "c0"), ("failure", "c1")]
    again = project.run("--asr-resume", "--asr-clip", "c0")
    again.assert_outcomes(passed=1)
    again.stdout.fnmatch_lines(["speed      not shown: all times are of an earlier run; *"])


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="runs where a process can set an alarm, not on Windows")
def test_a_hang_in_the_warm_up(wicked):
    """A time limit of another plugin, which fails a test once, ends a model that hangs on its first clip."""
    project = wicked({"m": does("hang at an alarm").replace(BAD, "good morning")})
    project.write(
        conftest="import os, pytest, signal, threading\n"
        "def pytest_sessionstart():\n"
        "    watch = threading.Timer(60, os._exit, (9,))\n"
        "    watch.daemon = True\n"
        "    watch.start()\n"
        "    signal.signal(signal.SIGALRM, lambda *_: pytest.fail('too late'))\n"
    )

    result = project.run_apart("-q", "-p", "no:xdist")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*model m: engine wicked quits: Failed: too late*"])


def test_isolated(wicked):
    """In a process of its own, a hang, a crash and an exit cost their clip, and what it answers runs no code here."""
    deeds = {"hangs": "hang", "crashes": "crash", "errs": "shout", "sneaks": "sneak", "fine": "nothing"}
    deeds = {name: f"isolate = true\n{does(deed)}" for name, deed in deeds.items()}
    deeds["fine"] = "isolate = true"
    project = wicked(deeds)

    result = project.run("--asr-timeout", "2", "--asr-record", "run.jsonl")

    result.assert_outcomes(passed=12, failed=3)
    text = result.stdout.str()
    assert "model hangs failed on clip c1: ProcessEnded: the model's process was ended: no answer within 2 s" in text
    assert "model crashes failed on clip c1: ProcessEnded: the model's process ended (SIGSEGV)" in text
    assert "model errs failed on clip c1: RuntimeError: boom" in text
    own = {int(line.split()[1]) for line in project.events("pid")}
    assert len(own) == 7
    assert os.getpid() not in own
    _, rows = project.record()
    assert {(row["model"], row["hypothesis"]) for row in rows} == {
        *((model, text) for model in deeds for text in ("good morning", "good day")),
        ("fine", BAD),
        ("sneaks", BAD),
    }
    assert project.events("unpickled") == []
    assert all(row["peak_rss_bytes"] > 1e6 for row in rows)


def test_isolated_crash_while_loading(wicked):
    """A process that crashes while it loads makes its model broken, and is not started for each clip."""
    result = wicked({"m": 'isolate = true\noptions = { loads = "crash" }'}).run()

    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["*the model's process ended while it was loading (SIGSEGV)*", "not run    m  broken"])


def test_a_long_text_is_cut(wicked):
    """Of a text of a quarter of a megabyte the screen shows the beginning, and how much more there is."""
    project = wicked({"m": does("long")}, thresholds={"wer": 0.5})

    result = project.run()

    result.assert_outcomes(passed=2, failed=1)
    assert len(result.stdout.str()) < 50_000
    assert "more words" in result.stdout.str()


UNITTEST = """
import unittest, pytest

class TestA(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _case(self, asr_case):
        self.case = asr_case

    def test_a(self):
        self.case.check()
"""
FIXTURE = """
import pytest

@pytest.fixture
def ours(request):
    return request.getfixturevalue("asr_corpus")

def test_a(ours):
    ours.check()
"""


@pytest.mark.parametrize(
    ("name", "source"),
    [
        *((name, f"def test_a(request): request.getfixturevalue('{name}')") for name in ("asr_case", "asr_corpus")),
        *((name, f"def test_a(request): request.getfixturevalue('{name}')") for name in ("asr_model", "tts_case")),
        ("asr_regression", "def test_a(request): request.getfixturevalue('asr_regression').check()"),
        ("asr_case", UNITTEST),
        ("asr_corpus", FIXTURE),
        ("asr_case", 'def test_a():\n    """\n    >>> getfixture("asr_case").check()\n    """'),
    ],
)
def test_a_fixture_that_a_test_asks_for_as_it_runs(project, name, source):
    """A test that could not be generated for models and clips fails in words that name the fixture, with no trace."""
    project.clip("one", "hello there")
    project.write(test_late=source)

    result = project.run("--doctest-modules")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"*{name} was asked for as the test ran*", "*hint: make it an argument of the test*"])
    result.stdout.no_fnmatch_line("*StashKey*")


@pytest.mark.parametrize(("name", "part"), [("asr_model", "model"), ("asr_clip", "sample")])
def test_a_fixture_of_the_project_in_place_of_ours(project, name, part):
    """A fixture of the project that replaces one of ours fails the test in words."""
    project.clip("one", "hello there")
    project.evals("accuracy")
    project.write(
        conftest=f"""
        import pytest

        @pytest.fixture
        def {name}():
            return "mine"
    """
    )

    result = project.run()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"*asr_case is made from a {part} that is none of ours*", "*rename the fixture*"])


def test_a_clock_that_a_test_replaced(project):
    """Latencies are measured where a plugin or a fixture, such as freezegun's, holds all clocks."""
    project.clip("one", "good morning")
    project.configure()
    project.evals("accuracy")
    project.write(
        conftest=(
            "import time\n\nimport pytest\n\n\n@pytest.fixture(autouse=True)\ndef frozen(monkeypatch):\n"
            "    for name in ('perf_counter', 'monotonic', 'time'):\n"
            "        monkeypatch.setattr(time, name, lambda: 0.0)\n"
        )
    )

    result = project.run("--asr-record", "run.jsonl")

    result.assert_outcomes(passed=1)
    _, rows = project.record()
    assert all(row["latency_s"] > 0 for row in rows)
