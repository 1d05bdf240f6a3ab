"""The lines of a record that are not observations."""

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.records.merging import merge
from asrlab_pytest.records.reading import read_run
from stored_runs import end, environment, row, write


def test_keys_of_later_versions(tmp_path):
    """What a later minor version states of a run and its models is kept where records are merged."""
    state = {"status": "ready", "memory": {"clip": "a", "device": "cpu", "rss_bytes": 1, "later": 2}, "later": [3]}
    later = {"later": {"x": [1]}, "git": {"commit": "c0ffee", "dirty": False, "branch": "main"}}
    first, second = (environment(time=time, plan={"polly": [clip]}, **later) for time, clip in [("1", "a"), ("2", "b")])
    merged = merge(
        [read_run(write(tmp_path / head["time"], head, row(), end(polly=state))) for head in (first, second)]
    )

    line, *_, last = merged.lines()
    parts = [{**head, "plan": None, "planned": {"polly": 1}} for head in (first, second)]
    assert line == {**first, "plan": {"polly": ["a", "b"]}, "parts": parts}
    assert last["models"]["polly"] == {**state, "self_check": [], "unread": {}}


@pytest.mark.parametrize("state", [{"times": {"rounds": []}}, {"memory": {"rss_mb": 1}}], ids=["times", "memory"])
def test_damaged_figures_of_gates(tmp_path, capsys, state):
    """Malformed times or memory are a fault of their line, which commands skip with a message."""
    path = write(tmp_path / "run.jsonl", environment(), row(), end(kea={"status": "ready", **state}))

    assert main(["record", "validate", str(path)]) == 1
    assert f"line 3: key 'models.kea.{next(iter(state))}." in capsys.readouterr().out
    assert main(["report", str(path)]) == 1
    assert "left out" in capsys.readouterr().err
