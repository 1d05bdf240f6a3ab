"""An engine as an outside package adds one: it repeats the text that is hidden in the samples of a clip.

`hide` makes such samples. A parrot that speaks hides what it says in noise that is as long as speech, so that a parrot
that judges it hears exactly that. What the engine does goes to the file that the environment variable PARROT_LOG names.

Options of a model: `fails_on` (a text), `advises` (the hint of that failure), `sleeps` (seconds, before each piece of
speech), `allocates` (megabytes, while it is loaded), `crowded` (whether it runs out of memory beside another), `takes`
(a device, whatever was asked). Of one that recognizes: `max_seconds` (what it takes of a clip), `flocks` (whether it
takes several clips in one call), `fails_on_flocks` (of more than so many clips), `in_flocks` (what it appends there),
`says` (instead of the hidden text), `says_unwatched` (the same outside of pytest's process), `appends`, `spins`
(seconds of processor time), `prints` (a line, to standard output), `crashes` (the process, with status 9), `details`
(of its segment). Of one that speaks or converses: `mumbles` (what it says instead, by text), `mute_on` (texts that it
says without a sound), `mute_unwatched` (whether it makes no sound outside of pytest's process), `sounds` (what is wrong
with its speech: a key of SPOILED). Of one that converses: `answers` (by question; {0} is the first question of the
dialogue), where it repeats the question otherwise. A prompt's voice is what is said in its place; the voice `mynah` is
one that no parrot has. Weights: `here`, `nowhere`, `rotten`, `hidden`, which no one can identify, or a name such as
`polly-1`.
"""

import os
import sys
import time
import zlib
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from asrlab_pytest.errors import ModelError, TranscriptionError
from asrlab_pytest.models.engine import (
    DialogueAgent,
    Engine,
    Loaded,
    Recognizer,
    Segment,
    Synthesizer,
    Transcript,
    Weights,
)
from asrlab_pytest.models.spec import READY, Readiness, Status

NAMES = ("polly-1", "polly-2")
FULL_SCALE = 32768
END = 0
RATE = 16_000
LETTERS_A_SECOND = 12
SPOILED = {
    "clipped": lambda speech: np.clip(20 * speech, -1, 1),
    "offset": lambda speech: speech + 0.1,
    "looped": lambda speech: np.tile(speech, 4),
    "not finite": lambda speech: np.append(speech, np.nan),
}
"""What can be wrong with speech."""


def hide(text, seconds):
    """16-bit samples at 16 kHz that begin with a text's bytes."""
    samples = np.zeros(int(seconds * RATE), dtype=np.int16)
    letters = np.frombuffer(text.encode(), dtype=np.uint8)
    samples[: len(letters)] = letters
    return samples


def found(samples):
    letters = np.rint(np.nan_to_num(samples) * FULL_SCALE).astype(int)
    ends = np.flatnonzero(letters == END)
    return bytes(letters[: ends[0]].tolist()).decode()


