"""Weights in another engine's format are refused with the engine that reads them, and so is all that is missing."""

import json
import struct
from dataclasses import replace
from fnmatch import fnmatchcase

import pytest
from under_test import at_once

from asrlab_pytest.engines import ModelSpec, Readiness
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.engines.onnx_asr import allowed
from asrlab_pytest.models.engines.whisper_cpp import header
from asrlab_pytest.models.status import model_status
from asrlab_pytest.models.support import common

pytestmark = pytest.mark.usefixtures("no_network")
NEW = {"onnx-asr": "onnx", "sherpa-onnx": "sherpa", "whisper-cpp": "whisper-cpp", "vosk": "vosk"}
GGML = b"lmgg" + struct.pack("<11i", 51_864, 1500, 384, 6, 4, 448, 384, 6, 4, 80, 1)
FILES = {
    "faster-whisper": ("config.json", "model.bin", "tokenizer.json"),
    "vosk": ("am/final.mdl", "conf/mfcc.conf"),
    "pocketsphinx": ("acoustic/mdef", "words.dict"),
    "onnx-asr": ("config.json", "encoder_model.onnx"),
    "sherpa-onnx": ("tiny-encoder.onnx", "tiny-decoder.onnx", "tiny-tokens.txt"),
    "mlx-whisper": ("config.json", "weights.safetensors"),
    "transformers": ("config.json", "model.safetensors"),
}
"""The names of files that tell a format."""


@pytest.fixture
def folder_of(tmp_path):
    """Makes weights with the files of a format."""

    def make(name):
        if name == "whisper-cpp":
            path = tmp_path / "ggml-tiny.en.bin"
            path.write_bytes(GGML)
            return path
        for file in FILES[name]:
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            config = {"model_type": "whisper", **({"n_mels": 80} if name == "mlx-whisper" else {})}
            path.write_text(json.dumps(config) if path.suffix == ".json" else "")
        return tmp_path / name

    return make


@pytest.fixture
def installed(monkeypatch):
    """The packages of all engines count as installed: what is looked at here are files."""
    for name in (*NEW, "transformers"):
        monkeypatch.setattr(type(engine(name)), "modules", ())
    monkeypatch.setattr(common, "package_missing", lambda *_: None)


def spec(name, weights, **options):
    return ModelSpec(id="mine", engine=name, weights=str(weights), options=options)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("given", [*FILES, "whisper-cpp"])
@pytest.mark.parametrize("name", [*NEW, "faster-whisper", "openai-whisper", "pocketsphinx", "transformers"])
def test_another_engines_format(folder_of, name, given):
    """Weights of another engine are refused at once with the engine that reads them, and its own are not."""
    with at_once():
        status = model_status(spec(name, folder_of(given)), "auto")

    if name == given or (name, given) == ("openai-whisper", "faster-whisper"):
        assert "in the format of" not in status.reason
        return
    assert status.readiness is Readiness.BROKEN
    assert f"is in the format of {given}, not of {name}" in status.reason
    assert status.hint == f'write engine = "{given}", or correct weights, in [tool.asrlab.models.mine]'


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", [*NEW, "openai-whisper"])
def test_a_folder_of_no_format(tmp_path, name):
    """A folder that no engine reads is refused with what it lacks."""
    status = model_status(spec(name, tmp_path), "auto")

    assert status.readiness is Readiness.BROKEN
    assert f"is not a model of {name}: it " in status.reason


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", [*NEW, "faster-whisper", "openai-whisper", "pocketsphinx", "transformers"])
def test_a_path_where_nothing_is(tmp_path, name):
    """A path at which nothing is counts as missing weights, with the path."""
    status = model_status(spec(name, tmp_path / "none.bin"), "auto")

    assert status.readiness is Readiness.WEIGHTS_MISSING
    assert status.reason == f"no file or folder {tmp_path / 'none.bin'}"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("name", "words"), [("vosk", "a folder"), ("pocketsphinx", "a folder or en-us")])
