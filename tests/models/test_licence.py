"""Weights whose licence has conditions are downloaded once it was accepted, and never unasked."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from asrlab_pytest.cli import main, pull
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.licence import LFM, accept, in_words, is_accepted, licence_of, with_licence
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.models.spec import ModelSpec, Readiness, Status

SPEC = ModelSpec(id="bound", engine="parrot", weights="nowhere", license=LFM)
FREE = ModelSpec(id="free", engine="parrot", weights="nowhere")


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    """A user that has accepted nothing."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


def answering(monkeypatch, answer):
    """A terminal at which this is typed; what was asked."""
    asked = []
    monkeypatch.setattr(pull.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answer)
    return asked


def test_remembered(config):
    """What was accepted stays accepted, beside what is accepted later, in a file of the user's configuration."""
    assert not is_accepted(SPEC)
    accept(LFM)
    accept("Another")

    assert is_accepted(SPEC)
    assert (config / "asrlab" / "accepted-licenses.txt").read_text(encoding="utf-8") == f"Another\n{LFM}\n"


def test_home(monkeypatch, tmp_path):
    """Without XDG_CONFIG_HOME the file lies below ~/.config."""
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setattr(Path, "expanduser", lambda self: tmp_path / "home")

    accept(LFM)

    assert (tmp_path / "home" / "asrlab" / "accepted-licenses.txt").is_file()


def test_asked_once(monkeypatch):
    """At a terminal the licence is asked for once, and after a yes no more."""
    asked = answering(monkeypatch, "y")

    for _ in range(2):
        pull._settle_licence(SPEC, accepts=False)

    assert asked == ["Accept it? [y/N] "]


@pytest.mark.parametrize("answer", ["", "n", "what?"])
def test_declined(monkeypatch, answer):
    """Anything but a yes downloads nothing, and is not remembered."""
    answering(monkeypatch, answer)

    with pytest.raises(ModelError, match="was not accepted; nothing was downloaded"):
        pull._settle_licence(SPEC, accepts=False)
    assert not is_accepted(SPEC)


def test_without_a_terminal(monkeypatch):
    """A script is told what to accept and how, and is not asked."""
    monkeypatch.setattr(pull.sys.stdin, "isatty", lambda: False, raising=False)

    with pytest.raises(ModelError, match="below 10 million US dollars") as caught:
        pull._settle_licence(SPEC, accepts=False)
    assert caught.value.hint == "asrlab pull --accept-license bound"

    pull._settle_licence(SPEC, accepts=True)
    assert is_accepted(SPEC)


def test_weights_without_conditions(monkeypatch):
    """Weights of a model that states no licence are never asked for."""
    asked = answering(monkeypatch, "n")

    pull._settle_licence(FREE, accepts=False)

    assert asked == []
    assert is_accepted(FREE)


def test_status():
    """The status of missing weights names the licence until it is accepted."""
    missing = Status(Readiness.WEIGHTS_MISSING, "not in the cache", "asrlab pull bound")

    assert "the license of its weights is not accepted: LFM Open License v1.0 (" in with_licence(SPEC, missing).reason
    accept(LFM)
    assert with_licence(SPEC, missing) == missing


def test_catalog():
    """Every LFM2-Audio of the catalog states its licence and its tasks."""
    models = [spec for spec in Registry() if spec.engine == "lfm2-audio"]

    assert [spec.id for spec in models] == ["lfm2-audio-1.5b", "lfm2.5-audio-1.5b", "lfm2.5-audio-1.5b-jp"]
    assert {spec.license for spec in models} == {LFM}
    assert {spec.tasks for spec in models} == {("asr", "tts", "conversation")}


def test_a_run_never_fetches_unasked(project, monkeypatch):
    """A run asks no hub for weights whose licence is not accepted, and its status says why and a hint."""
    project.configure(
        models=("bound",),
        tables=f'license = "{LFM}"\n',
    )
    text = (project.path / "pyproject.toml").read_text(encoding="utf-8")
    (project.path / "pyproject.toml").write_text(text.replace('"here"', '"nowhere"'), encoding="utf-8")
    project.clip("one", "one")
    project.evals("accuracy")

    result = project.run("--benchmark-disable")

    assert "license of its weights is not accepted" in " ".join(result.outlines)
    assert project.events("pull") == []


def test_table_of_models(capsys):
    """`asrlab models` shows the licence, as text, Markdown and JSON."""
    shown = []
    for shape in ([], ["--markdown"], ["--json"]):
        assert main(["models", *shape, "--device", "cpu"]) == 0
        shown.append(capsys.readouterr().out)

    assert all(LFM in each for each in shown)
    assert {entry["license"] for entry in json.loads(shown[2]) if entry["engine"] == "pocketsphinx"} == {"-"}


def test_the_licence_goes_with_the_weights(tmp_path):
    """Weights of a hub have their licence whatever the table that names them states; a folder was already fetched."""
    own = ModelSpec(id="own", engine="lfm2-audio", weights="LiquidAI/LFM2.5-Audio-1.5B")

    assert licence_of(own) == LFM
    assert in_words(own).endswith("/LiquidAI/LFM2.5-Audio-1.5B/blob/main/LICENSE)")
    assert not is_accepted(own)
    assert licence_of(replace(own, weights=str(tmp_path))) is None
    assert licence_of(replace(own, engine="nobody")) is None
