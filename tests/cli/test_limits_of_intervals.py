"""What the scorecard says that its intervals do not account for."""

import pytest

from asrlab_pytest.cli import main
from stored_runs import environment, row, write

LIMIT = "do not cover failures that these clips do not show, such as loops"


@pytest.mark.parametrize("wrong", [0, 8], ids=["no error", "errors"])
def test_limit_of_intervals(tmp_path, monkeypatch, capsys, wrong):
    """Where the report states how far off a WER may be, it says that no loop is foreseen that the clips lack."""
    monkeypatch.chdir(tmp_path)
    texts = ["hello bear" if number < wrong else "hello there" for number in range(30)]
    write(
        tmp_path / "run.jsonl", environment(), *(row(clip=f"c{at}", hypothesis=text) for at, text in enumerate(texts))
    )

    main(["report", "run.jsonl"])
    assert f"intervals  {LIMIT}" in capsys.readouterr().out.splitlines()

    main(["compare", "run.jsonl", str(_copy(tmp_path)), "--markdown", "pr.md"])
    assert f"- intervals {LIMIT}" in (tmp_path / "pr.md").read_text().splitlines()


def test_no_interval(tmp_path, monkeypatch, capsys):
    """Where no interval is stated, nothing is said of intervals."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "run.jsonl", environment(), row(reference="", hypothesis=""))

    main(["report", "run.jsonl"])
    assert "do not cover" not in capsys.readouterr().out


def _copy(folder):
    copy = folder / "copy.jsonl"
    copy.write_bytes((folder / "run.jsonl").read_bytes())
    return copy
