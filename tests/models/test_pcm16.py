"""Engines that take 16-bit integers get those of the file: floats are made of them, and back again."""

import io
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from under_test import load, model

from asrlab_pytest.models.engines.openai_api import wav
from asrlab_pytest.models.engines.vosk import VoskRecognizer
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.speech import write_speech
from asrlab_pytest.waveform import pcm16

NUMBERS = np.arange(-(2**15), 2**15).astype("<i2")
"""Every integer of 16 bits."""
SAMPLES = NUMBERS.astype(np.float32) / 2**15


class Listener:
    """In place of a decoder: keeps what it is given, and understands nothing."""

    def __init__(self, *_):
        self.content = b""

    def __getattr__(self, name):
        return lambda *_, **__: None

    def process_raw(self, content, *, full_utt):
        self.content += content

    def AcceptWaveform(self, content):  # noqa: N802 - vosk calls it that
        self.content += content
        return False

    def FinalResult(self):  # noqa: N802 - vosk calls it that
        return '{"text": ""}'


def test_every_number():
    """Every 16-bit integer comes back from its float, and what is beyond full scale is cut there."""
    assert np.array_equal(pcm16(SAMPLES), NUMBERS)
    assert pcm16(np.array([1.5, 1, -1, -1.5], np.float32)).tolist() == [32767, 32767, -32768, -32768]


def test_pocketsphinx():
    """PocketSphinx decodes the samples of the file."""
    recognizer = load(model("pocketsphinx", "en-us"))
    recognizer._decoder = decoder = Listener()

    recognizer.transcribe(SAMPLES, "en")

    assert decoder.content == NUMBERS.tobytes()


def test_vosk(monkeypatch):
    """Vosk decodes the samples of the file."""
    decoder = Listener()
    vosk = SimpleNamespace(SetLogLevel=print, Model=str, KaldiRecognizer=lambda *_: decoder)
    monkeypatch.setitem(sys.modules, "vosk", vosk)

    VoskRecognizer(ModelSpec(id="under-test", engine="vosk", weights="folder")).transcribe(SAMPLES, "en")

    assert decoder.content == NUMBERS.tobytes()


@pytest.mark.parametrize("where", ["sent", "kept"])
def test_files(tmp_path, where):
    """Audio that is sent to a server, and speech that is kept, is a file of the same samples."""
    file = tmp_path / "a.wav"
    write_speech(file, SAMPLES, 16_000)

    numbers, _ = soundfile.read(file if where == "kept" else io.BytesIO(wav(SAMPLES)), dtype="int16")

    assert np.array_equal(numbers, NUMBERS)