def test_a_name_where_a_folder_is_meant(name, words):
    """An engine whose weights have no names says what they must be, not what a folder of that name lacks."""
    status = model_status(spec(name, "small-en"), "auto")

    assert (status.readiness, status.reason) == (Readiness.BROKEN, f"weights must be {words}, not 'small-en'")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "weights", "command"),
    [("onnx-asr", "nemo-parakeet-tdt-0.6b-v3", "asrlab pull mine"), ("whisper-cpp", "base.en", "asrlab pull mine")],
)
def test_weights_of_the_hub(monkeypatch, name, weights, command):
    """Weights that the hub has are missing until they are downloaded, with the command."""
    names = {"nemo-parakeet-tdt-0.6b-v3": "istupakov/parakeet-tdt-0.6b-v3-onnx"}
    monkeypatch.setattr("asrlab_pytest.models.engines.onnx_asr.literal", lambda *_: names)
    with at_once():
        status = model_status(spec(name, weights), "auto")

    assert (status.readiness, status.hint) == (Readiness.WEIGHTS_MISSING, command)
    assert engine(name).download_url(spec(name, weights)) is not None


@pytest.mark.parametrize("name", NEW)
def test_a_missing_package(monkeypatch, name):
    """An engine whose package is missing says which extra installs it."""
    monkeypatch.setattr(common, "find_spec", lambda _: None)
    status = model_status(spec(name, "any"), "auto")

    assert status.readiness is Readiness.PACKAGE_MISSING
    assert status.hint == f'uv add --dev "asrlab-pytest[{NEW[name]}]"'


@pytest.mark.usefixtures("installed")
def test_a_whisper_of_english_alone(folder_of):
    """onnx-asr, whose prompt is for multilingual models, refuses an English-only Whisper."""
    folder = folder_of("onnx-asr")
    (folder / "config.json").write_text('{"model_type": "whisper", "vocab_size": 51864}')

    assert "an English-only Whisper" in model_status(spec("onnx-asr", folder), "auto").reason


@pytest.mark.parametrize(("compute_type", "other"), [(None, "int8"), ("int8", "float32")])
def test_what_is_downloaded(compute_type, other):
    """Of a repository of onnx-asr the models in one number format are downloaded, whatever the others."""
    files = {
        "float32": ("onnx/encoder_model.onnx", "encoder-model.onnx", "encoder-model.onnx.data", "v3_rnnt_joint.onnx"),
        "int8": (
            "onnx/encoder_model_int8.onnx",
            "encoder-model.int8.onnx",
            "v3_rnnt_joint.int8.onnx",
            "model.int8.onnx",
        ),
    }
    patterns = allowed(replace(spec("onnx-asr", "owner/name"), compute_type=compute_type))
    taken = {name for names in files.values() for name in names if any(fnmatchcase(name, each) for each in patterns)}

    assert taken == set(files[compute_type or "float32"])
    assert taken.isdisjoint(files[other])
    assert any(fnmatchcase("vocab.txt", each) for each in patterns)


@pytest.mark.usefixtures("installed")
def test_a_kind_that_cannot_be_told(tmp_path):
    """A model of sherpa-onnx whose family no file tells is refused with the families that there are."""
    for name in ("model.onnx", "tokens.txt"):
        (tmp_path / name).touch()
    untold = model_status(spec("sherpa-onnx", tmp_path), "auto")
    wrong = model_status(spec("sherpa-onnx", tmp_path, kind="wav2vec"), "auto")

    assert "does not tell its kind" in untold.reason
    assert "one of whisper, transducer" in untold.hint
    assert "has no kind 'wav2vec'" in wrong.reason
    assert model_status(spec("sherpa-onnx", tmp_path, kind="sense-voice"), "auto").is_ready


def test_the_header_of_a_ggml_file(folder_of):
    """The number format of a model of whisper.cpp is that of its file."""
    assert header(folder_of("whisper-cpp")) == (51_864, "float16")
