"""Conversion of openai-whisper checkpoints to CTranslate2 folders."""

import json

import numpy as np
import pytest

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.convert import convert_checkpoint
from checkpoints import Shape
from lazily import Lazily

ctranslate2 = Lazily("ctranslate2")
faster_whisper = Lazily("faster_whisper")
tokenizers = Lazily("tokenizers")
torch = Lazily("torch")
whisper = Lazily("whisper")

VOCABULARIES = ("english", "multilingual", "multilingual-100")
NASTY = (
    " The quick brown fox",
    "don't  stop\n\tnow ",
    "x²+½ — “Ünïcödé” 漢字かな 한국어 🙂👩‍👩‍👧",
    "1,234.5€ e.g. http://a.b/c?d=e#f",
    "\u00a0\u2028 \u0301combining",
)


@pytest.fixture(params=VOCABULARIES)
def vocabulary(request):
    """A vocabulary of Whisper."""
    return request.param


@pytest.fixture
def tokenizer(pair, vocabulary):
    """The rebuilt tokenizer, as faster-whisper uses it for English speech."""
    rebuilt = tokenizers.Tokenizer.from_file(str(pair("random", vocabulary).folder / "tokenizer.json"))
    return faster_whisper.tokenizer.Tokenizer(rebuilt, vocabulary != "english", task="transcribe", language="en")


def test_files(pair):
    """The folder holds what faster-whisper reads, and nothing is left beside it."""
    folder = pair("random").folder

    assert sorted(path.name for path in folder.iterdir()) == [
        "config.json",
        "model.bin",
        "preprocessor_config.json",
        "tokenizer.json",
        "vocabulary.json",
    ]
    assert not list(folder.parent.glob(".*"))


def test_weights_are_unchanged(pair, sounds):
    """The encoder gives the same numbers in both formats, as far as float32 goes."""
    made = pair("random")
    mel = whisper.pad_or_trim(whisper.log_mel_spectrogram(sounds["chirp"]), 3000)[None]
    with torch.no_grad():
        mine = whisper.load_model(str(made.checkpoint), device="cpu").encoder(mel)
    model = ctranslate2.models.Whisper(str(made.folder), compute_type="float32", intra_threads=1)
    theirs = torch.tensor(np.array(model.encode(ctranslate2.StorageView.from_array(mel.numpy()))))

    torch.testing.assert_close(theirs, mine, rtol=0, atol=2e-5)


def test_tokens(tokenizer, vocabulary):
    """The rebuilt tokenizer splits and joins any text as openai-whisper's own does."""
    own = Shape(vocabulary).tokenizer

    for text in NASTY:
        assert tokenizer.encode(text) == own.encode(text)
        assert tokenizer.decode(own.encode(text)) == text


def test_broken_characters(tokenizer, vocabulary):
    """Tokens that end in the middle of a character read the same in both tokenizers."""
    own = Shape(vocabulary).tokenizer

    for text in NASTY:
        tokens = own.encode(text)
        for end in range(len(tokens)):
            assert tokenizer.decode(tokens[:end]) == own.decode(tokens[:end])


def test_special_tokens(tokenizer, vocabulary):
    """Prompt, end and timestamps have the ids that openai-whisper gives them."""
    own = Shape(vocabulary).tokenizer

    assert tuple(tokenizer.sot_sequence) == own.sot_sequence
    for name in ("eot", "sot", "sot_prev", "sot_lm", "no_speech", "no_timestamps", "timestamp_begin"):
        assert getattr(tokenizer, name) == getattr(own, name), name


def test_suppressed_tokens(pair, tokenizer, vocabulary):
    """What openai-whisper never writes is never written by faster-whisper either, nor by CTranslate2 alone."""
    own = Shape(vocabulary).tokenizer
    model = whisper.load_model(str(pair("random", vocabulary).checkpoint), device="cpu")
    expected = whisper.decoding.DecodingTask(model, whisper.DecodingOptions(fp16=False))._get_suppress_tokens()
    config = json.loads((pair("random", vocabulary).folder / "config.json").read_text(encoding="utf-8"))

    assert faster_whisper.transcribe.get_suppressed_tokens(tokenizer, [-1]) == expected
    assert tuple(config["suppress_ids"]) == expected
    assert config["suppress_ids_begin"] == [*own.encode(" "), own.eot]


