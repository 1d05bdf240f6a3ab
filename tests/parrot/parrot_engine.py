"""An engine as an outside package adds one: it repeats the text that is hidden in the samples of a clip.

`hide` makes such samples. What the engine does goes to the file that the environment variable PARROT_LOG names. Options
of a model: `says` (instead of the hidden text), `appends`, `fails_on` (a text), `sleeps` (seconds), `spins` (seconds of
processor time), `allocates` (megabytes, while it is loaded), `crowded` (whether it runs out of memory beside another),
`prints` (a line, to standard output), `crashes` (the process, with status 9),
`takes` (a device, whatever was asked), `details` (of its segment). Weights: `here`, `nowhere` or `rotten`.
"""

import os
import time
from pathlib import Path

import numpy as np

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engine import Engine, Recognizer, Segment, Transcript, Weights
from asrlab_pytest.models.spec import READY, Readiness, Status

FULL_SCALE = 32768
END = 0


def hide(text, seconds):
    """16-bit samples at 16 kHz that begin with a text's bytes."""
    samples = np.zeros(int(seconds * 16_000), dtype=np.int16)
    letters = np.frombuffer(text.encode(), dtype=np.uint8)
    samples[: len(letters)] = letters
    return samples


def found(samples):
    letters = np.rint(np.asarray(samples) * FULL_SCALE).astype(int)
    ends = np.flatnonzero(letters == END)
    return bytes(letters[: ends[0]].tolist()).decode()


def note(*words):
    if "PARROT_LOG" in os.environ:
        with Path(os.environ["PARROT_LOG"]).open("a", encoding="utf-8") as log:
            log.write(" ".join(map(str, words)) + "\n")


class Parrot(Engine):
    name = "parrot"
    devices = ("mps", "cuda", "cpu")

    def status(self, spec):
        if spec.weights == "nowhere":
            return Status(Readiness.WEIGHTS_MISSING, "the parrot has flown", f"asrlab pull {spec.id}")
        return READY

    def resolve_compute_type(self, spec, device):
        return spec.compute_type or "squawk8"

    def weights(self, spec):
        return Weights(location=Path(spec.weights), sha256="0" * 64)

    def load(self, spec, device):
        if spec.weights == "rotten":
            raise ModelError("the parrot is dead", mend="return it to the shop")
        if spec.options.get("crowded") and ParrotRecognizer.alive:
            raise MemoryError("two parrots in one cage")
        return ParrotRecognizer(spec, device)

    def download_url(self, spec):
        return None

    def pull(self, spec):
        raise ModelError("a parrot comes when it likes")


class ParrotRecognizer(Recognizer):
    alive = 0

    def __init__(self, spec, device):
        self.id = spec.id
        self.options = spec.options
        self.device = spec.options.get("takes", device)
        self.compute_type = spec.compute_type or "squawk8"
        self.settings = dict(spec.options)
        self.ballast = b"\1" * int(1e6 * spec.options.get("allocates", 0))
        ParrotRecognizer.alive += 1
        note("load", self.id, f"alive={ParrotRecognizer.alive}")

    def transcribe(self, samples, language):
        text = found(samples)
        note("transcribe", self.id, f"{len(samples) / 16_000:.1f}", text)
        time.sleep(self.options.get("sleeps", 0))
        if "prints" in self.options:
            print(self.options["prints"], flush=True)  # noqa: T201
        if self.options.get("crashes"):
            os._exit(9)
        end = time.process_time() + self.options.get("spins", 0)
        while time.process_time() < end:
            pass
        if text and text == self.options.get("fails_on"):
            raise RuntimeError("the parrot bit me")
        text = self.options.get("says", text) + self.options.get("appends", "")
        segment = Segment(text=text, start=0.0, end=1.0, details=self.options.get("details", {}))
        return Transcript(text=text, segments=(segment,), language=language)

    def device_memory_bytes(self):
        return None if self.device == "cpu" else 1

    def close(self):
        ParrotRecognizer.alive -= 1
        note("close", self.id)
