"""`asrlab pull`: weights, or a sentence."""

import subprocess
import sys
import time
from types import SimpleNamespace

import parrot_engine
import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.models import hub


@pytest.fixture
def offline(project, monkeypatch):
    """A project on a machine whose only network is a proxy that cannot be reached."""
    for variable in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    hub._no_answer.cache_clear()
    monkeypatch.chdir(project.path)
    yield project
    hub._no_answer.cache_clear()


@pytest.mark.parametrize("model", ["whisper-tiny", "faster-whisper-tiny"])
def test_no_hub_answers(offline, capsys, model):
    """Offline, a pull ends within seconds with status 1, the host and the command to repeat."""
    start = time.monotonic()

    assert main(["pull", model]) == 1

    assert time.monotonic() - start < 10
    error = capsys.readouterr().err
    assert f"asrlab: model {model}: " in error
    assert "://" not in error
    assert "cannot be reached" in error
    assert f"asrlab pull {model}" in error


def test_the_command(offline):
    """The installed command ends with status 1 and no traceback."""
    found = subprocess.run(
        [sys.executable, "-m", "asrlab_pytest.cli", "pull", "whisper-tiny"], capture_output=True, text=True, check=False
    )

    assert found.returncode == 1
    assert "Traceback" not in found.stderr


def test_weights_that_are_there(offline, capsys):
    """A model that is ready is not downloaded again: the pull says where its weights lie."""
    assert main(["pull", "polly", "pocketsphinx-en-us"]) == 0

    output = capsys.readouterr().out
    assert "polly: already at here" in output
    assert "pocketsphinx-en-us: already at /" in output


def test_weights_of_an_engine_that_does_not_say_where(offline, monkeypatch, capsys):
    """If an engine names no location of its weights, the message names none either."""
    monkeypatch.setattr(parrot_engine.Parrot, "weights", lambda self, spec: SimpleNamespace(location=None))

    assert main(["pull", "polly"]) == 0

    assert capsys.readouterr().out == "polly: already there (engine parrot does not say where)\n"


def test_one_fails_the_others_go_on(offline, capsys):
    """A model that cannot be had does not keep the next one from being pulled, and the status is 1."""
    assert main(["pull", "whisper-tiny", "polly"]) == 1

    assert "polly: already at here" in capsys.readouterr().out


def test_weights_that_no_hub_has(offline, capsys):
    """Weights that can be downloaded from nowhere are refused with their status."""
    offline.configure(tables='[tool.asrlab.models.flown]\nengine = "parrot"\nweights = "nowhere"\n')

    assert main(["pull", "flown"]) == 1

    assert "model flown: weights missing: the parrot has flown" in capsys.readouterr().err


def test_an_unknown_model(offline, capsys):
    """An unknown model is refused with those that look like it, and status 2."""
    assert main(["pull", "whisper-bse"]) == 2

    assert "did you mean whisper-base" in capsys.readouterr().err
