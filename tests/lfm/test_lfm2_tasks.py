"""LFM2-Audio transcribes, speaks and converses, through the installed liquid-audio as it is."""

import json
import shutil

import numpy as np
import pytest

from asrlab_pytest.errors import ModelError, TranscriptionError

pytest.importorskip("liquid_audio", reason='needs the extra "lfm2", on Python 3.12 or later')

from lfm_checkpoint import SPECIAL, spelled

END, AUDIO, TEXT_END = SPECIAL[7], SPECIAL[128], SPECIAL[130]
SENTENCE = ("Go", " forward", " ten", " meters", ".", END)
FRAME = 1920
FIRST_FRAMES = 12
JAPANESE = ("ja", "ja-JP", "ja_JP", "JA")


def said(answer):
    """The text of an answer."""
    return "".join(piece for piece in answer if isinstance(piece, str))


def sound(answer):
    """The pieces of speech of an answer."""
    return [piece for piece in answer if not isinstance(piece, str)]


@pytest.mark.parametrize("compute_type", ["float32", "bfloat16"])
def test_transcribes(load, answering, noise, compute_type):
    """Weights that know one sentence write it, to the letter, and nothing of their special tokens."""
    assert load(answering(*SENTENCE), compute_type=compute_type).transcribe(noise(2), "en").text == (
        "Go forward ten meters."
    )


@pytest.mark.parametrize(
    ("language", "prompt"),
    [(None, "Perform ASR."), ("en", "Perform ASR."), *((code, "Perform ASR in japanese.") for code in JAPANESE)],
)
def test_prompt_of_the_language(load, answering, noise, language, prompt):
    """The system prompt is the one that the model card of the language's weights states."""
    subject = load(answering(*SENTENCE))
    generate, seen = subject._model.generate_sequential, []
    subject._model.generate_sequential = lambda **inputs: seen.append(inputs["text"][0]) or generate(**inputs)

    subject.transcribe(noise(1), language)

    assert [subject._processor.text.decode(text) for text in seen] == [
        f"<|startoftext|><|im_start|>system\n{prompt}<|im_end|>\n<|im_start|>user\n<|im_end|>\n<|im_start|>assistant\n"
    ]


@pytest.mark.parametrize("seconds", [0, 0.05, 0.1, 60])
def test_length_of_the_audio(load, answering, noise, seconds):
    """No audio, hardly any, and a minute of it are heard without an error, and answered by what the weights know."""
    assert load(answering(*SENTENCE)).transcribe(noise(seconds), None).text == "Go forward ten meters."


def test_nothing_to_write(load, answering, noise):
    """Weights that end their turn at once write an empty text."""
    assert load(answering(END)).transcribe(noise(1), "en").text == ""


def test_ten_minutes(load, answering, noise):
    """Ten minutes of audio that a context does not hold are refused in a sentence."""
    with pytest.raises(TranscriptionError, match="takes 7543 positions, and its context has 4096"):
        load(answering(*SENTENCE)).transcribe(noise(600), "en")


@pytest.mark.slow
def test_ten_minutes_in_a_long_context(load, answering, noise, tmp_path):
    """Ten minutes of audio are transcribed by weights of the published context of 32,768 positions."""
    folder = tmp_path / "long"
    folder.mkdir()
    for file in answering(*SENTENCE).iterdir():
        (folder / file.name).symlink_to(file)
    config = (folder / "config.json").read_text(encoding="utf-8")
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(
        config.replace('"max_position_embeddings": 4096', '"max_position_embeddings": 32768'), encoding="utf-8"
    )

    assert load(folder).transcribe(noise(600), "en").text == "Go forward ten meters."


@pytest.mark.parametrize("compute_type", ["float32", "bfloat16"])
def test_speaks(load, answering, compute_type):
    """Speech is finite, as long as its frames, and begins with a piece that is there before the rest."""
    subject = load(answering(AUDIO), "tts", compute_type=compute_type, max_new_tokens=1 + 30)

    first, rest = subject.speak("Good morning.", None, "en")

    assert len(first) == FIRST_FRAMES * FRAME - 480
    assert len(first) + len(rest) == 30 * FRAME
    assert first.dtype == np.float32
    assert np.isfinite(first).all()
    assert first.std() > 0


def test_first_piece_comes_early(load, answering, monkeypatch):
    """When the first piece of speech is there, the model has made no more frames than it stands on."""
    subject = load(answering(AUDIO), "tts", max_new_tokens=40)
    made = []
    original = subject._model._sample_audio_frame
    monkeypatch.setattr(
        subject._model, "_sample_audio_frame", lambda *given, **keys: made.append(1) or original(*given, **keys)
    )

    pieces = subject.speak("Good morning.", None, "en")
    next(pieces)

    assert len(made) == FIRST_FRAMES
    pieces.close()


def test_same_speech_twice(load, answering):
    """The same text gives the same speech, twice in one load and in another one; another seed gives another."""
    folder = answering(AUDIO)
    subject = load(folder, "tts", max_new_tokens=20)
    again = load(folder, "tts", max_new_tokens=20)
    other = load(folder, "tts", max_new_tokens=20, seed=1)

    first, second, third, fourth = (
        np.concatenate(list(each.speak("Good morning.", "uk-male", None))) for each in (subject, subject, again, other)
    )

    assert np.array_equal(first, second)
    assert np.array_equal(first, third)
    assert not np.array_equal(first, fourth)


