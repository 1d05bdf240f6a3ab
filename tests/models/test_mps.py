"""openai-whisper on Apple's GPU, as far as it can be shown without one: placement, dtypes, operators."""

from functools import cache

import pytest
from under_test import clip, heard, load, model

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models import device
from asrlab_pytest.models.engines import openai_whisper
from checkpoints import SENTENCE, Shape, random_checkpoint
from lazily import Lazily

torch = Lazily("torch")
whisper = Lazily("whisper")
fake_mps = Lazily("fake_mps")

RELEASES = ("2.5.1", "2.8.0", None)
SIZES = {
    "tiny": Shape("multilingual", state=384, heads=6, layers=1),
    "base": Shape("multilingual", state=512, heads=8, layers=1),
    "small.en": Shape("english", state=768, heads=12, layers=1),
    "medium": Shape("multilingual", state=1024, heads=16, layers=1),
    "large-v3": Shape("multilingual-100", state=1280, heads=20, layers=1),
}

SLOW = ("small.en", "medium", "large-v3")


@pytest.fixture
def mac(monkeypatch):
    """A machine that says it has the device, inside the pretended device. Tests ask for it before any handle."""
    monkeypatch.setattr(device, "has_device", ("mps", "cpu").__contains__)
    with fake_mps.FakeMPS() as pretended:
        yield pretended


@pytest.fixture(scope="module")
def on_the_processor(pair):
    """Gives the transcript that the processor gives, with words or without."""

    @cache
    def transcript(word_timestamps):
        spec = model("openai-whisper", pair("random").checkpoint, word_timestamps=word_timestamps)
        recognizer = load(spec)
        # The first transcription of a process differs from all others in the last digits of a probability.
        recognizer.transcribe(heard("goforward"), "en")
        return recognizer.transcribe(heard("goforward"), "en")

    return transcript


def test_placement(mac, handle, pair):
    """Left to choose, openai-whisper runs on the device: every weight lies there, in float32, and the text is known."""
    subject = handle(model("openai-whisper", pair("scripted").checkpoint))

    observation = subject.observe(clip("goforward"))

    assert observation.hypothesis.strip() == SENTENCE
    assert (observation.device, observation.compute_type) == ("mps", "float32")
    weights = subject.source._weights._model.state_dict().values()
    assert {tensor.device.type for tensor in weights} == {"mps"}
    assert {tensor.dtype for tensor in weights} == {torch.float32}
    assert torch.float16 not in mac.dtypes
    assert mac.seen["addmm"] > 0
    assert mac.synchronized >= 2
    assert observation.device_memory_bytes > 0


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("word_timestamps", [False, True])
def test_same_text_as_on_the_processor(pair, on_the_processor, release, word_timestamps):
    """With and without words, the operators of old releases suffice, and text and times are the processor's."""
    spec = model("openai-whisper", pair("random").checkpoint, word_timestamps=word_timestamps)
    expected = on_the_processor(word_timestamps)
    with fake_mps.FakeMPS(release):
        transcript = load(spec, "mps").transcribe(heard("goforward"), "en")

    assert transcript == expected


@pytest.mark.parametrize("beam_size", [None, 5])
def test_a_beam_waits_for_the_device(pair, mac, beam_size):
    """Greedy decoding reads few numbers back from the device, a beam very many: why greedy is the default."""
    load(
        model("openai-whisper", pair("random").checkpoint, beam_size=beam_size, without_timestamps=True), "mps"
    ).transcribe(heard("short-rms"), "en")

    read_back = mac.seen["_local_scalar_dense"]
    assert read_back < 100 if beam_size is None else read_back > 500


def test_half_precision(mac, handle, pair):
    """In float16 the weights of all products are halved on the device, norms are not, and nothing is cast per step."""
    subject = handle(model("openai-whisper", pair("scripted").checkpoint, compute_type="float16"))

    observation = subject.observe(clip("goforward"))

    assert observation.hypothesis.strip() == SENTENCE
    assert observation.compute_type == "float16"
    decoder = subject.source._weights._model.decoder
    assert decoder.blocks[0].mlp[0].weight.dtype == decoder.token_embedding.weight.dtype == torch.float16
    assert decoder.ln.weight.dtype == torch.float32
    assert decoder.ln.weight.device.type == "mps"


def test_half_precision_that_is_wrong(mac, handle, pair, monkeypatch):
    """Half precision that writes another text than the processor in float32 is refused before it is measured."""
    original = openai_whisper._halve

    def halve_badly(weights):
        original(weights)
        weights.decoder.token_embedding.weight.mul_(-1)

    monkeypatch.setattr(openai_whisper, "_halve", halve_badly)
    subject = handle(model("openai-whisper", pair("scripted").checkpoint, compute_type="float16", sample_len=8))

    with pytest.raises(ModelError, match=r"float16 on mps writes .* for the first clip"):
        subject.observe(clip("goforward"))


