"""What the stopwatch of a transcription takes in."""

from asrlab_pytest.engines import Transcript
from asrlab_pytest.inference.on_demand import Stopwatch


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
