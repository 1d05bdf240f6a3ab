"""Both Whisper engines, as a model handle runs them."""

from dataclasses import replace

import pytest
import soundfile
from under_test import clip, load, model

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.profile import FAIR, LIBRARY
from asrlab_pytest.scoring.score import score
from checkpoints import SENTENCE

ENGINES = ("openai-whisper", "faster-whisper")


@pytest.fixture(params=ENGINES, scope="module")
def engine(request):
    """An engine's name."""
    return request.param


@pytest.fixture(scope="module")
def scripted(pair, engine):
    """Makes a model with scripted weights."""

    def make(**keys):
        return model(engine, pair("scripted").weights(engine), **keys)

    return make


@pytest.fixture(scope="module")
def random(pair, engine):
    """Makes a model with random weights."""

    def make(**keys):
        return model(engine, pair("random").weights(engine), **keys)

    return make


@pytest.fixture(scope="module")
def recognizer(scripted):
    """A recognizer with scripted weights, that has heard whatever the tests before gave it."""
    return load(scripted())


@pytest.fixture(scope="module")
def nonsense(random):
    """A recognizer with random weights, that has heard whatever the tests before gave it."""
    return load(random())


def test_known_text(handle, scripted):
    """A scripted model writes its sentence, whatever it hears, with the word error rate that can be counted by hand."""
    rates = {SENTENCE: 0.0, "the quick red fox jumps over a lazy dog": 2 / 9, "the quick brown fox": 5 / 4}
    subject = handle(scripted())

    for reference, wer in rates.items():
        observation = subject.observe(replace(clip("goforward", reference), id=reference))
        assert observation.hypothesis.strip() == SENTENCE
        assert score(observation.reference, observation.hypothesis).wer == pytest.approx(wer)


def test_library_defaults(handle, scripted):
    """With the package's own defaults, beam and thresholds included, a scripted model writes its sentence too."""
    observation = handle(scripted(profile=LIBRARY)).observe(clip("goforward"))

    assert observation.hypothesis.strip() == SENTENCE


def test_random_weights(handle, random):
    """Random weights, whose text may be anything, are run, timed and described like any others."""
    observation = handle(random()).observe(clip("goforward"))

    assert observation.hypothesis
    assert observation.latency_s > 0
    assert (observation.device, observation.compute_type) == ("cpu", "float32")
    assert len(observation.weights_sha256) == 64


def test_same_text_again(nonsense, sounds):
    """Nothing is carried from clip to clip: a sound gives the same transcript after others as before them."""
    first = nonsense.transcribe(sounds["noise"], "en")
    for name in ("silence", "tone"):
        nonsense.transcribe(sounds[name], "en")

    assert nonsense.transcribe(sounds["noise"], "en") == first


def test_a_language_with_its_region(nonsense, sounds):
    """A language that is stated with a region is decoded in as the language that Whisper knows."""
    assert nonsense.transcribe(sounds["noise"], "en-US") == nonsense.transcribe(sounds["noise"], "en")


def test_segments(recognizer, sounds):
    """A segment has the text and the times that the model wrote, and no words, which nobody asked for."""
    (segment,) = recognizer.transcribe(sounds["tone"], "en").segments

    assert segment.text.strip() == SENTENCE
    assert (segment.start, segment.end) == (0.0, pytest.approx(2.0))
    assert set(segment.details) == {"avg_logprob", "compression_ratio", "no_speech_prob", "temperature"}
    assert segment.details["temperature"] == 0.0
    assert segment.words == ()


def test_words(scripted, sounds):
    """With word timestamps a segment has its words, in order, inside the audio, with probabilities."""
    words = load(scripted(word_timestamps=True)).transcribe(sounds["tone"], "en").segments[0].words

    assert [word.text.strip() for word in words] == SENTENCE.split()
    times = [time for word in words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] <= 3.02
    assert all(0 <= word.probability <= 1 for word in words)


def test_language_is_detected(recognizer, sounds):
    """Without a language the model detects one, and the transcript says which."""
    transcript = recognizer.transcribe(sounds["tone"], None)

    assert transcript.language == "en"
    assert transcript.text.strip() == SENTENCE


def test_english_only(pair, handle, engine):
    """An English-only checkpoint runs as a multilingual one does."""
    spec = model(engine, pair("scripted", "english").weights(engine))

    assert handle(spec).observe(clip("goforward")).hypothesis.strip() == SENTENCE


def test_wide_spectrogram(pair, handle, engine):
    """A checkpoint of large-v3's kind, with 128 bands and 100 languages, runs as any other."""
    spec = model(engine, pair("scripted", "multilingual-100").weights(engine))

    assert handle(spec).observe(clip("goforward")).hypothesis.strip() == SENTENCE


def test_longer_than_a_window(scripted, handle, tmp_path, sounds):
    """A clip of more than 30 seconds is transcribed in several windows, and the text of all is there."""
    path = tmp_path / "long.wav"
    soundfile.write(path, list(sounds["noise"]) * 11, 16_000)
    observation = handle(scripted(without_timestamps=True)).observe(Clip(id="long", audio=path, text="", language="en"))

    assert observation.hypothesis.count("quick") == 2


def test_needs_no_ffmpeg(handle, scripted, monkeypatch):
    """No program is called to decode audio: an empty PATH does no harm."""
    monkeypatch.setenv("PATH", "")

    assert handle(scripted()).observe(clip("goforward")).hypothesis


def test_option_is_passed_on(engine, scripted, sounds):
    """An option of the package's own reaches it: a limit of tokens cuts the sentence short."""
    limit = {"openai-whisper": {"sample_len": 4}, "faster-whisper": {"max_new_tokens": 5}}[engine]
    recognizer = load(scripted(**limit))

    assert recognizer.transcribe(sounds["tone"], "en").text.strip() == "The quick brown"
    assert limit.items() <= recognizer.settings.items()


def test_option_beats_profile(scripted):
    """A model's own option is stronger than its profile."""
    recognizer = load(scripted(profile=replace(FAIR, beam_size=1), beam_size=3))

    assert recognizer.decoding["beam_size"] == 3


def test_unknown_option(engine, scripted):
    """An option that the package does not know is refused, with the one that looks like it."""
    with pytest.raises(ModelError, match=f"engine {engine} has no option 'beam_sise'; did you mean beam_size?"):
        load(scripted(beam_sise=5))


def test_threads(engine, scripted, sounds):
    """The number of threads is what the model says, and is in the settings."""
    name = {"openai-whisper": "threads", "faster-whisper": "cpu_threads"}[engine]
    recognizer = load(scripted(**{name: 2}))

    assert recognizer.settings[name] == 2
    assert recognizer.decoding["threads"] == 2
    assert recognizer.transcribe(sounds["tone"], "en").text.strip() == SENTENCE


def test_unsupported_compute_type(engine, handle, scripted):
    """A compute type that the device does not have is refused, with those that it has."""
    with pytest.raises(ModelError, match=r"float32.*, not float16"):
        handle(scripted(compute_type="float16")).observe(clip("goforward"))
