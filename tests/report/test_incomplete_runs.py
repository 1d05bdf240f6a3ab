"""Runs that stopped or lack lines, in every view of stored runs."""

import re
from xml.etree import ElementTree as ET

import pytest

from asrlab_pytest.cli import main
from stored_runs import HASH, end, environment, failure, row, write

STOPPED = [environment(plan={"polly": ["one", "two", "three"]}), row()]
DAMAGED = [environment(), row(), b'{"kind": "observation"}\n', end()]
COMMANDS = {
    "report": ["report", "-o", "report.html"],
    "plot": ["plot", "-o", "chart.svg"],
    "show": ["show"],
}


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_stopped_run_is_an_error(command, tmp_path, capsys):
    """A stopped run is shown with a warning about what is missing, and exits with 1 unless --partial is given."""
    record = write(tmp_path / "run.jsonl", *STOPPED)
    name, *options = command

    assert main([name, str(record), *options]) == 1
    warned = capsys.readouterr().err
    assert "the run did not finish" in warned
    assert "1 of 3 planned cases" in warned
    assert main([name, str(record), *options, "--partial"]) == 0
    assert "1 of 3 planned cases" in capsys.readouterr().err


@pytest.mark.parametrize("command", [*COMMANDS.values(), ["rescore"]], ids=[*COMMANDS, "rescore"])
def test_a_stopped_run_without_a_plan_is_an_error(command, tmp_path, capsys):
    """A stopped run without a plan may lack any number of cases, and exits with 1."""
    record = write(tmp_path / "run.jsonl", environment(), row())
    name, *options = command

    assert main([name, str(record), *options]) == 1
    assert "the run did not finish; the number of planned cases is unknown" in capsys.readouterr().err
    assert main([name, str(record), *options, "--partial"]) == 0


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_damaged_line_is_an_error(command, tmp_path, capsys):
    """An unusable line is named, and the exit status is 1 even if missing samples are accepted."""
    record = write(tmp_path / "run.jsonl", *DAMAGED)
    name, *options = command

    assert main([name, str(record), *options, "--partial"]) == 1
    assert "line 3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "banner"),
    [
        (STOPPED, "The run did not finish: 1 of 3 planned cases"),
        (
            [environment(plan={"polly": ["one", "two"], "kea": ["one"]}), row()],
            "The run did not finish: 1 of 3 planned cases; none of kea",
        ),
        ([*STOPPED, failure(clip="two"), end()], "No result of 1 of 3 planned cases"),
        ([environment(), row()], "The run did not finish; the number of planned cases is unknown"),
        (DAMAGED, "Left out: 1 unreadable line"),
        ([environment(), row(), end()], None),
    ],
    ids=["killed", "not begun", "without results", "unplanned", "damaged", "whole"],
)
def test_the_page_says_what_is_missing(lines, banner, tmp_path):
    """The page of an incomplete run begins with a sentence that says so; that of a complete run does not."""
    record = write(tmp_path / "run.jsonl", *lines)
    main(["report", str(record), "-o", "report.html"])

    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert re.findall(r'class="banner"[^>]*>([^<]*)<', page) == ([banner] if banner else [])


def test_history_marks_incomplete_runs(tmp_path, capsys):
    """In a history an incomplete run has a mark with its number of clips, and hollow points with the reason."""
    folder = tmp_path / "nights"
    folder.mkdir()
    write(folder / "a.jsonl", *STOPPED)
    later = environment(time="2026-11-23T10:00:00+00:00")
    write(folder / "b.jsonl", later, row(), row(clip="two"), end())

    assert main(["report", str(folder), "-o", "report.html"]) == 1
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    history = page[page.index('id="history"') : page.index('id="environment"')]
    assert "<td>2</td>" in history
    assert re.search(r'title="the run did not finish: 1 of 3 planned cases">1 \(incomplete\)', history)
    assert 'class="banner"' not in page
    capsys.readouterr()
    assert main(["plot", str(folder), "-o", "chart.svg", "--partial"]) == 0
    circles = [node for node in ET.parse(tmp_path / "chart.svg").iter() if node.tag.endswith("}circle")]
    wer = [(node.get("class"), node[0].text) for node in circles[:2]]
    assert wer == [
        ("hollow m0", "polly, 11-22 10:00: 0%; the run did not finish: 1 of 3 planned cases"),
        ("dot m0", "polly, 11-23 10:00: 0%"),
    ]


def test_a_clip_without_a_result_is_shown_first(tmp_path, capsys):
    """The terminal shows a clip without a result before those with errors, with the model and the reason."""
    lines = [row(hypothesis="nothing else"), row(clip="two"), failure(model="kea", clip="two", problem="it\nfell")]
    record = write(tmp_path / "run.jsonl", environment(), *lines, end())

    assert main(["show", str(record)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "two: polly 0.0%, kea no result"
    assert "  kea  no result: it↵fell" in lines
    assert any(line.startswith("one:") for line in lines)


@pytest.mark.parametrize("number", ["0", "-3", "many"])
def test_how_many_clips_are_shown_is_above_0(number, tmp_path, capsys):
    """A number of clips below 1 is a mistake in the command."""
    record = write(tmp_path / "run.jsonl", environment(), row(), end())

    with pytest.raises(SystemExit) as ended:
        main(["show", str(record), f"--most={number}"])
    assert ended.value.code == 2
    assert number in capsys.readouterr().err


def test_an_excluded_clip_is_in_no_plan(tmp_path, capsys):
    """A merged record is whole although no part planned the clip that the audit of each excluded, and keeps why."""
    corpus = {"name": "clips", "manifest_sha256": HASH, "listed": 3, "chosen": 3}
    for clip in ("one", "two"):
        first = environment(corpus=corpus, plan={"polly": [clip]}, excluded={"gone": "silent"})
        write(tmp_path / f"{clip}.jsonl", first, row(clip=clip), end())

    assert main(["merge", "one.jsonl", "two.jsonl", "-o", "all.jsonl"]) == 0
    assert main(["report", "all.jsonl"]) == 0
    assert "set aside  1 clip excluded by the audit (gone)" in capsys.readouterr().out
