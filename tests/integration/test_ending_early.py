"""A run that is ended before its end says so, keeps what it has, and is not green; the next one tells how to go on."""

import json
import sys

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.spec import ModelSpec, Readiness

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM that a process could handle")

TABLE = (
    '[tool.asrlab.models.m]\nengine = "wicked"\nweights = "here"\noptions = {{ does = "{deed}", on = "good night" }}\n'
)
WHOLE = ("-p", "no:xdist", "--asr-record", "run.jsonl")


@pytest.fixture
def wicked(project):
    """Three clips, and a model that does what it is told in the second."""

    def make(deed):
        project.configure('model = ["m"]', models=(), tables=TABLE.format(deed=deed))
        for number, said in enumerate(("good morning", "good night", "good day")):
            project.clip(f"c{number}", said)
        project.evals("accuracy")
        return project

    return make


def kinds(project):
    lines = (project.path / "run.jsonl").read_text().splitlines()
    return [json.loads(line)["kind"] for line in lines]


def test_sigterm(wicked):
    """SIGTERM ends a run like Ctrl-C: a scorecard, a record without an end, status 2; a resumed run is quiet.

    The page gives the number of finished and planned cases.
    """
    project = wicked("terminate")

    result = project.run_apart(*WHOLE, "--asr-report", "report.html")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        [
            "*asrlab scorecard*",
            "incomplete the run did not finish: 1 of 3 planned cases",
            "*KeyboardInterrupt: SIGTERM*",
        ]
    )
    page = (project.path / "report.html").read_text(encoding="utf-8")
    assert 'role="note">The run did not finish: 1 of 3 planned cases</p>' in page
    assert kinds(project) == ["environment", "observation"]

    project.configure('model = ["m"]', models=("m",))
    after = project.run("--asr-resume")
    after.stdout.no_fnmatch_line("*did not finish*")
    assert after.ret == 0


def test_sigterm_while_pytest_benchmark_times(wicked):
    """A case that SIGTERM ends in its only round keeps neither the scorecard nor the JSON of the others away."""
    project = wicked("terminate")

    result = project.run_apart(*WHOLE, "--benchmark-json", "times.json")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*asrlab scorecard*", "*KeyboardInterrupt: SIGTERM*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    names = [case["name"] for case in json.loads((project.path / "times.json").read_text())["benchmarks"]]
    assert names == ["test_accuracy[m-c0]"]


def test_files_of_a_run_that_stopped(wicked, capsys):
    """Where a run stops early, its record and its JSON of pytest-benchmark fail the same checks."""
    project = wicked("raise")

    result = project.run("-x", *WHOLE, "--benchmark-json", "times.json")

    result.assert_outcomes(passed=1, failed=1)
    for name in ("run.jsonl", "times.json"):
        path = str(project.path / name)
        assert main(["record", "validate", path]) == 1
        assert main(["report", path]) == 1
        assert "2 of 3 planned cases" in "".join(capsys.readouterr())


STOPS = {
    "shouldfail": ("item.session.shouldfail = 'no time left'", 1, " (no time left)"),
    "shouldstop": ("item.session.shouldstop = 'no time left'", 2, None),
    "exit": ("pytest.exit('no time left', returncode=5)", 5, ""),
}
"""What a plugin does to end a run: its code, the exit status, and the reason that is known of it."""


@pytest.mark.parametrize("way", STOPS)
def test_a_run_that_a_plugin_stops(wicked, capsys, way):
    """A run that stops early although no test failed has passed in no report, whatever its exit status."""
    code, status, why = STOPS[way]
    project = wicked("nothing")
    project.write(conftest=f"import pytest\ndef pytest_runtest_teardown(item):\n    {code}\n")

    reports = ("--asr-markdown", "run.md", "--asr-report", "run.html", "--junitxml", "run.xml")

    result = project.run(*WHOLE, *reports, "--benchmark-json", "times.json")

    capsys.readouterr()
    words = "the run was interrupted" if why is None else f"the run stopped early{why}: 2 of 3 tests did not run"
    assert result.ret == status
    assert "asrlab: FAIL" in (project.path / "run.md").read_text().splitlines()[1]
    assert words in (project.path / "run.md").read_text()
    assert 'class="verdict FAIL"' in (project.path / "run.html").read_text()
    assert f'message="{words}"' in (project.path / "run.xml").read_text()
    for name in ("run.jsonl", "times.json"):
        assert main(["report", str(project.path / name)]) == 1
        assert "PASS" not in capsys.readouterr().out


