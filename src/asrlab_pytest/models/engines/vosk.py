"""Vosk: Kaldi models for about twenty languages, on the CPU."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engine import Engine, Recognizer, Segment, Transcript, Word
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Status
from asrlab_pytest.models.support.common import extra, modules_missing, tilde
from asrlab_pytest.models.support.formats import folder_missing, wrong_format
from asrlab_pytest.models.support.hub_files import weights_hint
from asrlab_pytest.waveform import SAMPLE_RATE, Waveform, pcm16

PIECE = SAMPLE_RATE // 4
"""Samples that are handed over at once, as from a microphone."""
_NEEDED = ("am/final.mdl", "conf")


class Vosk(Engine):
    """Weights are a folder of a Vosk model, with ``am``, ``conf`` and ``graph``. It has no options."""

    name = "vosk"
    modules = ("vosk",)
    install = extra("vosk")

    def status(self, spec: ModelSpec) -> Status:
        missing = modules_missing(self.modules, self.install) or folder_missing(spec)
        folder = Path(spec.weights)
        lack = [name for name in _NEEDED if not (folder / name).exists()]
        if missing or not lack:
            return missing or READY
        return wrong_format(spec, folder, f"it lacks {', '.join(lack)}")

    def load(self, spec: ModelSpec, device: Device) -> VoskRecognizer:
        return VoskRecognizer(spec)


class VoskRecognizer(Recognizer):
    """A loaded Kaldi model. It cuts speech at pauses by itself, and has a decoder of its own for each clip."""

    is_cyclic = False

    def __init__(self, spec: ModelSpec) -> None:
        import vosk

        vosk.SetLogLevel(-1)
        try:
            self._model: Any = vosk.Model(spec.weights)
        except Exception as error:  # noqa: BLE001 - the package raises Exception itself
            raise ModelError(
                f"model {spec.id}: vosk does not load {tilde(Path(spec.weights))}: {error}", hint=weights_hint(spec)
            ) from None

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        import vosk

        decoder = vosk.KaldiRecognizer(self._model, SAMPLE_RATE)
        decoder.SetWords(True)
        pcm = pcm16(samples)
        results = [
            decoder.Result()
            for start in range(0, len(pcm), PIECE)
            if decoder.AcceptWaveform(pcm[start : start + PIECE].tobytes())
        ]
        segments = tuple(_segments([*results, decoder.FinalResult()]))
        return Transcript(text=" ".join(each.text for each in segments), segments=segments, language=language)

    def close(self) -> None:
        self._model = None


def _segments(results: Iterable[str]) -> Iterable[Segment]:
    """A segment of each result with a text."""
    for result in map(json.loads, results):
        words = tuple(
            Word(text=word["word"], start=word["start"], end=word["end"], probability=word["conf"])
            for word in result.get("result", ())
        )
        if result["text"]:
            start, end = (words[0].start, words[-1].end) if words else (0.0, 0.0)
            yield Segment(text=result["text"], start=start, end=end, words=words)
