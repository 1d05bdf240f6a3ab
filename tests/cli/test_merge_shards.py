"""Records that know their shard: what is missing of the whole, there twice, or of another whole."""

import json

import pytest

from asrlab_pytest.cli import main
from peak_memory import peak_into
from stored_runs import HASH, end, environment, row, write


def shard(name, *clips, chosen=4, models=("polly",), ended=True):
    """The lines of a shard that ran these clips."""
    listed = {"name": "calls", "manifest_sha256": HASH, "listed": chosen, "chosen": chosen}
    head = environment(corpus=listed, plan=dict.fromkeys(models, clips), settings={"shard": name})
    last = [end(**{model: {"status": "ready", "load_s": 1.0} for model in models})] if ended else []
    return [head, *(row(model, clip) for model in models for clip in clips), *last]


@pytest.fixture
def merge(tmp_path, monkeypatch, capsys):
    """Merges shards to merged.jsonl: the status, and what was printed."""
    monkeypatch.chdir(tmp_path)

    def run(*parts, options=()):
        names = [write(tmp_path / f"{chr(97 + place)}.jsonl", *part).name for place, part in enumerate(parts)]
        status = main(["merge", *names, "-o", "merged.jsonl", "--force", *options])
        return status, "".join(capsys.readouterr())

    return run


ODD = {
    "one missing": ([shard("1/3", "a"), shard("3/3", "c", "d")], "no shard 2/3\n"),
    "two missing": ([shard("2/3", "a")], "no shard 1/3, 3/3\n"),
    "of one model": (
        [shard("1/2", "a", "b", models=("polly", "kakapo")), shard("2/2", "c", "d")],
        "no shard 2/2 of kakapo\n",
    ),
    "twice": (
        [shard("1/2", "a", "b"), shard("1/2", "a", "b"), shard("2/2", "c", "d")],
        "shard 1/2 twice: a.jsonl and b",
    ),
    "of other counts": ([shard("1/2", "a", "b"), shard("2/3", "c", "d")], "shards of different splits: 1/2, 2/3\n"),
    "of other samples": (
        [shard("1/2", "a", "b"), shard("2/2", "c", "d", chosen=5)],
        "shards of different splits: 1/2 of 4 samples, 2/2 of 5 samples\n",
    ),
}


@pytest.mark.parametrize(("parts", "sentence"), ODD.values(), ids=ODD)
def test_shards_that_are_not_the_whole(merge, parts, sentence):
    """A shard that is missing, there twice or of another whole is named, with status 1, or 0 where it is accepted."""
    status, output = merge(*parts)

    assert sentence in output
    assert (status, merge(*parts, options=["--partial"])[0]) == (1, 0)


def test_the_whole(merge):
    """All shards of all models are the whole; one that was killed may be there beside the one that resumed it."""
    status, output = merge(
        shard("1/2", "a", ended=False),
        shard("1/2", "a", "b"),
        shard("2/2", "c", "d", models=("polly", "kakapo")),
        shard("1/2", "a", "b", models=("kakapo",)),
    )

    assert (status, "shard" in output) == (0, False)


@pytest.mark.parametrize(
    ("record", "sentence"),
    [("merged.jsonl", "no shard 2/3"), ("a.jsonl", "only shard 1 of 3")],
    ids=["merged", "alone"],
)
@pytest.mark.parametrize("command", [["record", "validate"], ["report"], ["rescore", "--jobs", "1"]], ids=" ".join)
def test_a_record_remembers(merge, capsys, command, record, sentence):
    """Every command that reads a record says which shards it lacks, and fails unless --partial accepts it."""
    merge(shard("1/3", "a"), shard("3/3", "c", "d"))

    assert main([*command, record]) == 1
    assert sentence in "".join(capsys.readouterr())
    assert main([*command, record, "--partial"]) == 0


def test_one_shard_compared(merge, tmp_path, capsys):
    """What the other shards wrote may be anything: a comparison of one shard with a baseline is undecided."""
    merge(shard("1/3", "a"), shard("3/3", "c", "d"))
    base = write(tmp_path / "base.jsonl", *shard("1/1", "a", "b", "c", "d"))

    assert main(["compare", str(base), "a.jsonl"]) == 3
    assert "the run is incomplete: only shard 1 of 3" in capsys.readouterr().out


def test_lines_are_copied(merge, tmp_path):
    """A line of a merged record is that of its part, with keys that this version does not know; a plan is kept once."""
    merge([environment(plan={"polly": ["a"]}), row(clip="a", later={"x": [1]}), end()])

    head, line, _ = (tmp_path / "merged.jsonl").read_text().splitlines()
    assert json.loads(line) == row(clip="a", later={"x": [1]})
    (part,) = json.loads(head)["parts"]
    assert (json.loads(head)["plan"], part["plan"], part["planned"]) == ({"polly": ["a"]}, None, {"polly": 1})


def test_memory_of_a_merge(tmp_path, capsys):
    """Merging four times as many rows needs little more memory, and no observation is held."""
    peaks = []
    for count in (500, 2_000):
        ids = [f"clip-{number}" for number in range(count)]
        names = []
        for place in range(2):
            rows = (row(clip=clip, hypothesis="word " * 100) for clip in ids[place::2])
            path = tmp_path / f"{count}-{place}.jsonl"
            names.append(str(write(path, environment(plan={"polly": ids[place::2]}), *rows, end())))
        with peak_into(peaks):
            assert main(["merge", *names, "-o", str(tmp_path / "out.jsonl"), "--force"]) == 0

    assert "2000 observations" in capsys.readouterr().out
    assert peaks[1] - peaks[0] < 1_500 * 500
