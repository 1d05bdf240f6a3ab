"""What the engines transformers and mlx-whisper say of a missing package, and of a folder that they do not read."""

import pytest

from asrlab_pytest.engines import ModelSpec
from asrlab_pytest.models.status import model_status
from asrlab_pytest.models.support import common

EXTRAS = {"transformers": "transformers", "mlx-whisper": "mlx"}


def spec_of(engine, folder):
    return ModelSpec(id="mine", engine=engine, weights=str(folder))


@pytest.mark.parametrize("engine", EXTRAS)
def test_a_missing_package(engine, tmp_path, monkeypatch):
    """A missing package is a status with the command that installs it."""
    monkeypatch.setattr(common, "find_spec", lambda _: None)
    status = model_status(spec_of(engine, tmp_path), "auto")

    assert status.readiness.value == "package missing"
    assert f"asrlab-pytest[{EXTRAS[engine]}]" in status.hint


@pytest.mark.parametrize("engine", EXTRAS)
@pytest.mark.parametrize(
    ("files", "words"),
    [
        ((), "is not a model of"),
        (("config.json", "model.bin", "tokenizer.json"), "is in the format of faster-whisper"),
        (("encoder.onnx", "tiny-tokens.txt"), "is in the format of sherpa-onnx"),
    ],
)
def test_a_folder_of_another_format(engine, files, words, tmp_path, monkeypatch):
    """A folder that the engine does not read is a sentence, at once, with the engine that does."""
    monkeypatch.setattr(common, "find_spec", lambda _: object())
    for name in files:
        (tmp_path / name).write_text("{}", encoding="utf-8")
    status = model_status(spec_of(engine, tmp_path), "auto")

    assert words in status.reason
    assert "correct weights" in status.hint
