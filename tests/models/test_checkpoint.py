"""Conversion of CTranslate2 folders to openai-whisper checkpoints."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from under_test import heard, load, model

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.checkpoint import convert_folder
from asrlab_pytest.models.convert import convert_checkpoint
from asrlab_pytest.models.ctranslate2_file import read_model_file
from asrlab_pytest.models.engines.openai_whisper import OpenAIWhisper
from asrlab_pytest.models.profile import FAIR
from asrlab_pytest.models.spec import Readiness
from lazily import Lazily

ctranslate2 = Lazily("ctranslate2")
torch = Lazily("torch")
whisper = Lazily("whisper")

ENGINES = ("openai-whisper", "faster-whisper")
TOLERANCE_S = 0.02 + 1e-6
"""One frame of the encoder."""


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty folder of converted weights."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "asrlab" / "checkpoints"


@pytest.fixture(scope="module")
def trained(tiny_en, tmp_path_factory, tokenizers_made_once):
    """Whisper tiny.en: the published folder, its checkpoint, and the folder made of that again."""
    root = tmp_path_factory.mktemp("tiny.en")
    checkpoint = convert_folder(tiny_en, root / "tiny.en.pt")
    return tiny_en, checkpoint, convert_checkpoint(checkpoint, root / "tiny.en")


def content(checkpoint):
    return torch.load(checkpoint, weights_only=True)


def same(own, other):
    """Whether two checkpoints have the same dimensions and, bit for bit, the same tensors."""
    tensors, others = own["model_state_dict"], other["model_state_dict"]
    return (
        own["dims"] == other["dims"]
        and {*tensors} == {*others}
        and all(
            tensors[name].dtype == others[name].dtype and torch.equal(tensors[name], others[name]) for name in tensors
        )
    )


def test_trained_weights_there_and_back(trained, tmp_path):
    """Whisper tiny.en has the same tensors after each conversion, and CTranslate2 the same variables."""
    published, checkpoint, again = trained
    own, other = (read_model_file(folder / "model.bin") for folder in (published, again))

    assert same(content(checkpoint), content(convert_folder(again, tmp_path / "again.pt")))
    matrices = {name for name, variable in own.variables.items() if variable.shape}
    assert matrices == {name for name, variable in other.variables.items() if variable.shape}
    assert all(np.array_equal(own.read(name), other.read(name)) for name in matrices)
    assert {own.variables[name].type for name in matrices} == {"float16"}


@pytest.mark.parametrize("vocabulary", ["english", "multilingual", "multilingual-100"])
def test_random_weights_there_and_back(pair, tmp_path, vocabulary):
    """A checkpoint of any vocabulary, and of any size of heads, is the same after it was a folder."""
    made = pair("random", vocabulary)
    back = content(convert_folder(made.folder, tmp_path / "back.pt"))

    assert same(content(made.checkpoint), back)
    assert whisper.load_model(str(tmp_path / "back.pt"), device="cpu").is_multilingual == (vocabulary != "english")


def test_float32(tmp_path, pair, tokenizers_made_once):
    """Weights of float32 stay float32."""
    single = content(pair("random").checkpoint)
    single["model_state_dict"] = {name: tensor.float() for name, tensor in single["model_state_dict"].items()}
    torch.save(single, tmp_path / "single.pt")

    assert same(
        single,
        content(convert_folder(convert_checkpoint(tmp_path / "single.pt", tmp_path / "ct2"), tmp_path / "back.pt")),
    )


def test_trained_weights_in_both_engines(tiny_en, cache):
    """Whisper tiny.en in one folder writes the same text and words in both engines, at times within a frame."""
    profile = replace(FAIR, timestamps="word")
    loaded = [load(model(engine, tiny_en, profile=profile)) for engine in ENGINES]
    own, other = (one.transcribe(heard("goforward"), "en") for one in loaded)

    assert own.text.strip(" .").lower() == "go forward 10 meters"
    assert own.text == other.text
    words = [
        [(word.text, word.start, word.end) for part in each.segments for word in part.words] for each in (own, other)
    ]
    assert [text for text, *_ in words[0]] == [text for text, *_ in words[1]]
    assert [times for _, *times in words[0]] == [pytest.approx(times, abs=TOLERANCE_S) for _, *times in words[1]]
    assert [path.suffix for path in cache.iterdir()] == [".pt"]


def test_same_identity_in_both_engines(pair):
    """Both engines state the hash of the folder's files, so that a report knows them for the same weights."""
    folder = pair("scripted").folder
    stated = {load_weights(engine, folder).sha256 for engine in ENGINES}

    assert len(stated) == 1


