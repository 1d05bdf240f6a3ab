"""What happens where the files are not those of a whole checkpoint, and where the package's own way breaks."""

import shutil
from pathlib import Path

import pytest

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engines.lfm2 import loading as lfm2_loading
from asrlab_pytest.models.engines.lfm2.engine import Lfm2Audio
from asrlab_pytest.models.spec import Readiness

pytest.importorskip("liquid_audio", reason='needs the extra "lfm2", on Python 3.12 or later')

import torch
from liquid_audio import LFM2AudioProcessor
from safetensors.torch import load_file, save_file

WITHOUT_CUDA = r"Torch not compiled with CUDA enabled|Found no NVIDIA driver|No CUDA GPUs are available"


@pytest.fixture
def copy(checkpoint, tmp_path):
    """A copy of the random checkpoint, to be damaged."""
    return Path(shutil.copytree(checkpoint, tmp_path / "copy"))


def rewrite(file, change):
    """Change the tensors of a file."""
    tensors = load_file(file)
    change(tensors)
    save_file(tensors, file, metadata={"format": "pt"})


def half(tensors):
    for name in sorted(tensors)[::2]:
        del tensors[name]


def test_half_a_checkpoint(copy, load):
    """A checkpoint that lacks tensors is refused, with their number and some of their names."""
    rewrite(copy / "model.safetensors", half)

    with pytest.raises(ModelError, match=r"lacks \d+ of \d+ tensors \(audio_adapter\..*, \.\.\.\)") as caught:
        load(copy)
    assert "correct weights in" in caught.value.hint


def test_half_a_detokenizer(copy, load):
    """So is one whose decoder of speech lacks tensors, where speech is asked for; transcribing goes on without."""
    rewrite(copy / "audio_detokenizer" / "model.safetensors", half)

    with pytest.raises(ModelError, match=r"audio_detokenizer lacks \d+ of \d+ tensors \(emb\.emb\.weight"):
        load(copy, "tts")
    assert load(copy).device == "cpu"


def test_tensors_too_many(copy, load):
    """A checkpoint with a tensor that fits nowhere is refused, and the tensor is named."""
    rewrite(copy / "model.safetensors", lambda tensors: tensors.update({"lfm.stranger.weight": torch.zeros(2)}))

    with pytest.raises(ModelError, match=r"has, and the model does not, 1 of \d+ tensors \(lfm\.stranger\.weight\)"):
        load(copy)


def test_tied_and_computed_tensors_may_lack(copy, load, noise):
    """A checkpoint needs neither the second name of a tied tensor nor what the configuration gives."""

    def thin(tensors):
        for number in range(8):
            del tensors[f"depth_embeddings.{number}.to_logits.weight"]
        del tensors["codebook_offsets"], tensors["audio_loss_weights"]

    expected = load(copy, "conversation", max_new_tokens=12)
    rewrite(copy / "model.safetensors", thin)
    thinned = load(copy, "conversation", max_new_tokens=12)

    for each in (expected, thinned):
        list(each.respond(noise(1)))

    assert expected._dialogue.audio_out.shape[1] == 6
    assert torch.equal(expected._dialogue.audio_out, thinned._dialogue.audio_out)


def test_other_shape(copy, load):
    """A tensor of another shape is refused in a sentence that names it."""
    rewrite(copy / "model.safetensors", lambda tensors: tensors.update({"depth_linear.bias": torch.zeros(3)}))

    with pytest.raises(ModelError, match=r"depth_linear\.bias has the shape \(3,\) .*, and \(512,\) by"):
        load(copy)


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
def test_cut_off_file(copy, load, file):
    """A file of which only the beginning was copied is refused in a sentence."""
    whole = (copy / file).read_bytes()
    (copy / file).write_bytes(whole[: len(whole) // 2])

    with pytest.raises(ModelError, match=r"liquid-audio does not load .*copy on cpu"):
        load(copy)


def test_split_weights(copy, load, noise):
    """Weights that are split over several files are those of one file."""
    import json

    expected = load(copy, "conversation", max_new_tokens=8)
    tensors = load_file(copy / "model.safetensors")
    (copy / "model.safetensors").unlink()
    places = {name: f"model-{place % 2}.safetensors" for place, name in enumerate(tensors)}
    for file in set(places.values()):
        save_file({name: tensors[name] for name in tensors if places[name] == file}, copy / file)
    (copy / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}), encoding="utf-8")

    found = load(copy, "conversation", max_new_tokens=8)

    assert list(map(str, found.respond(noise(1)))) == list(map(str, expected.respond(noise(1))))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "is damaged: JSONDecodeError"),
        ("[]", "lacks preprocessor"),
        ('{"lfm": {}}', "lacks preprocessor, encoder"),
    ],
)
def test_configuration(copy, spec, content, reason):
    """A configuration that is damaged or another model's makes the model broken, and says why."""
    (copy / "config.json").write_text(content, encoding="utf-8")

    status = Lfm2Audio().status(spec(copy))

    assert status.readiness is Readiness.BROKEN
    assert reason in status.reason


