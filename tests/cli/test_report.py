"""``asrlab report``: what the run itself printed, from either of its files, and the figures behind it."""

import subprocess
import sys

import pytest

from asrlab_pytest.cli import main
from stored_runs import end, environment, failure, row, said, write


def shown(lines):
    """The scorecard among lines of output, without what the run says below it."""
    start = next(place for place, line in enumerate(lines) if " asrlab scorecard" in line)
    stop = next((place for place, line in enumerate(lines[start + 1 :], start + 1) if line.startswith("===")), None)
    kept, is_remark = [], False
    for line in lines[start:stop]:
        is_remark = line.startswith(("asrlab:", "more ")) or (is_remark and line.startswith("  "))
        if not is_remark and not line.startswith(("Wrote benchmark", "SKIPPED")):
            kept.append(line)
    return kept


def before_details(lines):
    """The part of a report that the run has printed."""
    return lines[: next(place for place, line in enumerate(lines) if line.startswith("---"))]


@pytest.fixture
def run(project, monkeypatch, capsys):
    """Runs pytest with both files; gives the scorecard that it printed. The working directory is the project."""
    monkeypatch.chdir(project.path)

    def run(*options):
        lines = project.run("-p", "no:cacheprovider", "--asr-record", "run.jsonl", *options).outlines
        capsys.readouterr()
        return shown(lines)

    return run


def printed(capsys, name, status=0):
    assert main(["report", name]) == status
    return capsys.readouterr().out.splitlines()


TABLES = """
[tool.asrlab.models.polly.options]
sleeps = 0.01
[tool.asrlab.models.kakapo]
engine = "parrot"
weights = "here"
options = { says = "go go go go go go go go" }
[tool.asrlab.models.flown]
engine = "parrot"
weights = "nowhere"
[tool.asrlab.models.german]
engine = "parrot"
weights = "here"
languages = ["de"]
[tool.asrlab.corpora.spoken-passwords]
path = "nowhere"
[tool.asrlab.normalizations.api-auth]
replacements = { "hi" = "hello" }
"""
SETTINGS = """
model = ["kakapo", "polly", "flown", "german"]
normalization = "api-auth"
reference = "polly"
repeat = 2
"""


@pytest.mark.parametrize("evals", [["accuracy"], ["accuracy", "corpus"], ["corpus"]], ids="+".join)
def test_it_is_what_the_run_printed(project, run, capsys, evals):
    """From record and pytest-benchmark JSON alike, every line is that of the run, whatever the tables are called."""
    project.configure(SETTINGS, tables=TABLES)
    project.clip("one", "hello there it cost $5", says="hi there it cost 6 dollars")
    project.clip("two", "good morning")
    project.clip("silent", "", says="thank you")
    project.line(id="gone", audio="gone.wav", text="nobody knows", language="en")
    project.evals(*evals)

    # A model that has no clip is not a mistake where clips were chosen.
    expected = run("--asr-clip", "lang:en", "--benchmark-json", "results.json")

    assert any(line.startswith("polly") for line in expected)
    assert any("weights missing" in line for line in expected)
    lines = printed(capsys, "run.jsonl")
    assert before_details(lines) == expected
    assert printed(capsys, "results.json") == lines


def test_under_xdist(project, run, capsys):
    """The record of a run on several workers gives what it printed."""
    project.configure("", models=("polly", "kakapo"))
    for name in ("one", "two"):
        project.clip(name, f"hello {name}", says="hello one")
    project.evals("accuracy")

    expected = run("-n", "2")

    assert sorted(before_details(printed(capsys, "run.jsonl"))) == sorted(expected)
    assert "speed      not shown: tests ran in parallel; run with -n 0" in expected


def test_the_runs_own_rules(project, run, capsys):
    """The figures are by the rules of the run, whatever the project has become since."""
    project.configure('normalization = "raw"')
    project.clip("one", "Hello there", says="hello there")
    project.evals("accuracy")
    expected = run()
    project.configure('normalization = "en"')

    assert before_details(printed(capsys, "run.jsonl")) == expected


def test_other_ways_to_combine_clips(tmp_path, capsys):
    """The details have the mean of the clips and the capped rate, each where it is not the WER of the scorecard."""
    runaway = row(clip="two", reference="stop", hypothesis="and so on and so on")
    wrong = row(clip="three", reference="we walked to town", hypothesis="we walked to down")
    for name, rows in (("runaway", [row(), runaway]), ("uneven", [row(), wrong]), ("alone", [wrong])):
        assert main(["report", str(write(tmp_path / f"{name}.jsonl", environment(), *rows, end()))]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.strip() for line in lines if line.endswith("%") and "WER" in line] == [
        "WER as the mean of clips: 300.0%",
        "WER pooled with each clip capped at 100%: 33.3%",
        "WER as the mean of clips: 12.5%",
    ]


