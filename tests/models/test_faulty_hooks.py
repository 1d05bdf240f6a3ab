"""An engine may raise anything, or declare nonsense, without the table of models being lost."""

import json

import pytest
from engine_packages import install  # noqa: F401 - a fixture

from asrlab_pytest.cli import main
from asrlab_pytest.inference.fingerprint import model_fingerprint
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.models.engine import ModelError
from asrlab_pytest.models.spec import ModelSpec, Readiness
from asrlab_pytest.models.status import model_status

TINY = """
import sys
from asrlab_pytest.engines import Engine, Readiness, Recognizer, Status, Transcript

class Tiny(Engine):
    {body}

    def load(self, spec, device):
        return Recognizer()
"""


def raising(hook, error="RuntimeError('driver too old')"):
    return f"def {hook}(self, *_):\n        raise {error}"


def attribute(name, error="RuntimeError('driver too old')"):
    return f"@property\n    {raising(name, error)}"


@pytest.fixture
def listed(install, tmp_path, monkeypatch, capsys):  # noqa: F811
    """The lines of the table, by model, in a project whose model has an engine with this body."""

    def made(body, keys=""):
        install("tiny_engine", TINY.format(body=body), "tiny = tiny_engine:Tiny")
        table = f'[tool.asrlab.models.mine]\nengine = "tiny"\nweights = "small"\n{keys}\n'
        (tmp_path / "pyproject.toml").write_text(table)
        monkeypatch.chdir(tmp_path)
        assert main(["models", "--json"]) == 0
        return {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}

    return made


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        (raising("resolve_compute_type"), ""),
        (raising("resolve_compute_type", "SystemExit('driver too old')"), ""),
        (raising("license_of"), ""),
        (raising("weights"), f'weights_sha256 = "{"0" * 64}"'),
        (attribute("tasks"), ""),
        (attribute("devices"), ""),
        (attribute("modules"), ""),
        (attribute("options"), ""),
        (attribute("name"), ""),
    ],
    ids=["compute", "exit", "license", "weights", "tasks", "devices", "modules", "options", "name"],
)
def test_what_a_hook_raises(listed, body, keys):
    """A model is broken, with the reason, whatever its engine raises when the table asks it."""
    lines = listed(body, keys)

    assert (lines["mine"]["status"], "driver too old" in lines["mine"]["reason"]) == ("broken", True)
    assert lines["pocketsphinx-en-us"]["status"] == "ready"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('modules = "json"', "declares modules = 'json'; it must be a list of names"),
        ('tasks = "asr"', "declares tasks = 'asr'; it must be a list of names"),
        ("devices = ()", "declares no devices; it needs at least one"),
        ("devices = None", "declares devices = None; it must be a list of names"),
        ("install = 7", "declares install = 7; it must be a string"),
        ("options = ['beam']", "declares options = ['beam']; it must be a dictionary"),
        ("def status(self, spec):\n        return None", "its status must be a Status, not None"),
        ("def status(self, spec):\n        return Status('fine')", "its status must be a Status, not Status("),
    ],
)
def test_nonsense_that_an_engine_declares(listed, body, reason):
    """A model whose engine declares an attribute of the wrong type is broken, in a sentence that names it."""
    line = listed(body)["mine"]

    assert (line["status"], reason in line["reason"]) == ("broken", True), line["reason"]


def test_a_status_of_another_type(listed):
    """A status of the wrong type is said without the kind of an error of ours, and with who is to correct it."""
    line = listed("def status(self, spec):\n        return 'ready'")["mine"]

    words = "its status must be a Status, not 'ready' (such as READY of asrlab_pytest.engines)"
    assert line["reason"] == f"engine tiny: {words}"
    assert line["hint"] == "correct the engine, or report it to its authors"


def test_a_licence_that_cannot_be_told(listed):
    """Weights that are missing are not offered for download by an engine that cannot tell their licence."""
    missing = "Status(Readiness.WEIGHTS_MISSING, 'none here', 'asrlab pull mine')"
    line = listed(f"def status(self, spec):\n        return {missing}\n    {raising('license_of')}")["mine"]

    assert (line["status"], "driver too old" in line["reason"]) == ("broken", True)


def test_an_engine_for_devices_that_are_not_here(listed):
    """A model of an engine that has no build for any device here is unsupported, and does not break the table."""
    line = listed('devices = ("tpu",)')["mine"]

    assert (line["status"], line["device"]) == ("unsupported here", "-")
    assert "runs only on tpu, which this machine does not have" in line["reason"]


@pytest.mark.parametrize("hook", ["weights", "resolve_compute_type"])
def test_a_hook_that_a_run_asks(install, tmp_path, hook):  # noqa: F811
    """An exception of an engine about its weights or number format is an error of the model also in a run."""
    (tmp_path / "weights.bin").write_bytes(b"1")
    install("tiny_engine", TINY.format(body=raising(hook)), "tiny = tiny_engine:Tiny")
    spec = ModelSpec(id="mine", engine="tiny", weights=str(tmp_path / "weights.bin"))

    assert model_status(spec, "auto").readiness is Readiness.READY
    with pytest.raises(ModelError, match=r"engine tiny cannot tell .*RuntimeError: driver too old"):
        model_fingerprint(spec, RunConditions(device="cpu", corpus="clips"))
