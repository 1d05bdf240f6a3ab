"""Downloads of an engine of another package, which may say no address."""

import pytest
from engine_packages import install  # noqa: F401

from asrlab_pytest.cli import main

BURSTS = """
from pathlib import Path
from asrlab_pytest.engines import READY, Engine, Readiness, Recognizer, Status, Transcript, Weights

FILE = Path("weights.json")

class Bursts(Engine):
    def status(self, spec):
        return READY if FILE.exists() else Status(Readiness.WEIGHTS_MISSING, "no file", f"asrlab pull {spec.id}")

    def weights(self, spec):
        return Weights(location=FILE)

    def load(self, spec, device):
        raise NotImplementedError
"""
PULL = """
    def pull(self, spec):
        FILE.write_text("[]")
        return FILE
"""


@pytest.fixture
def pull(install, tmp_path, monkeypatch, capsys):  # noqa: F811
    """Installs an engine of this code, and pulls a model of it as often as asked; the statuses, and what is printed."""

    def run(code, times=1):
        install("our_bursts", code, "bursts = our_bursts:Bursts")
        (tmp_path / "pyproject.toml").write_text('[tool.asrlab.models.b]\nengine = "bursts"\nweights = "hub"\n')
        monkeypatch.chdir(tmp_path)
        return [main(["pull", "b"]) for _ in range(times)], "".join(capsys.readouterr())

    return run


def test_an_engine_without_an_address(pull):
    """A method `pull` is enough for `asrlab pull`, and a second call finds the weights."""
    statuses, output = pull(BURSTS + PULL, times=2)

    assert statuses == [0, 0]
    assert output == "b: downloaded to weights.json\nb: already at weights.json\n"


def test_an_engine_that_cannot_download(pull):
    """The hint for an engine without `pull` is not the command that was just run."""
    statuses, output = pull(BURSTS)

    assert statuses == [1]
    assert "model b: weights missing: no file" in output
    assert "hint: engine bursts has no pull: put the weights there" in output