def test_the_details(tmp_path, capsys):
    """Below the scorecard stand latencies, load times, entities, slices and rules, which a run does not print."""
    bought = row(clip="two", reference="it cost $5", hypothesis="it cost $6", tags=["shop"])
    path = write(tmp_path / "run.jsonl", environment(), row(), bought, end(polly={"status": "ready", "load_s": 1.5}))

    assert main(["report", str(path), "--by", "tag"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert "polly                        2    1000    1000   1.50      -        -  cpu, ready" in lines
    assert "entities   recall 0.0%, error rate 100.0%, of 1 entity" in lines
    assert any(line.startswith("rules      asrlab-norm/1.1+en#") for line in lines)
    assert any(line.split()[:3] == ["polly", "shop", "1"] for line in lines)


def test_a_killed_run(tmp_path, capsys):
    """A run that did not finish has a scorecard of what it has, with what it could not read."""
    path = write(tmp_path / "run.jsonl", environment(), row(), failure(clip="two"), b'{"kind": "o')

    assert main(["report", str(path)]) == 1

    output = capsys.readouterr()
    assert "polly                      0.0%" in output.out
    assert "no result  polly: 1 clip (two)" in output.out
    assert "the run did not finish; the number of planned cases is unknown" in output.err
    assert "the run was scored by asrlab-norm/1.0+en#11111111, this scorecard by asrlab-norm/1.1+en#" in output.err


def test_a_killed_run_of_failures(tmp_path, capsys):
    """A run that was killed when it had nothing but failures has the scorecards of their tasks, and no other."""
    lost = [failure("coco", task="tts"), failure("coco:conversation", task="conversation")]
    path = write(tmp_path / "run.jsonl", environment(corpus=None), *lost)

    assert main(["report", str(path)]) == 1

    titles = [line.strip("= ") for line in capsys.readouterr().out.splitlines() if line.startswith("===")]
    assert titles == ["asrlab TTS", "asrlab conversation"]


def test_a_killed_run_of_speech(tmp_path, capsys):
    """A run of speech that was killed has its own scorecard, with what failed, and none of ASR."""
    lost = failure("coco", "two", task="tts")
    path = write(tmp_path / "run.jsonl", environment(corpus=None), said("hello there", "hello there"), lost)

    assert main(["report", str(path)]) == 1

    output = capsys.readouterr().out
    assert "asrlab scorecard" not in output
    assert "no result  coco: 1 prompt (two)" in output


def test_a_killed_run_whose_failures_state_no_task(tmp_path, capsys):
    """A failure that states no task, as those of older records, is of the task that its model's texts are of."""
    lost = {key: value for key, value in failure("coco", "two").items() if key != "task"}
    path = write(tmp_path / "run.jsonl", environment(corpus=None), said("hello there", "hello there"), lost)

    assert main(["report", str(path)]) == 1

    output = capsys.readouterr().out
    assert "asrlab scorecard" not in output
    assert "no result  coco: 1 prompt (two)" in output


def test_later_passes_alone(tmp_path, capsys):
    """A file that has no first pass, as the store's of a resumed run, has the model without figures."""
    write(tmp_path / "run.jsonl", environment(), row(repeat=1), end(polly={"status": "ready"}))

    lines = printed(capsys, str(tmp_path / "run.jsonl"))

    assert next(line for line in lines if line.startswith("polly")).split()[1] == "-"


def test_an_end_without_tasks(tmp_path, capsys):
    """Where the last line does not say what a model did, its observations do."""
    spoken = said("hello there", "hello there")
    path = write(tmp_path / "run.jsonl", environment(corpus=None), spoken, end(coco={"status": "ready"}))

    assert main(["report", str(path)]) == 0
    assert "asrlab scorecard" not in capsys.readouterr().out


def test_a_failure_without_task(tmp_path, capsys):
    """A failure that does not say its task is one of ASR."""
    path = write(tmp_path / "run.jsonl", environment(), failure())

    assert main(["report", str(path)]) == 1
    assert "asrlab scorecard" in capsys.readouterr().out


def test_no_environment(tmp_path, monkeypatch, capsys):
    """Without environment line the present project's rules are used, and the record counts as incomplete."""
    (tmp_path / "pyproject.toml").write_text('[tool.asrlab]\nnormalization = "raw"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "run.jsonl", row(hypothesis="Hello there"), end())

    assert main(["report", "run.jsonl", "--partial"]) == 0
    capsys.readouterr()
    assert main(["report", "run.jsonl"]) == 1

    output = capsys.readouterr()
    assert "  50.0%" in output.out
    assert "corpus     clips;" in output.out
    assert "no environment line: the number of planned cases is unknown" in output.out
    assert "has no environment line: scored with the current project's rules" in output.err


def test_a_reader_that_has_enough(tmp_path, forked):
    """A reader that closes the pipe early is not an error."""
    path = write(tmp_path / "run.jsonl", environment(), row(), end())
    command = [sys.executable, "-m", "asrlab_pytest.cli", "report", str(path)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    writer.stdout.close()

    _, error = writer.communicate()

    assert writer.returncode == 0
    assert b"Broken" not in error


def test_a_damaged_line(tmp_path, capsys):
    """A lost line is named and the status 1: a figure may lack an observation."""
    path = write(tmp_path / "run.jsonl", environment(), row(), b"{]\n", end())

    assert main(["report", str(path)]) == 1
    assert "line 3: not JSON" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["gone.jsonl", ".", "empty.jsonl", "other.json", "newer.jsonl"])
def test_unusable_files(tmp_path, monkeypatch, capsys, name):
    """What is not a record of a run is refused in words, with status 2."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "other.json").write_text('{"benchmarks": [{"name": "test_sort", "extra_info": {}}]}')
    write(tmp_path / "newer.jsonl", environment(schema="asrlab-record/2.7"), row())

    assert main(["report", name]) == 2
    assert capsys.readouterr().err.startswith(f"asrlab: {name}")


def test_settings_of_another_version(tmp_path, capsys):
    """Settings that only another version has are named, and hide no figure; a value that none has is refused."""
    path = write(tmp_path / "run.jsonl", environment(settings={"verve": 3, "normalization": "raw"}), row(), end())

    assert main(["report", str(path)]) == 0
    output = capsys.readouterr()
    assert "unknown settings: verve" in output.err
    assert "rules      asrlab-norm/1.1+raw" in output.out

    write(path, environment(settings={"rounds": "many"}), row(), end())
    assert main(["report", str(path)]) == 2
    assert "run.jsonl: settings: key 'rounds'" in capsys.readouterr().err
