"""What the stopwatches of models take in."""

import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from asrlab_pytest.corpus.prompts import Prompt
from asrlab_pytest.engines import Transcript
from asrlab_pytest.inference.conversation import DialogueStopwatch
from asrlab_pytest.inference.on_demand import Stopwatch
from asrlab_pytest.inference.tts import SpeakingStopwatch


class Recognizer:
    """Notes what is asked of it."""

    def __init__(self):
        self.calls = []

    def synchronize(self):
        self.calls.append("synchronize")

    def transcribe(self, samples, language):
        self.calls.append("transcribe")
        return Transcript(text="hello")


def test_the_device_is_waited_for():
    """The clock starts when the device is idle, and stops when it has done all that the transcription asked of it."""
    recognizer = Recognizer()
    stopwatch = Stopwatch(recognizer, lambda: recognizer.transcribe((), "en"))
    stopwatch()
    stopwatch()

    assert recognizer.calls == ["synchronize", "transcribe", "synchronize"] * 2
    assert (len(stopwatch.latencies_s), len(stopwatch.cpu_s)) == (2, 2)


SECONDS = 0.3


class Elsewhere:
    """A model in a process of its own, which is at work for some time on whatever it is asked."""

    def __init__(self, pid):
        self.pid = pid
        self.process = psutil.Process(pid)

    def synchronize(self):
        pass

    def begin(self, language):
        pass

    def work(self):
        end = self.process.cpu_times().user + SECONDS
        while self.process.cpu_times().user < end:
            time.sleep(0.01)

    def speak(self, text, voice, language):
        self.work()
        yield np.ones(1, np.float32)

    def respond(self, samples):
        self.work()
        yield np.ones(1, np.float32)


@pytest.fixture
def elsewhere():
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as process:
        yield Elsewhere(process.pid)
        process.kill()


@pytest.mark.parametrize(
    "stopwatch",
    [
        lambda model: Stopwatch(model, model.work),
        lambda model: SpeakingStopwatch(model, Prompt(id="one", text="hello", language="en"), "en"),
        lambda model: DialogueStopwatch(model, [SimpleNamespace(samples=())], "en"),
    ],
    ids=["transcription", "speech", "dialogue"],
)
def test_processor_time_of_a_process_of_its_own(elsewhere, stopwatch):
    """The processor time of a model in a process of its own is that process's, whatever the task."""
    clock = stopwatch(elsewhere)
    clock()

    assert clock.cpu_s[0] >= 0.9 * SECONDS