def test_random_numbers_are_given_back(load, answering):
    """What the test draws from torch is the same with and without speech made in between, also between its pieces."""
    import torch

    subject = load(answering(AUDIO), "tts", max_new_tokens=20)
    torch.manual_seed(7)
    expected = torch.rand(3).tolist()

    torch.manual_seed(7)
    drawn = [torch.rand(1).item()]
    pieces = subject.speak("Good morning.", None, None)
    next(pieces)
    drawn.append(torch.rand(1).item())
    list(pieces)
    drawn.append(torch.rand(1).item())

    assert drawn == expected


def test_no_speech(load, answering):
    """Weights that end their turn without a sound give no piece of speech, and no error."""
    assert list(load(answering(END), "tts").speak("Good morning.", None, None)) == []


@pytest.mark.parametrize(
    ("voice", "language", "prompt"),
    [
        (None, None, "Perform TTS. Use the US male voice."),
        *((None, code, "Perform TTS in japanese.") for code in JAPANESE),
        ("uk-female", "en", "Perform TTS. Use the UK female voice."),
    ],
)
def test_voice(load, answering, voice, language, prompt):
    """A voice is asked for by the system prompt of the model card."""
    subject = load(answering(END), "tts")
    chat, asked = subject._chat, []
    subject._chat = lambda text: asked.append(text) or chat(text)

    list(subject.speak("Hello.", voice, language))

    assert asked == [prompt]


def test_unknown_voice(load, answering):
    """A voice that does not exist is refused when it is asked for, with those that do."""
    with pytest.raises(ModelError, match="there is no voice 'gruff'") as caught:
        load(answering(END), "tts").speak("Hello.", "gruff", None)
    assert "us-male, us-female, uk-male, uk-female" in caught.value.hint


@pytest.mark.parametrize("compute_type", ["float32", "bfloat16"])
def test_converses(load, answering, noise, compute_type):
    """Text and speech alternate, and the second turn is asked with all of the first before it."""
    subject = load(
        answering("Go", " ten", " miles", TEXT_END), "conversation", compute_type=compute_type, max_new_tokens=24
    )

    subject.begin("en")
    first = list(subject.respond(noise(1)))
    after_one = subject._processor.text.decode(subject._dialogue.text[0])
    second = list(subject.respond(noise(0.5)))
    after_two = subject._processor.text.decode(subject._dialogue.text[0])

    assert said(first) == said(second) == "Go ten miles"
    assert [isinstance(piece, str) for piece in first] == [True, True, True, False, False]
    assert sum(map(len, sound(first))) == 20 * FRAME
    assert after_one.endswith(
        "<|im_start|>user\n<|im_end|>\n<|im_start|>assistant\nGo ten miles<|text_end|><|im_end|>\n"
    )
    assert after_two.startswith(after_one + "<|im_start|>user\n")
    assert subject._dialogue.audio_out.shape[1] == 2 * 20
    assert len(subject._dialogue.audio_in_lens) == 2


def test_new_dialogue(load, answering, noise):
    """A dialogue that begins knows nothing of the one before, and so answers as that began."""
    subject = load(answering("Go", TEXT_END), "conversation", max_new_tokens=16)
    answers = []
    for _ in range(2):
        subject.begin(None)
        answers.append(np.concatenate(sound(subject.respond(noise(1)))))
        remembered = subject._dialogue.modality_flag.shape[1]

    assert np.array_equal(*answers)
    assert subject._dialogue.modality_flag.shape[1] == remembered
    assert len(subject._dialogue.audio_in_lens) == 1


def test_silent_answer(load, answering, noise):
    """An answer of neither text nor speech is not an error, and the dialogue goes on."""
    subject = load(answering(END), "conversation")

    assert [list(subject.respond(noise(1))) for _ in range(2)] == [[], []]


def test_answer_that_is_not_heard_out(load, answering, noise):
    """A turn that is broken off leaves a dialogue that can go on."""
    subject = load(answering("Go", " ten", TEXT_END), "conversation", max_new_tokens=16)

    broken_off = subject.respond(noise(1))
    assert next(broken_off) == "Go"
    broken_off.close()

    assert said(subject.respond(noise(1))) == "Go ten"


def test_character_of_several_tokens(load, answering, noise):
    """A character that takes several tokens comes in one piece, and no half of it before."""
    subject = load(answering(*spelled("né富")), "conversation", max_new_tokens=10)

    assert [piece for piece in subject.respond(noise(1)) if isinstance(piece, str)] == ["n", "é", "富"]


@pytest.mark.parametrize("token", [AUDIO, TEXT_END])
def test_tokens_that_are_no_text(load, answering, noise, tmp_path, token):
    """Tokens that tell the model what comes next are no text, even where the tokenizer does not mark them so."""
    folder = shutil.copytree(answering("Go", token), tmp_path / "unmarked")
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    for entry in tokenizer["added_tokens"]:
        entry["special"] = entry["content"] not in (AUDIO, SPECIAL[129], TEXT_END)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")

    assert said(load(folder, "conversation", max_new_tokens=6).respond(noise(1))) == "Go"
    assert load(folder, max_new_tokens=2).transcribe(noise(1), "en").text == "Go"
