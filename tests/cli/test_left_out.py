"""Shards that together are less than the corpus: every command that reads what was merged of them says so."""

import pytest

from asrlab_pytest.cli import main
from stored_runs import HASH, end, environment, row, write


def shard(*clips, chosen=5, narrowed=(), **keys):
    """The lines of a shard that ran these clips of the five that a manifest lists."""
    listed = {"name": "calls", "manifest_sha256": HASH, "listed": 5, "chosen": chosen}
    head = environment(corpus=listed, plan={"polly": clips}, settings={"clip": narrowed}, **keys)
    return [head, *(row(clip=clip) for clip in clips), end(polly={"status": "ready", "load_s": 1.0})]


@pytest.fixture
def shards(tmp_path, monkeypatch, capsys):
    """Merges shards, and gives the exit status and the output of a command on what they make."""
    monkeypatch.chdir(tmp_path)

    def run(command, *parts, options=()):
        names = [write(tmp_path / f"{place}.jsonl", *part).name for place, part in enumerate(parts)]
        merging = ["merge", *names, "-o", "merged.jsonl", "--force"]
        if command == ["merge"]:
            return main([*merging, *options]), "".join(capsys.readouterr())
        main(merging)
        capsys.readouterr()
        return main([*command, "merged.jsonl", *options]), "".join(capsys.readouterr())

    return run


COMMANDS = pytest.mark.parametrize(
    "command", [["merge"], ["record", "validate"], ["scorecard"], ["rescore", "--jobs", "1"]], ids=" ".join
)


@COMMANDS
@pytest.mark.parametrize("narrowing", [{}, {"chosen": 2, "narrowed": ["a", "b"]}], ids=["deselected", "by ids"])
def test_less_than_the_corpus(shards, command, narrowing):
    """Where no shard ran some clips, each command says how many of how many there are, and fails."""
    status, output = shards(command, shard("a", "b", **narrowing), shard("c"))

    assert status == 1
    assert "3 of 5 clips of calls" in output
    assert "complete" not in output.replace("incomplete", "")


def test_less_than_the_corpus_compared(shards, tmp_path):
    """What no shard ran may be anything: a comparison with a whole baseline is undecided, and says what is missing."""
    base = write(tmp_path / "base.jsonl", *shard("a", "b", "c", "d", "e"))
    status, output = shards(["compare", str(base)], shard("a", "b"), shard("c"))

    assert status == 3
    assert "3 of 5 clips of calls" in output


@COMMANDS
def test_less_by_intent(shards, command):
    """With --partial the same is said, and accepted."""
    status, output = shards(command, shard("a"), shard("b"), options=["--partial"])

    assert status == 0
    assert "2 of 5 clips of calls" in output


@COMMANDS
@pytest.mark.parametrize(
    "parts",
    [
        [shard("a", "b", "c"), shard("d", "e")],
        [shard("a", "b", chosen=3), shard("c", chosen=3)],
        [[environment(), row(clip="a"), end()], [environment(), row(clip="b"), end()]],
    ],
    ids=["all", "all that a model is meant for", "numbers not recorded"],
)
def test_nothing_left_out(shards, command, parts):
    """Shards that cover what they chose are whole, and older records, which have no numbers, are taken as they are."""
    status, output = shards(command, *parts)

    assert status == 0
    assert "clips of calls" not in output


def test_the_table_says_so(tmp_path, capsys):
    """A note below the table of `asrlab rescore` says what it leaves out; a complete run has none."""
    path = write(tmp_path / "run.jsonl", environment(plan={"polly": ["a", "b"]}), row(clip="a"))

    assert main(["rescore", str(path), "--jobs", "1", "--partial"]) == 0
    assert "the run did not finish: 1 of 2 planned cases" in capsys.readouterr().out.splitlines()
    whole = write(tmp_path / "whole.jsonl", environment(plan={"polly": ["a"]}), row(clip="a"), end())
    assert main(["rescore", str(whole), "--jobs", "1"]) == 0
    assert "did not finish" not in capsys.readouterr().out


def test_one_narrowed_run(tmp_path, capsys):
    """A record that was never merged left out on purpose what it left out: nothing is said."""
    path = write(tmp_path / "run.jsonl", *shard("a", chosen=1, narrowed=["a"]))

    assert main(["record", "validate", str(path)]) == 0
    assert "of 5" not in capsys.readouterr().out


def test_a_record_without_its_beginning(tmp_path, capsys):
    """What a record that lost its first lines was to hold is unknown: a comparison is undecided, rescoring fails."""
    base = write(tmp_path / "base.jsonl", *shard("a", "b"))
    head = write(tmp_path / "head.jsonl", *shard("a", "b")[2:])

    assert main(["compare", str(base), str(head)]) == 3
    assert main(["rescore", str(head), "--jobs", "1"]) == 1
    assert main(["rescore", str(head), "--jobs", "1", "--partial"]) == 0
    assert "no environment line: the number of planned cases is unknown" in capsys.readouterr().out
