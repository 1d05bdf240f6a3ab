"""Validators are built once per process, however often they are asked for."""

from pathlib import Path

import pydantic
import pytest

from asrlab_pytest.models.registry import Registry
from asrlab_pytest.settings import validated


def test_built_once(monkeypatch):
    """Settings and registries that are made again build no validator again."""
    made = []

    def use():
        validated({"model": ["polly"]}, source="here")
        Registry({"polly": {"engine": "parrot", "weights": "here"}}, Path())

    use()
    monkeypatch.setattr(pydantic.TypeAdapter, "__init__", lambda *_: made.append(1))

    use()

    assert made == []


@pytest.mark.parametrize("table", [{"modle": 1}, {"rounds": 0}])
def test_faults_are_found_again(table):
    """A wrong table is refused each time, not only when the validator is new."""
    for _ in range(2):
        with pytest.raises(Exception, match="here: "):
            validated(table, source="here")
