"""The verdict of a run is stored with it: a report of the file says what the run itself said."""

import json

import pytest

from asrlab_pytest.cli import main
from voices import speak

WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa"
LENIENT = "[tool.asrlab.thresholds]\nwer = 2.0\n"
WORSE = '[tool.asrlab.models.polly.options]\nsays = "garbage"\n'
BASE = ("--asr-baseline", "base.jsonl")
FILES = ("--asr-record", "run.jsonl", "--benchmark-json", "run.json", "--asr-report", "report.html")
ACCURACY = "def test_accuracy(asr_case): asr_case.check('wer')\n"
GATE = "def test_regression(asr_regression): asr_regression.check()\n"


@pytest.fixture
def judged(project, monkeypatch):
    """A project with a baseline that its model no longer meets, as the working directory."""
    for number in range(6):
        project.clip(f"c{number}", f"{WORDS} number {number}")
    project.write(test_accuracy=ACCURACY)
    project.configure(tables=LENIENT)
    project.run(*BASE, "--asr-update-baseline")
    project.configure(tables=LENIENT + WORSE)
    monkeypatch.chdir(project.path)
    return project


def findings(path):
    """Those of each clip in a page."""
    data = path.read_text(encoding="utf-8").partition('id="data">')[2].partition("</script>")[0]
    return [item["findings"] for item in json.loads(data)["items"]]


def first_screen(path):
    """The page up to its list of clips."""
    return path.read_text(encoding="utf-8").partition("<main>")[2].partition('<form id="filters"')[0]


@pytest.mark.parametrize(
    ("gate", "name", "workers"),
    [(GATE, "run.jsonl", ()), ("", "run.jsonl", ()), ("", "run.json", ()), (GATE, "run.json", ("-n", "1"))],
)
def test_the_verdict_of_a_stored_run(judged, capsys, gate, name, workers):
    """The page of either file has the verdict, the gates and the failures of the run's own, whoever compared."""
    judged.write(test_gate=gate)
    judged.run(*BASE, *FILES, *workers)
    own = first_screen(judged.path / "report.html")

    assert main(["report", name, "-o", "stored.html"]) == 0

    assert first_screen(judged.path / "stored.html") == own
    assert 'class="verdict FAIL"' in own
    capsys.readouterr()
    assert main(["report", name]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("FAIL       polly") for line in lines)
    assert "FAIL, as the run ended" in lines


def test_a_record_that_lost_a_case(judged, capsys):
    """A verdict is left out of a report of a file that has not all cases that were judged, with how many it has."""
    judged.run(*BASE, *FILES)
    lines = (judged.path / "run.jsonl").read_text().splitlines(keepends=True)
    rest = [line for line in lines if json.loads(line).get("clip") != "c3"]
    (judged.path / "part.jsonl").write_text("".join(rest))

    assert main(["report", "part.jsonl", "--partial"]) == 0

    output = capsys.readouterr()
    assert "as the run ended" not in output.out
    assert "the file has 5 of the 6 cases that were judged" in output.err


def test_many_changed_clips(judged, capsys):
    """A record keeps the texts of the clips that a page shows, and the number and names of all."""
    for number in range(6, 120):
        judged.clip(f"c{number}", "hello there")
    judged.configure(tables=LENIENT)
    judged.run(*BASE, "--asr-update-baseline")
    judged.configure(tables=LENIENT + WORSE)
    judged.run(*BASE, *FILES)

    end = json.loads((judged.path / "run.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert main(["report", "run.jsonl", "-o", "stored.html"]) == 0

    (gate,) = end["verdict"]["gates"]
    assert [bool(change["alignment"]) for change in gate["worse"]] == [True] * 100 + [False] * 20
    assert first_screen(judged.path / "stored.html") == first_screen(judged.path / "report.html")


def test_findings_and_warnings(project, monkeypatch, capsys):
    """What the audit found and what the run warned of is in the page of the record too."""
    monkeypatch.chdir(project.path)
    speak(project.clip("one", "a cafe\u0301 by the sea is what we looked for", seconds=5.0), seed=1)
    project.write(test_accuracy=ACCURACY, test_found="def test_found(asr_audit): asr_audit.check()\n")
    project.configure(tables=LENIENT)
    project.run(*FILES)

    assert main(["report", "run.jsonl", "-o", "stored.html"]) == 0

    own, stored = (project.path / name for name in ("report.html", "stored.html"))
    assert first_screen(stored) == first_screen(own)
    assert "<dt>warnings</dt>" in own.read_text(encoding="utf-8")
    assert findings(stored) == findings(own) != [[]]
    assert main(["report", "run.jsonl"]) == 0
    assert "warnings   " in capsys.readouterr().out


def test_a_merged_record(judged, capsys):
    """A merged record has no verdict: what was judged is not what it holds."""
    judged.run(*BASE, *FILES)

    assert main(["merge", "run.jsonl", "-o", "merged.jsonl"]) == 0
    assert main(["report", "merged.jsonl", "-o", "merged.html"]) == 0

    assert "verdict" not in (judged.path / "merged.jsonl").read_text(encoding="utf-8")
    assert 'class="verdict' not in (judged.path / "merged.html").read_text(encoding="utf-8")


def by_other_rules(lines):
    lines[0]["protocols"]["normalization"] = ["asrlab-norm/0.9+en#11111111"]


def without_a_clip(lines):
    lines[1] = {"kind": "observation"}


def with_a_broken_gate(lines):
    lines[-1]["verdict"]["gates"][0]["kind"] = "luck"


@pytest.mark.parametrize(
    ("change", "why", "status"),
    [
        (by_other_rules, "the run was scored by asrlab-norm/0.9", 0),
        (without_a_clip, "not all lines of the file could be used", 1),
        (with_a_broken_gate, "it cannot be read (key 'kind'", 0),
    ],
)
def test_a_verdict_on_something_else(judged, capsys, change, why, status):
    """A verdict that does not hold for the figures beside it is left out, and standard error says why."""
    judged.run(*BASE, *FILES)
    path = judged.path / "run.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(lines)
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    capsys.readouterr()

    assert main(["report", "run.jsonl"]) == status

    out, err = capsys.readouterr()
    assert "asrlab verdict" not in out
    assert f"run.jsonl: the verdict of the run is left out: {why}" in err


def test_a_record_that_has_no_verdict(judged, capsys):
    """The page of a record of an older version has no verdict, without a word."""
    judged.run(*BASE, *FILES)
    path = judged.path / "run.jsonl"
    *others, end = path.read_text(encoding="utf-8").splitlines()
    end = json.loads(end)
    del end["verdict"]
    path.write_text("\n".join([*others, json.dumps(end), ""]), encoding="utf-8")
    capsys.readouterr()

    assert main(["report", "run.jsonl", "-o", "stored.html"]) == 0

    assert capsys.readouterr().err == ""
    assert 'class="verdict' not in (judged.path / "stored.html").read_text(encoding="utf-8")
