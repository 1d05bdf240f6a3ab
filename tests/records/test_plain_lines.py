"""The plain JSON types of a record's lines, compared with the models that validate them."""

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.records.environment import Cluster, Environment, Listing
from asrlab_pytest.records.schema import ClusterLine, CorpusLine, EnvironmentLine, StateLine
from asrlab_pytest.records.state import ModelState
from stored_runs import end, environment, row, write

OF_A_PART = {"planned"}
"""Keys that only the environment of a part of a merged record has."""


@pytest.mark.parametrize(
    ("plain", "line"),
    [(Environment, EnvironmentLine), (Listing, CorpusLine), (Cluster, ClusterLine), (ModelState, StateLine)],
)
def test_both_have_the_same_keys(plain, line):
    """The code reads exactly the keys that the published schema describes."""
    described = {field.alias or name for name, field in line.model_fields.items()}

    assert {*plain.__annotations__} - OF_A_PART == described


@pytest.mark.parametrize("state", [{"times": {"rounds": []}}, {"memory": {"rss_mb": 1}}], ids=["times", "memory"])
def test_damaged_figures_of_gates(tmp_path, capsys, state):
    """Malformed times or memory are a fault of their line, which commands skip with a message."""
    path = write(tmp_path / "run.jsonl", environment(), row(), end(kea={"status": "ready", **state}))

    assert main(["record", "validate", str(path)]) == 1
    assert f"line 3: key 'models.kea.{next(iter(state))}'" in capsys.readouterr().out
    assert main(["report", str(path)]) == 1
    assert "left out" in capsys.readouterr().err
