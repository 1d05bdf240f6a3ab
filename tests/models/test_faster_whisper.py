"""What only faster-whisper has."""

import time

import pytest
from under_test import clip, heard, load, model

from asrlab_pytest.errors import ModelError
from checkpoints import SENTENCE


@pytest.fixture
def scripted(pair):
    """Makes a model with scripted weights."""

    def make(**keys):
        return model("faster-whisper", pair("scripted").folder, **keys)

    return make


@pytest.mark.parametrize(("compute_type", "used"), [("float32", "float32"), ("int8", "int8_float32")])
def test_compute_type(handle, scripted, compute_type, used):
    """A compute type that the processor has is used, and CTranslate2's own word for it is recorded."""
    observation = handle(scripted(compute_type=compute_type)).observe(clip("goforward"))

    assert observation.hypothesis.strip() == SENTENCE
    assert observation.compute_type in (compute_type, used)


def test_never_quantizes_unasked(handle, scripted):
    """Where no compute type is asked for, the processor computes in float32."""
    assert handle(scripted()).observe(clip("goforward")).compute_type == "float32"


def test_automatic_compute_type(scripted):
    """CTranslate2's "auto", which quantizes silently, is refused."""
    with pytest.raises(ModelError, match=r"computes in .*, not auto"):
        load(scripted(compute_type="auto"))


def test_batched_pipeline(handle, scripted):
    """The batched pipeline writes the sentence, and the settings say that it was used."""
    observation = handle(scripted(batched=True, batch_size=2)).observe(clip("goforward"))

    assert observation.hypothesis.strip() == SENTENCE
    assert observation.settings["batched"] is True


def test_voice_activity_detection(scripted, sounds):
    """Where nobody speaks, voice activity detection leaves nothing to transcribe."""
    assert load(scripted(vad_filter=True)).transcribe(sounds["noise"], "en").text == ""


def test_voice_activity_detection_of_speech(scripted):
    """Where somebody speaks, voice activity detection leaves something to transcribe."""
    assert load(scripted(vad_filter=True)).transcribe(heard("read-slt"), "en").text.strip() == SENTENCE


def test_workers(scripted, sounds):
    """Several workers are made where they are asked for."""
    recognizer = load(scripted(num_workers=2))

    assert recognizer._model.model.num_workers == 2
    assert recognizer.settings["num_workers"] == 2
    assert recognizer.transcribe(sounds["tone"], "en").text.strip() == SENTENCE


def test_latency_covers_the_decoding(handle, pair):
    """The lazy segments are made inside the measured call: it lasts as long as making them, not as long as asking."""
    spec = model("faster-whisper", pair("endless").folder, without_timestamps=True, max_new_tokens=200, beam_size=5)
    latency = min(handle(spec, rounds=3).observe(clip("goforward")).latencies_s)
    recognizer = load(spec)
    asking, making = [], []
    for _ in range(3):
        # Processor time: a busy machine takes no more of it, and on one thread it is no more than wall time.
        start = time.process_time()
        lazy, _ = recognizer._model.transcribe(heard("goforward"), language="en", **recognizer._options)
        asked = time.process_time()
        list(lazy)
        asking.append(asked - start)
        making.append(time.process_time() - asked)

    assert min(asking) < 0.5 * min(making) < latency
