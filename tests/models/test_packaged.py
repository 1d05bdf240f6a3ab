"""Weights inside an installed package: `package:NAME/path`."""

import sys

import pytest

from asrlab_pytest.models.registry import Registry
from asrlab_pytest.models.spec import Readiness
from asrlab_pytest.models.status import model_status


@pytest.fixture
def package(tmp_path, monkeypatch):
    """The folder of a package `wren_weights` that must not be imported, and is as good as installed."""
    folder = tmp_path / "installed" / "wren_weights"
    (folder / "model").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    (folder / "model" / "config.json").write_text("{}", encoding="utf-8")
    (folder.parent / "wren_module.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(folder.parent)
    return folder


def model(weights, engine="faster-whisper", **keys):
    return Registry({"mine": {"engine": engine, "weights": weights, **keys}})["mine"]


def status(weights, engine="faster-whisper"):
    return model_status(model(weights, engine), "cpu")


@pytest.mark.parametrize("path", ["model", "model/config.json", ""])
@pytest.mark.parametrize("engine", ["faster-whisper", "openai-whisper", "pocketsphinx"])
def test_place_in_a_package(package, engine, path):
    """Weights in a package are the path of that folder or file for every engine, and the package is not imported."""
    assert model(f"package:wren_weights/{path}", engine).weights == str(package / path)
    assert "wren_weights" not in sys.modules


def test_part_of_a_cascade(package):
    """A part of a model finds its weights in a package as a model does."""
    parts = {"recognizer": {"engine": "pocketsphinx", "weights": "package:wren_weights/model"}}

    assert model("a.jsonl", "cascade", options=parts).options["recognizer"]["weights"] == str(package / "model")


def test_package_that_is_not_installed(tmp_path, monkeypatch):
    """Without the package the status is "package missing", with the command that installs it."""
    monkeypatch.chdir(tmp_path)
    found = status("package:wren_weights/model")

    assert found.readiness is Readiness.PACKAGE_MISSING
    assert "the package wren_weights, which holds its weights, is not installed" in found.reason
    assert found.hint == "uv add --dev wren-weights (or the distribution that contains wren_weights)"


def test_package_of_a_dependency_group(tmp_path, monkeypatch):
    """Where a dependency group of the project lists the package, the command is the one that installs the group."""
    groups = '[dependency-groups]\nlint = ["ruff"]\nmodels = [{ include-group = "lint" }, "Wren.Weights==1.0"]\n'
    (tmp_path / "pyproject.toml").write_text(groups, encoding="utf-8")
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")

    assert status("package:wren_weights/model").hint == "uv sync --group models"


@pytest.mark.parametrize(
    ("weights", "reason", "hint"),
    [
        ("package:wren_weights/other", "the package wren_weights has no other", "package:wren_weights/model"),
        ("package:wren_weights/../secret", "leads out of the package wren_weights", '"package:wren_weights/path"'),
        ("package:wren_weights//etc", "leads out of the package wren_weights", '"package:wren_weights/path"'),
        ("package:wren-weights/model", "does not start with a package's import name", '"package:NAME/path"'),
        ("package:wren_weights.inner/model", "does not start with a package's import name", '"package:NAME/path"'),
        ("package:", "does not start with a package's import name", '"package:NAME/path"'),
        ("package:wren_module/model", "wren_module is a single module", "name a package"),
    ],
)
def test_wrong_place(package, weights, reason, hint):
    """A place that no package has is "broken", with what is wrong and how to write it, and nothing is imported."""
    found = status(weights)

    assert found.readiness is Readiness.BROKEN
    assert reason in found.reason
    assert hint in found.hint
    assert found.hint.endswith("in [tool.asrlab.models.mine]")
    assert not {"wren_weights", "wren_module"} & {*sys.modules}


def test_model_without_its_package(project):
    """A default model without its package is skipped and listed; one that is asked for by name ends the run."""
    project.configure(
        models=(),
        toml='model = ["polly", "wren"]',
        tables='[tool.asrlab.models.polly]\nengine = "parrot"\n'
        'weights = "here"\n[tool.asrlab.models.wren]\nengine = "parrot"\nweights = "package:wren_weights/model"\n',
    )
    project.clip("hello", "hello there")
    project.evals("accuracy")

    skipped, refused = project.run("-rs"), project.run("--asr-model", "wren")

    assert skipped.ret == 0
    skipped.stdout.fnmatch_lines(["*wren*package missing*wren_weights*"])
    assert refused.ret == 4
    refused.stderr.fnmatch_lines(["*model wren: package missing*", "*uv add --dev wren-weights*"])