@pytest.mark.parametrize("how", [("-p", "no:xdist"), ("-n", "1")], ids=["alone", "workers"])
def test_reports_of_the_run_before(wicked, how):
    """A run that ends without its reports leaves none of an earlier run that passed in their place."""
    project = wicked("")
    reports = ("--asr-markdown", "run.md", "--asr-report", "run.html")
    assert project.run(*reports).ret == 0
    deed = "kill parent" if "-n" in how else "kill"
    project.configure('model = ["m"]', models=(), tables=TABLE.format(deed=deed))

    result = project.run_apart(*how, *reports)

    assert result.ret != 0
    for name in ("run.md", "run.html"):
        text = (project.path / name).read_text()
        assert "the last run has no result" in text
        assert "PASS" not in text
    project.configure('model = ["m"]', models=(), tables=TABLE.format(deed=""))
    assert project.run(*reports).ret == 0


def test_sigterm_with_workers(wicked):
    """SIGTERM ends a run on workers as well: what they reported is in the scorecard and in the record."""
    project = wicked("terminate parent")

    result = project.run_apart("-n", "1", "--asr-record", "run.jsonl")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*asrlab scorecard*", "1 clip,*", "*KeyboardInterrupt: SIGTERM*"])
    assert kinds(project) == ["environment", "observation"]


def test_sigterm_within_a_library(wicked):
    """A library that never returns does not keep SIGTERM from ending the process, which says how to go on."""
    result = wicked("lock up").run_apart(*WHOLE)

    assert result.ret == 143
    result.stderr.fnmatch_lines(["asrlab: SIGTERM: the run ends here", "*--asr-resume*"])


def test_another_handler(wicked):
    """Where the project handles SIGTERM itself, its handler stays; and none is left behind by a run."""
    project = wicked("terminate")
    project.write(
        conftest="""
        import signal
        seen = []
        signal.signal(signal.SIGTERM, lambda *_: seen.append(1))
        def pytest_unconfigure():
            print("own handler:", len(seen))
        """
    )

    result = project.run_apart("-s", *WHOLE)

    result.stdout.fnmatch_lines(["own handler: 1"])
    assert kinds(project)[-1] == "end"


def test_exit_of_the_c_library(wicked):
    """Code of an engine that calls the C library's exit(0) ends the run with a status that is not 0, and is named."""
    project = wicked("c exit")

    result = project.run_apart(*WHOLE)

    assert result.ret == 1
    result.stderr.fnmatch_lines(["asrlab: an engine called exit() of the C library: the run ends here"])
    assert kinds(project) == ["environment", "observation"]


@pytest.mark.parametrize(
    ("deed", "status"), [("exit later in c", 1), ("exit at the end", pytest.ExitCode.TESTS_FAILED)]
)
def test_an_exit_past_the_call(wicked, deed, status):
    """Neither a thread that an engine leaves behind nor what it registers for the end makes a run green."""
    project = wicked(deed)
    text = project.path / "pyproject.toml"
    text.write_text(text.read_text().replace("wer = 1.0", "wer = 0.1"))
    project.write(test_z="import time\ndef test_z(asr_model): time.sleep(0.5)")

    assert project.run_apart(*WHOLE).ret == status


def test_an_end_that_another_plugin_does_not_reach(wicked):
    """Where the last hook of another plugin raises, pytest's status stands, and the process does not crash."""
    project = wicked("nothing")
    project.write(conftest="def pytest_unconfigure(config): raise ValueError('broken')")

    result = project.run_apart(*WHOLE)

    assert result.ret == 1
    result.stderr.fnmatch_lines(["ValueError: broken"])


