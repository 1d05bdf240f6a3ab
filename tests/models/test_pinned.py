"""Weights whose sha256 their table states."""

import hashlib

import pytest

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.models.spec import Readiness
from asrlab_pytest.models.status import model_status
from asrlab_pytest.models.support import common

CONTENT = {"model.bin": b"\x80weights", "config.json": b"{}", "tokenizer.json": b"[]"}
DIGESTS = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENT.items()}
OTHER = hashlib.sha256(b"other").hexdigest()


@pytest.fixture
def folder(tmp_path):
    """A folder that looks like CTranslate2's, and a checkpoint beside it."""
    made = tmp_path / "wren"
    made.mkdir()
    for name, content in CONTENT.items():
        (made / name).write_bytes(content)
    (tmp_path / "wren.pt").write_bytes(CONTENT["model.bin"])
    return made


def status(weights, pinned):
    engine = "openai-whisper" if weights.suffix == ".pt" else "faster-whisper"
    table = {"engine": engine, "weights": str(weights), "weights_sha256": pinned}
    return model_status(Registry({"mine": table})["mine"], "cpu")


def test_pinned_weights(folder):
    """Weights that are what their table pins are ready: a file by one digest, a folder by one a file, in any case."""
    assert status(folder, DIGESTS).is_ready
    assert status(folder, {"model.bin": DIGESTS["model.bin"].upper()}).is_ready
    assert status(folder.with_suffix(".pt"), DIGESTS["model.bin"]).is_ready


def test_other_weights(folder):
    """Weights that are not what their table pins are "broken", with the file, its digest and the one expected."""
    by_file = status(folder, DIGESTS | {"config.json": OTHER})
    single = status(folder.with_suffix(".pt"), OTHER)

    assert {by_file.readiness, single.readiness} == {Readiness.BROKEN}
    for found, name, actual in (
        (by_file, "wren/config.json", DIGESTS["config.json"]),
        (single, "wren.pt", DIGESTS["model.bin"]),
    ):
        assert f"{name} is not the file that its table pins: sha256 {actual}, expected {OTHER}" in found.reason
        assert "weights_sha256 in [tool.asrlab.models.mine]" in found.hint


def test_weights_of_a_hub(folder):
    """Downloaded weights are checked where they were downloaded to, and the hint is to download them again."""
    root, revision = folder.parent / "hub", "1" * 40
    snapshots = root / "models--org--wren" / "snapshots"
    snapshots.mkdir(parents=True)
    folder.rename(snapshots / revision)
    table = {"engine": "faster-whisper", "weights": "org/wren", "revision": revision}
    table["options"] = {"download_root": str(root)}
    own, other = (
        model_status(Registry({"mine": {**table, "weights_sha256": {"model.bin": digest}}})["mine"], "cpu")
        for digest in (DIGESTS["model.bin"], OTHER)
    )

    assert own.is_ready
    assert other.readiness is Readiness.BROKEN
    assert other.hint.startswith("asrlab pull --again mine")


def test_pins_that_do_not_fit(folder):
    """A digest for a folder, or of a file that is not there, is "broken" in a sentence."""
    assert "write a table of one for each file" in status(folder, OTHER).reason
    assert "lists README.md, and" in status(folder, {"README.md": OTHER}).reason
    assert status(folder, {"README.md": OTHER}).readiness is Readiness.BROKEN


def test_hashed_once(folder):
    """A file is hashed once a process, however many models pin it."""
    common.forget_hashes()

    for _ in range(2):
        assert status(folder, DIGESTS).is_ready

    assert common.hash_file.cache_info().misses == len(DIGESTS)


@pytest.mark.parametrize(
    ("pinned", "sentence"),
    [
        ("abc", "weights_sha256 must be 64 hexadecimal digits, not 'abc'"),
        ({"model.bin": "z" * 64}, "weights_sha256 of model.bin must be 64 hexadecimal digits"),
        ({"../model.bin": OTHER}, "'../model.bin', which is not inside the folder of the weights"),
        (7, "weights_sha256"),
        ("", "weights_sha256 must be 64 hexadecimal digits, not ''"),
        ({}, "weights_sha256 names no file"),
    ],
)
def test_no_digest(pinned, sentence):
    """What is not a sha256, or of no file in the folder, is refused where the table is read."""
    with pytest.raises(ConfigError, match=sentence.replace("/", ".")):
        Registry({"mine": {"engine": "faster-whisper", "weights": "base", "weights_sha256": pinned}})


def test_other_weights_are_never_loaded(project):
    """A run on weights that are not those that are pinned ends before a model is loaded."""
    (project.path / "wren.pt").write_bytes(b"weights")
    table = f'[tool.asrlab.models.wren]\nengine = "parrot"\nweights = "wren.pt"\nweights_sha256 = "{OTHER}"\n'
    project.configure(models=(), toml='model = ["wren"]', tables=table)
    project.clip("hello", "hello there")
    project.evals("accuracy")

    result = project.run()

    assert result.ret == 4
    result.stderr.fnmatch_lines(["*model wren: broken: *wren.pt is not the file that its table pins*"])
    assert project.events("load") == []