def load_weights(engine, folder):
    from asrlab_pytest.models.engine import engine as adapter

    return adapter(engine).weights(model(engine, folder))


def test_converted_once(pair, cache):
    """The checkpoint of a folder is made when it is first needed, and again when it was discarded."""
    spec = model("openai-whisper", pair("scripted").folder)
    first = OpenAIWhisper().weights(spec).location
    made_at = first.stat().st_mtime_ns

    assert OpenAIWhisper().weights(spec).location.stat().st_mtime_ns == made_at
    assert [*cache.iterdir()] == [first]
    OpenAIWhisper().discard(spec)
    assert [*cache.iterdir()] == []
    assert OpenAIWhisper().pull(spec) == first
    assert first.is_file()


def test_named_alignment_heads(pair, tmp_path):
    """Word timestamps come from the heads that the folder names, or else from the upper half of the decoder."""
    folder = shutil.copytree(pair("random").folder, tmp_path / "named")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))

    def used(heads):
        (folder / "config.json").write_text(json.dumps(config | {"alignment_heads": heads}), encoding="utf-8")
        return load(model("openai-whisper", folder))._model.alignment_heads.to_dense().tolist()

    assert used([[0, 1]]) == [[False, True], [False, False]]
    assert used(None) == used([[9, 9]]) == [[False, False], [True, True]]


def refusal(folder):
    """Why a folder cannot be run, as its status and its conversion say it, and the hint; no checkpoint is left."""
    found = OpenAIWhisper().status(model("openai-whisper", folder))
    target = folder.parent / "target" / "refused.pt"
    with pytest.raises(ModelError) as caught:
        convert_folder(folder, target)
    assert found.readiness is Readiness.BROKEN
    assert found.reason == caught.value.problem
    assert "in [tool.asrlab.models.under-test]" in found.hint
    assert not target.parent.exists()
    return f"{found.reason} / {found.hint}"


@pytest.mark.parametrize("quantization", ["int8", "int8_float16", "bfloat16"])
def test_quantized(tmp_path, pair, quantization):
    """A quantized folder is refused, with its number format, and the engine that runs it is named."""
    folder = tmp_path / "quantized"
    quantize(pair("random").checkpoint, folder, quantization)
    sentence = refusal(folder)

    assert f"is quantized ({quantization.partition('_')[0]})" in sentence
    assert "openai-whisper runs only float16 and float32" in sentence
    assert 'engine = "faster-whisper"' in sentence


def quantize(checkpoint, folder, quantization):
    """Convert as CTranslate2's own converters do, with a quantization."""
    from asrlab_pytest.models import convert

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convert, "_stored_type", lambda _: quantization)
        convert_checkpoint(checkpoint, folder)


def test_foreign_folder(tmp_path, pair):
    """Without a model.bin, with one that is cut short or something else, or with another model's, it is refused."""
    folder = tmp_path / "folder"
    folder.mkdir()
    whole = (pair("random").folder / "model.bin").read_bytes()

    assert OpenAIWhisper().status(model("openai-whisper", folder)).reason.endswith("it has no model.bin")
    for content in (b"", b"{}" * 40, whole[: len(whole) // 2], whole[:-1]):
        (folder / "model.bin").write_bytes(content)
        assert "model.bin is not a model of CTranslate2" in refusal(folder)
    (folder / "model.bin").write_bytes(whole.replace(b"WhisperSpec", b"WhispxrSpec", 1))
    assert "is not a CTranslate2 folder of Whisper (it is a WhispxrSpec)" in refusal(folder)


def test_variable_that_is_missing(tmp_path, pair):
    """A model that lacks a variable is refused when it is converted, and the variable is named."""
    folder = shutil.copytree(pair("random").folder, tmp_path / "lacking")
    whole = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(whole.replace(b"decoder/layer_norm/beta", b"decoder/layer_norm/bexa"))

    with pytest.raises(ModelError, match="it lacks decoder/layer_norm/beta"):
        convert_folder(folder, tmp_path / "refused.pt")
    assert not [*tmp_path.glob("*.pt*")]
