"""A record with different texts for the same case is refused, because it is unknown which text is correct."""

import json

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.records.baseline import read_baseline
from asrlab_pytest.records.reading import RecordError, read_run
from stored_runs import benchmark, end, environment, failure, held, row, turn, write

WORDS = "polly on one is 'hello there' in line 2, and 'garbage' in line 3"


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A record with a case twice, the same with one text, and a plain one."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "both.jsonl", environment(), row(), row(hypothesis="garbage"), end())
    write(tmp_path / "same.jsonl", environment(), row(), row(), end())
    write(tmp_path / "plain.jsonl", environment(), row(), end())
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        "report both.jsonl",
        "show both.jsonl",
        "plot both.jsonl -o out.svg",
        "rescore both.jsonl",
        "reproduce both.jsonl",
        "compare plain.jsonl both.jsonl",
        "compare both.jsonl plain.jsonl",
        "merge plain.jsonl both.jsonl -o out.jsonl",
        "audit both.jsonl",
    ],
)
def test_every_command_refuses_it(files, capsys, command):
    """Each command refuses the file with both texts, both lines and a hint, and writes nothing."""
    before = sorted(files.iterdir())

    assert main(command.split()) == 2

    err = capsys.readouterr().err
    assert WORDS in err
    assert "hint: keep the correct one, or record the run again" in err
    assert sorted(files.iterdir()) == before


@pytest.mark.parametrize("lines", [2, 3])
def test_the_same_text_twice(files, capsys, lines):
    """A case that is in a file several times with the same text counts once, and the others are named."""
    clips = [row(clip=name, hypothesis=text) for name, text in [("one", "hello there"), ("two", "no"), ("three", "")]]
    write(files / "same.jsonl", environment(), *clips, *[clips[1]] * (lines - 1), end())
    write(files / "alone.jsonl", environment(), *clips, end())

    assert main(["rescore", "--json", "alone.jsonl"]) == 0
    alone = capsys.readouterr().out
    assert main(["rescore", "--json", "same.jsonl"]) == 1
    output = capsys.readouterr()
    assert output.out == alone
    assert "same.jsonl: line 5: polly on two, pass 0 given, is already in line 3: left out" in output.err
    assert output.err.count("is already in") == lines - 1
    for command in ["report", "show", "report -o page.html"]:
        assert main([*command.split(), "same.jsonl"]) == 1
        assert "is already in line 3: left out" in capsys.readouterr().err
    assert main(["merge", "same.jsonl", "-o", "merged.jsonl"]) == 0
    assert f"(the first is kept): {lines - 1}\n" in capsys.readouterr().out
    assert main(["record", "validate", "same.jsonl"]) == 1
    assert list(read_run(files / "same.jsonl").places) == [2, 3, 4]


def test_a_failure_twice(files, capsys):
    """A case that failed several times is counted and named once."""
    write(files / "failed.jsonl", environment(), row(), *[failure(clip="two")] * 2, end())

    main(["report", "failed.jsonl"])

    assert "failed.jsonl: 1 case failed: polly on two\n" in capsys.readouterr().err


def test_other_passes_are_other_cases(files):
    """Passes of one case may have different texts."""
    write(files / "passes.jsonl", environment(), row(), row(hypothesis="garbage", repeat=1), end())

    assert len(read_run(files / "passes.jsonl").observations) == 2


def test_answers_of_a_dialogue(files):
    """A dialogue whose answers differ is also refused, even if their transcripts are the same."""
    lines = [held(turn(answer, "hello there")) for answer in ("yes", "no")]
    write(files / "talk.jsonl", environment(), *lines, end())

    with pytest.raises(RecordError, match=r"talk\.jsonl: .* is 'yes' in line 2, and 'no' in line 3"):
        read_run(files / "talk.jsonl")


def test_a_benchmark_file(files):
    """Cases of a pytest-benchmark JSON are named by their numbers."""
    plain = {key: value for key, value in environment().items() if key != "kind"}
    (files / "results.json").write_text(benchmark(row(), row(hypothesis="garbage"), environment=plain))

    with pytest.raises(RecordError, match="is 'hello there' in case 1, and 'garbage' in case 2"):
        read_run(files / "results.json")


def test_a_baseline(fresh_project):
    """A baseline or record with different texts for the same case is refused before any test runs."""
    with fresh_project("ambiguous") as project:
        project.clip("one", "hello there")
        project.evals("accuracy")
        project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline", "--asr-record", "run.jsonl")
        for name in ("base.jsonl", "run.jsonl"):
            path = project.path / name
            first, text, *others = path.read_text(encoding="utf-8").splitlines()
            other = json.dumps({**json.loads(text), "hypothesis": "garbage"})
            path.write_text("\n".join([first, text, other, *others, ""]), encoding="utf-8")
            option = "--asr-baseline" if name == "base.jsonl" else "--asr-rescore"

            result = project.pytester.runpytest_inprocess(option, name)

            assert result.ret == pytest.ExitCode.USAGE_ERROR
            assert WORDS in result.stderr.str() + result.stdout.str()
        with pytest.raises(RecordError, match="is damaged: polly on one is 'hello there' in line 2"):
            read_baseline(project.path / "base.jsonl")