def spoken(text, spoiled=None):
    """Speech that begins with a hidden text: noise of 1.3 s or more, without a fault unless it is spoiled."""
    seconds = max(len(text) / LETTERS_A_SECOND, 1.3)
    places = np.arange(int(seconds * RATE)) / RATE
    draw = np.random.default_rng(zlib.crc32(text.encode()))
    # Sounds of another strength each, as syllables are, with silence around them all.
    strengths = np.repeat(draw.uniform(0.01, 0.1, len(places) // 1000 + 1), 1000)[: len(places)]
    speech = draw.normal(0, 1, len(places)) * strengths * (places > 0.1) * (places < seconds - 0.1)
    speech = SPOILED[spoiled](speech) if spoiled else speech
    hidden = hide(text, 0.1)[: len(text.encode()) + 1]
    return np.concatenate([hidden / FULL_SCALE, speech[len(hidden) :]]).astype(np.float32)


def note(*words):
    if "PARROT_LOG" in os.environ:
        with Path(os.environ["PARROT_LOG"]).open("a", encoding="utf-8") as log:
            log.write(" ".join(map(str, words)) + "\n")


def is_watched():
    return "pytest" in sys.modules


class Parrot(Engine):
    name = "parrot"
    tasks = ("asr", "tts", "conversation")
    devices = ("mps", "cuda", "cpu")
    options = None

    def status(self, spec):
        if spec.weights == "nowhere":
            return Status(Readiness.WEIGHTS_MISSING, "the parrot has flown", f"asrlab pull {spec.id}")
        return READY

    def resolve_compute_type(self, spec, device):
        return spec.compute_type or "squawk8"

    def weights(self, spec):
        if spec.weights == "hidden":
            raise RuntimeError("a cloth covers the cage")
        return Weights(location=Path(spec.weights), sha256=None if spec.weights in NAMES else "0" * 64)

    def load(self, spec, device):
        if spec.weights == "rotten":
            raise ModelError("the parrot is dead", hint="return it to the shop")
        if spec.options.get("crowded") and ParrotLoaded.alive:
            raise MemoryError("two parrots in one cage")
        return OF_TASK[spec.task](spec, device)

    def download_url(self, spec):
        return None

    def pull(self, spec):
        raise ModelError("a parrot comes when it likes")


class ParrotLoaded(Loaded):
    """What every parrot has, whatever it was taught."""

    alive = 0
    is_cyclic = False

    def __init__(self, spec, device):
        self.id = spec.id
        self.options = spec.options
        self.device = spec.options.get("takes", device)
        self.compute_type = spec.compute_type or "squawk8"
        self.settings = dict(spec.options)
        self.ballast = b"\1" * int(1e6 * spec.options.get("allocates", 0))
        ParrotLoaded.alive += 1
        note("load", self.id, f"alive={ParrotLoaded.alive}")

    def refuse(self, text):
        if text and text == self.options.get("fails_on"):
            if "advises" in self.options:
                raise TranscriptionError("the parrot bit me", hint=self.options["advises"])
            raise RuntimeError("the parrot bit me")

    def pause(self):
        time.sleep(self.options.get("sleeps", 0))

    def device_memory_bytes(self):
        return None if self.device == "cpu" else 1

    def close(self):
        ParrotLoaded.alive -= 1
        note("close", self.id)


class ParrotRecognizer(ParrotLoaded, Recognizer):
    def __init__(self, spec, device):
        super().__init__(spec, device)
        self.max_seconds = spec.options.get("max_seconds")

    def transcribe(self, samples, language):
        text = found(samples)
        note("transcribe", self.id, f"{len(samples) / RATE:.1f}", text)
        self.pause()
        if "prints" in self.options:
            print(self.options["prints"], flush=True)  # noqa: T201
        if self.options.get("crashes"):
            os._exit(9)
        end = time.process_time() + self.options.get("spins", 0)
        while time.process_time() < end:
            pass
        self.refuse(text)
        text = self.options.get("says", text)
        text = text if is_watched() else self.options.get("says_unwatched", text)
        text += self.options.get("appends", "")
        segment = Segment(text=text, start=0.0, end=1.0, details=self.options.get("details", {}))
        return Transcript(text=text, segments=(segment,), language=language)


class ParrotFlock(ParrotRecognizer):
    """Takes several clips in one call."""

    def transcribe_batch(self, batch, language):
        note("flock", self.id, len(batch))
        if len(batch) > self.options.get("fails_on_flocks", len(batch)):
            raise MemoryError("the cage is too small")
        written = [self.transcribe(samples, language) for samples in batch]
        return [replace(one, text=one.text + self.options.get("in_flocks", "")) for one in written]


def recognizer(spec, device):
    return (ParrotFlock if spec.options.get("flocks") else ParrotRecognizer)(spec, device)


class ParrotThatSpeaks(ParrotLoaded):
    sample_rate = RATE

    def pieces(self, text):
        """The speech of a text in three pieces, each after a pause; none of a text that it is mute on."""
        self.refuse(text)
        if text in self.options.get("mute_on", ()) or (self.options.get("mute_unwatched") and not is_watched()):
            return
        speech = spoken(self.options.get("mumbles", {}).get(text, text), self.options.get("sounds"))
        for piece in np.array_split(speech, 3):
            self.pause()
            yield piece


class ParrotSynthesizer(ParrotThatSpeaks, Synthesizer):
    def speak(self, text, voice, language):
        note("speak", self.id, language, text)
        if voice == "mynah":
            raise ModelError("the parrot has no voice 'mynah'", hint="write what it shall say instead")
        yield from self.pieces(voice or text)


class ParrotAgent(ParrotThatSpeaks, DialogueAgent):
    def __init__(self, spec, device):
        super().__init__(spec, device)
        self.asked = []

    def begin(self, language):
        note("begin", self.id, language)
        self.asked.clear()

    def respond(self, samples):
        question = found(samples)
        note("ask", self.id, f"{len(samples) / RATE:.1f}", question)
        self.asked.append(question)
        answer = self.options.get("answers", {}).get(question, question).format(*self.asked)
        words = iter(answer.split(" "))
        self.pause()
        yield next(words)
        for piece in self.pieces(answer):
            yield piece
            yield from (f" {word}" for word in islice(words, 1))
        yield from (f" {word}" for word in words)


OF_TASK = {"asr": recognizer, "tts": ParrotSynthesizer, "conversation": ParrotAgent}