def test_old_torch(pair, monkeypatch):
    """A torch that is too old for Whisper on the device is named, with the release that is needed."""
    monkeypatch.setattr("torch.__version__", "2.8.0")

    with fake_mps.FakeMPS("2.8.0"), pytest.raises(ModelError, match=r"torch 2\.8\.0 lacks") as caught:
        load(model("openai-whisper", pair("scripted").checkpoint), "mps")
    assert "torch>=2.9" in caught.value.hint


@pytest.mark.parametrize(
    "size",
    [pytest.param(size, marks=pytest.mark.slow if size in SLOW else ()) for size in SIZES],
)
def test_every_size(tmp_path, mac, size):
    """The shapes of every size pass with word timestamps, which decode as without; the smallest passes without, too."""
    checkpoint = random_checkpoint(tmp_path / "size.pt", SIZES[size])
    for words in (False, True) if size == "tiny" else (True,):
        spec = model(
            "openai-whisper",
            checkpoint,
            sample_len=4,
            without_timestamps=True,
            word_timestamps=words,
            clip_timestamps="0,0.1",
        )
        assert load(spec, "mps").transcribe(heard("short-rms"), "en").segments


@pytest.mark.parametrize("release", ["2.5.1", "2.8.0"])
def test_without_our_move(pair, release):
    """Known failure: before torch 2.9 the package's own way of moving a model breaks at its sparse buffer."""
    weights = whisper.load_model(str(pair("scripted").checkpoint), device="cpu")

    with fake_mps.FakeMPS(release), pytest.raises(NotImplementedError, match="SparseMPS"):
        weights.to("mps")


def test_without_our_alignment(pair, mac):
    """Known failure: the package's own word timestamps break at float64, in every release."""
    weights = whisper.load_model(str(pair("scripted").checkpoint), device="cpu").to("mps")

    with pytest.raises(TypeError, match="doesn't support float64"):
        weights.transcribe(heard("short-rms"), language="en", fp16=False, word_timestamps=True)


def test_alignment_is_given_back(pair, mac):
    """The package's own alignment is in its place again after a clip."""
    before = whisper.timing.dtw

    load(model("openai-whisper", pair("scripted").checkpoint, word_timestamps=True), "mps").transcribe(
        heard("short-rms"), "en"
    )

    assert whisper.timing.dtw is before


def test_pretended_device():
    """The pretended device refuses what the real one refuses."""
    ours = torch.ones(2, 2)
    with fake_mps.FakeMPS("2.8.0") as pretended:
        theirs = ours.to("mps")
        assert (theirs.device.type, theirs.is_mps, (theirs @ theirs).tolist()) == (
            "mps",
            True,
            [[2.0, 2.0], [2.0, 2.0]],
        )
        assert pretended.seen["mm"] == 1
        assert torch.zeros(3, device="mps").device.type == "mps"
        assert theirs.cpu().device.type == "cpu"
        with pytest.raises(TypeError, match="float64"):
            theirs.double()
        with pytest.raises(TypeError, match="numpy"):
            theirs.numpy()
        with pytest.raises(RuntimeError, match="same device"):
            theirs @ ours
        with pytest.raises(NotImplementedError, match="'aten::special_erfcx' is not currently implemented"):
            torch.special.erfcx(theirs)
        with pytest.raises(NotImplementedError, match="SparseMPS"):
            ours.to_sparse().to("mps")
    assert torch.ones(1).device.type == "cpu"


def test_table_of_operators():
    """An operator lacks a kernel where neither the device nor a composition of others provides one."""
    table = [
        {"func": "both(Tensor x) -> Tensor", "dispatch": {"CPU, CUDA, MPS": "both"}},
        {"func": "composed(Tensor x) -> Tensor"},
        {"func": "explicit(Tensor x) -> Tensor", "dispatch": {"CompositeExplicitAutograd": "explicit"}},
        {"func": "lacking.out(Tensor x) -> Tensor", "dispatch": {"CPU": "lacking"}},
        {"func": "lacking(Tensor x) -> Tensor", "structured_delegate": "lacking.out"},
    ]

    assert fake_mps.missing_operators(table) == {"lacking", "lacking.out"}


def test_tables_of_releases():
    """Later releases lack fewer operators, and the installed one has sparse tensors."""
    older, old, new = (fake_mps.Operators.of(release) for release in RELEASES)

    assert len(older.missing) > len(old.missing)
    assert (older.has_sparse, old.has_sparse, new.has_sparse) == (False, False, True)
