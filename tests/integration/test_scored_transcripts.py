"""A record of `asrlab score` in a run of pytest: as the baseline, and scored again."""

import pytest

from asrlab_pytest.cli import main

SAID = {
    f"c{number}": f"{name} sings three songs every day before noon"
    for number, name in enumerate(["amber", "birch", "cedar", "daisy", "ember", "fern", "grape", "hazel"])
}


@pytest.fixture
def scored(project):
    """A project whose model writes every clip right, and records of transcripts that are right and wrong."""
    for name, text in SAID.items():
        project.clip(name, text)
    project.evals("accuracy", "corpus", "regression")
    for record, wrong in (("right", 0), ("wrong", 3)):
        rows = ["id\ttext", *(f"{name}\t{' '.join(text.split()[wrong:])}" for name, text in SAID.items())]
        (project.path / f"{record}.tsv").write_text("\n".join(rows) + "\n")
        arguments = [f"polly={record}.tsv", "--corpus", "clips", "--record", f"{record}.jsonl"]
        assert main(["score", *arguments]) == 0
    return project


def test_the_gates(scored):
    """A run is gated against transcripts that exist already, better and worse than its own."""
    better = scored.run("--asr-baseline", "wrong.jsonl")
    options = ("--asr-rescore", "wrong.jsonl", "--asr-baseline", "right.jsonl", "--asr-record", "again.jsonl")
    rescored = scored.run(*options)

    better.assert_outcomes(passed=len(SAID) + 2)
    assert rescored.parseoutcomes()["failed"] == 1
    rescored.stdout.fnmatch_lines(["FAILED *test_regression*"])
    _, rows = scored.record("again.jsonl")
    assert {(row["latency_s"], row["rtf"], row["peak_rss_bytes"]) for row in rows} == {(None, None, None)}
