"""openai-whisper and faster-whisper say the same on the same weights, token for token."""

from dataclasses import replace

import pytest
from under_test import heard, load, model

from asrlab_pytest.models.profile import FAIR

ENGINES = ("openai-whisper", "faster-whisper")
TOLERANCE_S = 0.02 + 1e-6
"""One frame of the encoder."""


@pytest.fixture
def by(pair, sounds):
    """Gives what an engine makes of each sound, by a function of the recognizer and the samples."""

    def run(engine, weights, profile, function, names=("noise", "tone", "silence")):
        audio = {name: sounds[name] for name in names} | {"speech": heard("goforward")}
        recognizer = load(model(engine, pair(*weights).weights(engine), profile=profile))
        made = {name: function(recognizer, samples) for name, samples in audio.items()}
        recognizer.close()
        return made

    return run


@pytest.fixture
def by_both(by):
    """Gives what both engines make of each sound."""
    return lambda *arguments: [by(engine, *arguments) for engine in ENGINES]


def tokens(recognizer, samples):
    """The tokens that the engine's own package returns, called as the recognizer calls it."""
    result = recognizer._model.transcribe(samples, language="en", **recognizer._options)
    if isinstance(result, dict):
        return [token for segment in result["segments"] for token in segment["tokens"]]
    return [token for segment in result[0] for token in segment.tokens]


@pytest.mark.parametrize(
    ("vocabulary", "timestamps", "beam_size"),
    # Each two values of two columns are in some line together.
    [
        ("english", "none", 1),
        ("english", "segment", 5),
        ("english", "word", 1),
        ("multilingual", "none", 5),
        ("multilingual", "segment", 1),
        ("multilingual", "word", 5),
        ("multilingual-100", "none", 5),
        ("multilingual-100", "segment", 1),
        ("multilingual-100", "word", 1),
    ],
)
def test_same_tokens_of_random_weights(by_both, vocabulary, timestamps, beam_size):
    """Both engines write the same tokens with random weights, from English-only to large-v3's vocabulary."""
    profile = replace(FAIR, timestamps=timestamps, beam_size=beam_size)

    own, other = by_both(("random", vocabulary), profile, tokens, ["tone"])

    assert own == other


@pytest.mark.parametrize("beam_size", [1, 5])
@pytest.mark.parametrize("vocabulary", ["english", "multilingual", "multilingual-100"])
def test_same_tokens_of_scripted_weights(by_both, vocabulary, beam_size):
    """Both engines write the same tokens with scripted weights, with the default timestamps."""
    own, other = by_both(("scripted", vocabulary), replace(FAIR, beam_size=beam_size), tokens, ["silence"])

    assert own == other


@pytest.mark.parametrize("beam_size", [1, 5])
@pytest.mark.parametrize("kind", ["random", "scripted"])
def test_same_transcript(by_both, kind, beam_size):
    """Both engines give the same text and words, and times within 20 ms of each other."""
    profile = replace(FAIR, timestamps="word", beam_size=beam_size)
    names = {"random": ("noise", "tone", "silence"), "scripted": ("silence",)}[kind]

    own, other = by_both((kind,), profile, lambda recognizer, samples: recognizer.transcribe(samples, "en"), names)

    for name, transcript in own.items():
        assert transcript.text == other[name].text
        assert [text for text, *_ in pieces(transcript)] == [text for text, *_ in pieces(other[name])]
        for mine, theirs in zip(pieces(transcript), pieces(other[name]), strict=True):
            assert mine[1:] == pytest.approx(theirs[1:], abs=TOLERANCE_S), mine


def pieces(transcript):
    """Segments and words with their times; openai-whisper also lists segments without text, faster-whisper does not."""
    return [
        (part.text, part.start, part.end)
        for segment in transcript.segments
        if segment.text
        for part in (segment, *segment.words)
    ]


def test_random_text_depends_on_audio(by):
    """Random weights write something else for every sound, so that parity on them means something."""
    own = by("openai-whisper", ("random",), replace(FAIR, timestamps="none"), tokens)

    assert len({tuple(written) for written in own.values()}) == len(own)