def test_languages(pair, vocabulary):
    """A multilingual folder knows the tokens of its languages, an English-only one has none."""
    config = json.loads((pair("random", vocabulary).folder / "config.json").read_text(encoding="utf-8"))
    count = {"english": 0, "multilingual": 99, "multilingual-100": 100}[vocabulary]

    assert len(config["lang_ids"]) == count
    if count:
        assert config["lang_ids"] == sorted(Shape(vocabulary).tokenizer.all_language_tokens)


def heads(folder):
    return json.loads((folder / "config.json").read_text(encoding="utf-8"))["alignment_heads"]


def test_default_alignment_heads(pair):
    """Word timestamps come from the upper half of the decoder, as openai-whisper has it for an unknown checkpoint."""
    model = whisper.load_model(str(pair("random").checkpoint), device="cpu")

    assert heads(pair("random").folder) == model.alignment_heads.indices().T.tolist()


def test_given_alignment_heads(pair, tmp_path):
    """Heads that are given are those of the folder."""
    folder = convert_checkpoint(pair("random").checkpoint, tmp_path / "given", alignment_heads=[(0, 1)])

    assert heads(folder) == [[0, 1]]


def test_published_alignment_heads_of_another_size(pair, tmp_path):
    """A small checkpoint that is called like a published one keeps the heads of its own size."""
    checkpoint = tmp_path / "tiny.pt"
    checkpoint.write_bytes(pair("random").checkpoint.read_bytes())

    assert heads(convert_checkpoint(checkpoint, tmp_path / "tiny")) == heads(pair("random").folder)


def test_older_folder_is_replaced(pair, tmp_path):
    """A folder that is there is replaced as a whole."""
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "leftover").write_text("x", encoding="utf-8")

    convert_checkpoint(pair("random").checkpoint, folder)

    assert (folder / "model.bin").is_file()
    assert not (folder / "leftover").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def refusal(checkpoint, tmp_path):
    """The one sentence with which a file is refused, after which nothing is there."""
    with pytest.raises(ModelError) as caught:
        convert_checkpoint(checkpoint, tmp_path / "folder")
    assert not (tmp_path / "folder").exists()
    assert "\n" not in caught.value.problem
    return caught.value.problem


def test_no_file(tmp_path):
    """A checkpoint that is not there is named."""
    assert refusal(tmp_path / "none.pt", tmp_path) == f"no file {tmp_path / 'none.pt'}"


@pytest.mark.parametrize("content", [b"", b"no checkpoint at all", b"PK\x03\x04"])
def test_foreign_file(tmp_path, content):
    """A file of another kind is refused."""
    path = tmp_path / "foreign.pt"
    path.write_bytes(content)

    assert f"{path} is not a checkpoint of openai-whisper" in refusal(path, tmp_path)


def test_truncated_file(pair, tmp_path):
    """A file that was cut short is refused."""
    path = tmp_path / "half.pt"
    whole = pair("random").checkpoint.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    assert "is not a checkpoint of openai-whisper" in refusal(path, tmp_path)


def test_other_torch_file(tmp_path):
    """A checkpoint of some other model is refused."""
    path = tmp_path / "other.pt"
    torch.save({"weight": torch.zeros(3)}, path)

    assert "is not a checkpoint of openai-whisper (KeyError: 'dims')" in refusal(path, tmp_path)


def test_missing_tensor(pair, tmp_path):
    """A checkpoint that lacks a tensor is refused, and the tensor is named."""
    content = torch.load(pair("random").checkpoint, weights_only=True)
    del content["model_state_dict"]["decoder.ln.weight"]
    path = tmp_path / "lacking.pt"
    torch.save(content, path)

    assert "it lacks the tensor decoder.ln.weight" in refusal(path, tmp_path)


def test_other_vocabulary(pair, tmp_path):
    """A vocabulary that is not Whisper's is refused, and its size is named."""
    content = torch.load(pair("random").checkpoint, weights_only=True)
    content["dims"]["n_vocab"] = 1000
    path = tmp_path / "small.pt"
    torch.save(content, path)

    assert "its vocabulary has 1000 tokens" in refusal(path, tmp_path)


def test_missing_package(run_python):
    """Without CTranslate2 the refusal says which extra installs it."""
    code = """
        from pathlib import Path
        from asrlab_pytest.errors import ModelError
        from asrlab_pytest.models.convert import convert_checkpoint

        try:
            convert_checkpoint(Path("any.pt"), Path("folder"))
        except ModelError as error:
            print(error.hint)
    """

    assert run_python(code, hidden=["ctranslate2"]).strip() == 'uv add --dev "asrlab-pytest[faster-whisper]"'