def test_configuration_without_a_key(copy, load):
    """A configuration that lacks a key deeper within is refused when it is loaded, and the key is named."""
    text = (copy / "config.json").read_text(encoding="utf-8")
    (copy / "config.json").write_text(text.replace('"interleaved_n_audio"', '"interleaved"'), encoding="utf-8")

    with pytest.raises(ModelError, match="interleaved"):
        load(copy)


def test_without_detokenizer(copy, spec, load):
    """A folder without a decoder of speech can transcribe, and says why it cannot speak."""
    shutil.rmtree(copy / "audio_detokenizer")

    assert Lfm2Audio().status(spec(copy)).is_ready
    status = Lfm2Audio().status(spec(copy, "tts"))
    assert status.readiness is Readiness.BROKEN
    assert "cannot make speech: it has neither audio_detokenizer/model.safetensors" in status.reason
    with pytest.raises(ModelError, match="cannot make speech"):
        load(copy, "conversation")


def test_unknown_option(checkpoint, load):
    """An option that does not exist is refused, with those that do."""
    with pytest.raises(ModelError, match="no option 'beams'; it knows audio_temperature"):
        load(checkpoint, beams=5)


@pytest.mark.parametrize(
    ("device", "compute_type", "generation", "attention"),
    [
        ("cuda", "bfloat16", 8, "flash_attention_2"),
        ("cuda", "bfloat16", 7, "sdpa"),
        ("cuda", "float32", 8, "sdpa"),
        ("mps", "bfloat16", None, "sdpa"),
        ("cpu", "bfloat16", None, "sdpa"),
    ],
)
def test_flash_attention(monkeypatch, device, compute_type, generation, attention):
    """Flash attention, where it is installed, is taken where it can compute: on CUDA from Ampere on, not in float32."""
    monkeypatch.setattr("liquid_audio.utils.module_exists", {"flash_attn": True}.get)
    monkeypatch.setattr("asrlab_pytest.models.device.cuda_generation", lambda: generation)

    assert lfm2_loading._attention(device, getattr(torch, compute_type)) == attention


@pytest.mark.skipif(torch.cuda.is_available(), reason="CUDA is there")
def test_package_alone_wants_cuda(checkpoint):
    """Known failure: by its own defaults the package goes to CUDA, and fails where there is none."""
    with pytest.raises((AssertionError, RuntimeError), match=WITHOUT_CUDA) as caught:
        LFM2AudioProcessor.from_pretrained(checkpoint)

    assert any(entry.name == "to" and entry.path.name == "processor.py" for entry in caught.traceback)


@pytest.mark.skipif(torch.cuda.is_available(), reason="CUDA is there")
def test_package_alone_decodes_on_cuda(checkpoint):
    """Known failure: loaded on the CPU, the package still goes to CUDA for its decoder of speech."""
    processor = LFM2AudioProcessor.from_pretrained(checkpoint, device="cpu")

    with pytest.raises((AssertionError, RuntimeError), match=WITHOUT_CUDA) as caught:
        processor.decode(torch.zeros(1, 8, 4, dtype=torch.long))

    assert any(entry.name == "audio_detokenizer" for entry in caught.traceback)


def test_weights_are_identified(copy, spec):
    """The weights' hash changes with any file that makes the model what it is, and with no other."""
    from asrlab_pytest.models.support import common

    def sha256():
        common.forget_hashes()
        return Lfm2Audio().weights(spec(copy)).sha256

    before = sha256()
    (copy / "README.md").write_text("read me", encoding="utf-8")
    assert sha256() == before
    rewrite(copy / "audio_detokenizer" / "model.safetensors", lambda tensors: tensors["lin.bias"].add_(1))
    assert sha256() != before
