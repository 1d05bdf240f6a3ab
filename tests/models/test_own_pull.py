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


def test_a_pull_that_fails(pull):
    """Of a download that fails, the cause and the frames of the engine's code are shown, and none of ours."""
    statuses, output = pull(BURSTS + "    def pull(self, spec):\n        raise RuntimeError('disk quota exceeded')\n")

    assert statuses == [1]
    assert "asrlab: model b: the download of its weights failed: RuntimeError: disk quota exceeded\n" in output
    assert "hint: try again: asrlab pull b" in output
    assert "in pull\n    raise RuntimeError('disk quota exceeded')" in output
    assert output.count('File "') == 1


def test_a_pull_that_fails_in_a_run(project, install):  # noqa: F811
    """A run says why a download failed, and the command that shows more of it."""
    fails = "    def pull(self, spec):\n        raise RuntimeError('disk quota exceeded')\n"
    address = f"    def download_url(self, spec):\n        return {project.path.as_uri()!r}\n"
    install("our_bursts", BURSTS + fails + address, "bursts = our_bursts:Bursts")
    project.configure('model = ["polly", "b"]', tables='[tool.asrlab.models.b]\nengine = "bursts"\nweights = "hub"')
    project.clip("c0", "good morning")
    project.evals("accuracy")

    result = project.run()

    result.assert_outcomes(passed=1, skipped=1)
    output = " ".join(result.stdout.str().split())
    assert "not run b weights missing model b: the download of its weights failed: RuntimeError: disk quota" in output
    assert "hint: try again: asrlab pull b" in output


def test_an_address_that_is_no_file(pull):
    """Of an address that is a file, the file that is not there is named, with what to correct."""
    statuses, output = pull(BURSTS + PULL + "    def download_url(self, spec):\n        return 'file:///none/w.bin'\n")

    assert statuses == [1]
    assert "model b: there is no /none/w.bin, the file of download_url" in output
    assert "hint: correct weights in [tool.asrlab.models.b], or download_url of engine bursts" in output


def test_an_engine_that_cannot_download(pull):
    """The hint for an engine without `pull` is not the command that was just run."""
    statuses, output = pull(BURSTS)

    assert statuses == [1]
    assert "model b: weights missing: no file" in output
    assert "hint: engine bursts has no pull: put the weights there" in output