def test_an_exit_of_a_thread(wicked):
    """A thread that ends the process with status 0 does not end it: the run finishes."""
    project = wicked("exit later")
    project.write(test_z="import time\ndef test_z(asr_model): time.sleep(0.5)")

    result = project.run_apart(*WHOLE)

    result.assert_outcomes(passed=4, warnings=1)
    assert kinds(project)[-1] == "end"


def test_a_child_of_an_engine(wicked):
    """A process that an engine forked ends where it would come back into the run, which is made once."""
    project = wicked("fork")

    result = project.run_apart(*WHOLE)

    result.assert_outcomes(passed=3)
    assert result.stdout.str().count("asrlab scorecard") == 1
    assert kinds(project) == ["environment", *["observation"] * 3, "end"]


def test_after_a_crash(wicked):
    """The run after one that was killed says what is kept and how to go on, until one finished: no other is told."""
    project = wicked("kill")
    project.run_apart(*WHOLE)
    project.write(test_other="def test_other(): pass")
    told = "asrlab: the last run did not finish: 1 transcript is kept, and --asr-resume continues from there"

    assert "did not finish" not in project.run("test_other.py").stdout.str()
    assert told not in project.run("--co", *WHOLE).outlines
    (project.path / "test_other.py").unlink()
    project.configure('model = ["m"]', models=("m",))
    again = project.run()
    again.stdout.fnmatch_lines([told, "*isolate = true*"])
    assert again.ret == 0
    project.run().stdout.no_fnmatch_line(told)


@pytest.mark.parametrize(
    ("engine_name", "weights", "meant"),
    [
        ("faster-whisper", "Systran/faster-whisper-basee", "Systran/faster-whisper-base"),
        ("faster-whisper", "Systran/faster-whisper-base", None),
        ("faster-whisper", "somebody/whisper-of-their-own", None),
    ],
)
def test_a_misspelt_hub_id(engine_name, weights, meant, monkeypatch, tmp_path):
    """A repository that is almost a known one is told with that; a known one and an own one are not."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    spec = ModelSpec(id="m", engine=engine_name, weights=weights, options={"download_root": str(tmp_path)})

    status = engine(engine_name).status(spec)

    assert status.readiness is Readiness.WEIGHTS_MISSING
    assert ("did you mean" in status.reason) == (meant is not None)
    assert meant is None or f"did you mean {meant}?" in status.reason


CTRL_C = """
import signal
import pytest

def pytest_warning_recorded(warning_message):
    if "{place}" == "judged" and "UNDECIDED" in str(warning_message.message):
        signal.raise_signal(signal.SIGINT)

@pytest.hookimpl(tryfirst=True)
def pytest_terminal_summary(terminalreporter):
    def write_line(line, **markup):
        if "{place}" == "printed":
            signal.raise_signal(signal.SIGINT)
    terminalreporter.write_line = write_line
"""


@pytest.mark.parametrize("place", ["judged", "printed"])
def test_ctrl_c_at_the_end(project, place):
    """Ctrl-C while the results are judged or printed, which pytest does not handle itself, is a line and status 2."""
    for number in range(6):
        project.clip(f"c{number}", "good morning to all", says="good day to all" if number < 2 else None)
    project.evals("accuracy")
    project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")
    lines = [json.loads(line) for line in (project.path / "base.jsonl").read_text().splitlines()]
    said = {"hypothesis": "good morning to all"}
    changed = (json.dumps({**line, **said} if "hypothesis" in line else line) + "\n" for line in lines)
    (project.path / "base.jsonl").write_text("".join(changed))
    project.write(conftest=CTRL_C.format(place=place))

    result = project.run_apart("-p", "no:xdist", "--asr-baseline", "base.jsonl")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert [line for line in result.errlines if line] == [f"Exit: interrupted while the {WHAT[place]}"]


WHAT = {"judged": "results were judged and written", "printed": "scorecard was printed"}
