"""What engines with weights on a hub say of a missing package, missing weights, and a folder of another format."""

import json
from dataclasses import replace

import pytest

from asrlab_pytest.engines import ModelError, ModelSpec
from asrlab_pytest.models.engine import engine as make_engine
from asrlab_pytest.models.options import options_of
from asrlab_pytest.models.status import model_status
from asrlab_pytest.models.support import common

EXTRAS = {"transformers": "transformers", "mlx-whisper": "mlx", "parakeet-mlx": "mlx"}


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


@pytest.mark.parametrize("engine", EXTRAS)
def test_weights_that_are_not_there(engine, monkeypatch):
    """Missing weights are a status with the command that gets them, at once and offline, after a mistaken option."""
    monkeypatch.setattr(common, "find_spec", lambda _: object())
    status = model_status(spec_of(engine, "nobody/has-this-model"), "auto")

    assert status.readiness.value == "weights missing"
    assert "asrlab pull mine" in status.hint

    mistaken = replace(spec_of(engine, "nobody/has-this-model"), options={"beam_sizee": 5})
    assert model_status(mistaken, "auto").readiness.value == "broken"


@pytest.mark.parametrize("engine", EXTRAS)
def test_an_option_that_is_unknown(engine):
    """An unknown option is refused by name."""
    with pytest.raises(ModelError, match="beems"):
        options_of(make_engine(engine).options, ModelSpec(id="m", engine=engine, weights="w", options={"beems": 5}))


def test_a_folder_of_parakeet_mlx(tmp_path, monkeypatch):
    """The configuration of NeMo with mlx's weights is parakeet-mlx's, and no other engine takes it."""
    monkeypatch.setattr(common, "find_spec", lambda _: object())
    target = "nemo.collections.asr.models.ctc_bpe_models.EncDecCTCModelBPE"
    (tmp_path / "config.json").write_text(json.dumps({"target": target}), encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"")

    assert model_status(spec_of("parakeet-mlx", tmp_path), "auto").is_ready
    assert "in the format of parakeet-mlx" in model_status(spec_of("mlx-whisper", tmp_path), "auto").reason
