"""``asrlab protocol``: the installed rules against their golden vectors, and what each step does."""

import re

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.protocols.entities import protocol as entities
from asrlab_pytest.protocols.normalization import PROFILES, goldens, normalization


def test_validate_runs_the_golden_vectors(capsys: pytest.CaptureFixture[str]):
    """Each profile and the entity protocol are printed with signature and number of golden vectors that pass."""
    assert main(["protocol", "validate"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        *(normalization(profile).signature for profile in PROFILES),
        entities.signature(),
    ]
    assert all(re.search(r"  \d+ golden vectors pass$", line) for line in lines)


def test_validate_fails_where_the_rules_are_others(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """A golden vector that the installed rules do not give is printed, and the exit status is 1."""
    monkeypatch.setattr(goldens, "goldens", lambda profile: [goldens.Golden("A", "b")])

    assert main(["protocol", "validate"]) == 1
    assert "'A' gives 'a', not 'b'" in capsys.readouterr().out


def test_show_prints_what_each_step_does(capsys: pytest.CaptureFixture[str]):
    """Every step is in its order, with the text where it changes it and a hyphen where it does not."""
    assert main(["protocol", "show", "Five o’clock"]) == 0
    signature, *lines = capsys.readouterr().out.splitlines()
    assert signature == normalization("en").signature
    names = ["text", *(step.name for step in normalization("en").steps), "tokens"]
    assert [line[: max(map(len, names))].strip() for line in lines] == names
    assert lines[1].endswith("  -")
    assert lines[2].endswith("  five o'clock")
    assert lines[3].endswith("  -")
    assert lines[-1].endswith("  5 | oclock")


def test_validate_fails_where_entities_are_others(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """A golden vector whose entities the installed rules do not find is printed, and the exit status is 1."""
    wrong = {"text": "no amount here", "entities": [{"type": "money", "value": "USD 1", "text": "amount"}]}
    monkeypatch.setattr(entities, "golden_vectors", lambda: [wrong])

    assert main(["protocol", "validate"]) == 1
    assert "1 of 1 golden vectors FAIL" in capsys.readouterr().out
