"""Each way in which a model can be missing or broken gives its sentence, at once and without a hub."""

import pytest
from under_test import at_once, clip, model

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.models.status import model_status

pytestmark = pytest.mark.usefixtures("no_network")
WHISPER = ("openai-whisper", "faster-whisper")
SIZES = {"openai-whisper": "tiny", "faster-whisper": "tiny"}


def refusal(handle, spec):
    """The one sentence with which a model is refused, and a hint."""
    subject = handle(spec)
    with at_once(), pytest.raises(ModelError) as caught:
        subject.observe(clip("short-rms"))
    assert subject.load_error is caught.value
    assert "\n" not in caught.value.problem
    assert caught.value.problem.startswith(f"model {spec.id}: ")
    return caught.value.problem, caught.value.hint


@pytest.mark.parametrize("engine", WHISPER)
def test_missing_weights(handle, tmp_path, engine):
    """Weights that were never downloaded are missing, and the command that fetches them is named."""
    spec = model(engine, "tiny", download_root=str(tmp_path))

    with at_once():
        status = model_status(spec, "auto")
    problem, hint = refusal(handle, spec)

    assert status.readiness == "weights missing"
    assert "weights missing" in problem
    assert hint == status.hint == "asrlab pull under-test"


@pytest.mark.parametrize("engine", WHISPER)
def test_unknown_size(handle, engine):
    """A size that the engine does not know is answered with those that it knows."""
    problem, hint = refusal(handle, model(engine, "tinny"))

    assert f"'tinny' is neither a size of {engine} (tiny" in problem
    assert hint == "correct weights in [tool.asrlab.models.under-test]"


@pytest.mark.parametrize("engine", WHISPER)
def test_missing_file(handle, tmp_path, engine):
    """A path where nothing lies is named."""
    path = tmp_path / {"openai-whisper": "none.pt", "faster-whisper": "none"}[engine]

    problem, _ = refusal(handle, model(engine, path))

    assert str(path) in problem


def test_corrupt_named_checkpoint(handle, tmp_path):
    """A named size whose file has another hash is corrupt, is not loaded, and can be fetched again."""
    (tmp_path / "tiny.pt").write_bytes(b"half a download")
    registry = Registry({"whisper-tiny": {"options": {"download_root": str(tmp_path)}}})

    problem, hint = refusal(handle, registry["whisper-tiny"])

    assert f"{tmp_path / 'tiny.pt'} is corrupt or incomplete (sha256 " in problem
    assert hint == "asrlab pull whisper-tiny"


@pytest.mark.parametrize("engine", WHISPER)
@pytest.mark.parametrize("content", [b"", b"no checkpoint"])
def test_a_file_that_torch_did_not_save(tmp_path, engine, content):
    """A local file that is no checkpoint of any kind is named at once, and nothing is loaded."""
    path = tmp_path / "foreign.pt"
    path.write_bytes(content)
    with at_once():
        status = model_status(model(engine, path), "auto")

    assert status.readiness == "broken"
    assert status.reason == f"{path} is not a model of {engine}: it is not a checkpoint of PyTorch"


@pytest.mark.parametrize("content", [b"PK\x03\x04 half an archive", b"\x80 half a pickle"])
def test_foreign_checkpoint(handle, tmp_path, content):
    """A local file that is not a checkpoint is named."""
    path = tmp_path / "foreign.pt"
    path.write_bytes(content)

    problem, hint = refusal(handle, model("openai-whisper", path))

    assert f"{path} is not a checkpoint of openai-whisper" in problem
    assert hint == "correct weights in [tool.asrlab.models.under-test]"


def test_truncated_checkpoint(handle, pair, tmp_path):
    """A checkpoint that was cut short is named."""
    path = tmp_path / "half.pt"
    whole = pair("scripted").checkpoint.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    problem, _ = refusal(handle, model("openai-whisper", path))

    assert f"{path} is not a checkpoint of openai-whisper" in problem


def test_empty_folder(handle, tmp_path):
    """A folder without a model is broken, and what it lacks is named."""
    problem, _ = refusal(handle, model("faster-whisper", tmp_path))

    assert "is not a CTranslate2 Whisper folder: it lacks config.json, model.bin, tokenizer.json" in problem


@pytest.fixture
def folder(pair, tmp_path):
    """A CTranslate2 folder that a test may spoil."""
    for path in pair("scripted").folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_folder_without_tokenizer(handle, folder):
    """A folder that lacks its tokenizer fails at once: the package would ask a hub for it, for many seconds."""
    (folder / "tokenizer.json").unlink()

    problem, _ = refusal(handle, model("faster-whisper", folder))

    assert "it lacks tokenizer.json" in problem


@pytest.mark.parametrize("name", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_damaged_folder(handle, folder, name):
    """A folder with a file that was cut short is named."""
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])

    problem, _ = refusal(handle, model("faster-whisper", folder))

    assert str(folder) in problem or "engine faster-whisper does not load it" in problem


def test_foreign_folder(handle, folder):
    """A folder whose model is of another kind is named."""
    (folder / "model.bin").write_bytes(b"no model at all" * 100)

    problem, _ = refusal(handle, model("faster-whisper", folder))

    assert f"CTranslate2 does not load {folder}" in problem


def test_explicit_mps_for_faster_whisper(handle, pair):
    """faster-whisper made to run on mps alone is refused, and the reason says that there is no such build."""
    spec = model("faster-whisper", pair("scripted").folder)
    subject = handle(spec, device="mps", require_device=True)

    with at_once(), pytest.raises(ModelError, match=r"device mps was required.*the engine has no mps build"):
        subject.observe(clip("short-rms"))


def test_a_model_that_does_not_load_is_not_tried_again(handle, tmp_path):
    """The second clip of a model that did not load gets the first one's error, without another attempt."""
    subject = handle(model("faster-whisper", tmp_path))
    with pytest.raises(ModelError) as first:
        subject.observe(clip("short-rms"))

    with pytest.raises(ModelError) as second:
        subject.observe(clip("goforward"))

    assert first.value is second.value
