"""A model that speaks, as it is measured: times, the judge, what is kept."""

import numpy as np
import parrot_engine
import pytest
import soundfile

import asrlab_pytest.models.engine as engines
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.prompts import Prompt
from asrlab_pytest.errors import ClipError, ModelError, TranscriptionError
from asrlab_pytest.inference.judge import Judge
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.on_demand import call_rounds
from asrlab_pytest.inference.speech import joined
from asrlab_pytest.inference.tts import SpeakingModel, SpeakingStopwatch
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.speech import SpeechFolder

HELLO = Prompt(id="one", text="hello there", language="en")


MADE = []
"""Models and judges of the test at hand."""


@pytest.fixture(autouse=True)
def _parrots():
    """Let the parrots be found, and release them after the test."""
    engines._entry_points.cache_clear()
    engines.engine.cache_clear()
    yield
    while MADE:
        MADE.pop().close()


def spec(name="coco", task="tts", **keys):
    return ModelSpec(id=name, engine="parrot", tasks=(task,), task=task, weights="here", **keys)


def model(folder=None, judge=None, recall=None, rounds=1, **options):
    conditions = RunConditions(corpus="prompts", device="cpu", rounds=rounds)
    judge = Judge(judge or spec("polly", "asr"), conditions)
    made = SpeakingModel(spec(options=options), conditions, recall, judge=judge, folder=SpeechFolder(folder))
    MADE.extend([made, judge])
    return made


class Slow:
    """Speaks in pieces, each when a clock of its own says so."""

    sample_rate = 16_000

    def __init__(self, *pieces):
        self.pieces = pieces

    def synchronize(self):
        pass

    def speak(self, text, voice, language):
        for piece in self.pieces:
            parrot_engine.time.sleep(0.02)
            yield np.ones(piece, dtype=np.float32)


def test_an_empty_piece_is_no_speech():
    """Time to first audio is that of the first piece with samples, and all pieces make one speech, in order."""
    stopwatch = SpeakingStopwatch(Slow(0, 3, 2), HELLO, "en")

    call_rounds(stopwatch, 2)

    assert len(stopwatch.latencies_s) == len(stopwatch.first_audio_s) == len(stopwatch.cpu_s) == 2
    assert all(0.04 <= first < last for first, last in zip(stopwatch.first_audio_s, stopwatch.latencies_s, strict=True))
    assert len(stopwatch.samples) == 5


def test_no_piece_at_all():
    """Where nothing comes the time to first audio is all the time, and the speech is empty."""
    stopwatch = SpeakingStopwatch(Slow(), HELLO, "en")

    stopwatch()

    assert stopwatch.first_audio_s == stopwatch.latencies_s
    assert stopwatch.samples.shape == (0,)


def test_joined():
    """Pieces are joined as they came, in float32."""
    pieces = [np.array([0.5, 1.0]), np.zeros(0, dtype=np.float32), np.array([-1.0], dtype=np.float64)]

    assert joined(pieces).tolist() == [0.5, 1.0, -1.0]
    assert joined(pieces).dtype == np.float32


def test_an_observation(tmp_path):
    """An observation has the text as its reference, what the judge heard as its hypothesis, and the speech's length."""
    one = model(tmp_path).observe(HELLO, call_rounds)

    assert (one.reference, one.hypothesis, one.task) == ("hello there", "hello there", "tts")
    assert one.audio_s == one.spoken.utterance.sound.seconds == 1.3
    assert one.audio_sha256 == one.spoken.utterance.sound.pcm_sha256
    samples, rate = soundfile.read(tmp_path / one.spoken.utterance.file)
    assert (len(samples), rate) == (20_800, 16_000)


def test_the_judge_listens_to_a_recording_once(tmp_path, monkeypatch):
    """A recording is heard once a session, however often its text is said."""
    log = tmp_path / "log"
    monkeypatch.setenv("PARROT_LOG", str(log))
    soundfile.write(tmp_path / "a.wav", parrot_engine.hide("hello bear", 3.0), 16_000, subtype="PCM_16")
    recording = Clip(id="one", audio=tmp_path / "a.wav", text="hello there", language="en")
    prompt = Prompt(id="one", text="hello there", language="en", recording=recording)
    speaker = model()

    heard = [speaker.observe(prompt, call_rounds).spoken.recording_heard for _ in range(3)]

    assert heard == ["hello bear"] * 3
    assert log.read_text().count("3.0 hello bear") == 1


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"id": "two", "tags": ("new",)}, True),
        ({"text": "hello"}, False),
        ({"voice": "hello dear"}, False),
        ({"language": "de"}, False),
    ],
)
def test_what_a_key_tells_apart(change, same):
    """Two prompts have one key where all that the heard text depends on is the same, whatever they are called."""
    keys = {"id": "one", "text": "hello there", "language": "en"}
    one, other = (model().observe(Prompt(**{**keys, **own}), call_rounds).key for own in ({}, change))

    assert (one == other) == same


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (model, True),
        (lambda: model(appends="!"), False),
        (lambda: model(judge=spec("polly", "asr", options={"appends": "!"})), False),
    ],
    ids=["the same", "another speaker", "another judge"],
)
def test_what_a_key_tells_of_the_parties(other, same):
    """Speaker and judge are both in the key."""
    assert (model().observe(HELLO, call_rounds).key == other().observe(HELLO, call_rounds).key) == same


def test_recall():
    """What is remembered under the key is taken from there, as recorded, and nothing is loaded."""
    first = model().observe(HELLO, call_rounds)
    again = model(recall=lambda key, _: first if key == first.key else None)

    one = again.observe(HELLO, call_rounds)

    assert (one.recorded, one.hypothesis, again.loaded) == (True, "hello there", None)
    assert one.spoken == first.spoken


def test_warm_up(tmp_path, monkeypatch):
    """A model is warmed up in its own voice, so that a prompt whose voice it lacks leaves no other one timed cold."""
    log = tmp_path / "log"
    monkeypatch.setenv("PARROT_LOG", str(log))
    spoken = model()
    with pytest.raises(ModelError, match="no voice 'mynah'"):
        spoken.observe(Prompt(id="none", text="a", voice="mynah"), call_rounds)
    spoken.observe(HELLO, call_rounds)

    assert [line for line in log.read_text().splitlines() if line.startswith("speak")] == [
        "speak coco None One.",
        "speak coco None a",
        "speak coco en hello there",
    ]
    assert spoken.loaded.warmup_s > 0


def test_no_speech():
    """A prompt of which no speech comes is observed as one in which the judge, which is known, heard nothing."""
    one = model(mute_on=["hello there"]).observe(HELLO, call_rounds)

    assert (one.reference, one.hypothesis, one.audio_s, one.rtf) == ("hello there", "", 0, None)
    assert one.spoken.utterance is None
    assert one.spoken.hearer.model == "polly"


@pytest.mark.parametrize(
    ("made", "prompt", "error", "sentence"),
    [
        (lambda: model(fails_on="hello there"), HELLO, TranscriptionError, "failed on prompt one: RuntimeError"),
        (model, Prompt(id="one", text="a", voice="mynah"), ModelError, "no voice 'mynah'"),
        (
            lambda: model(judge=spec("deaf", "asr", options={"fails_on": "hello there"})),
            HELLO,
            TranscriptionError,
            "the judge deaf failed on one: RuntimeError: the parrot bit me",
        ),
        (
            lambda: model(judge=spec("german", "asr", languages=("de",))),
            HELLO,
            ModelError,
            "the judge german is not meant for prompt one, which is in 'en', not in de",
        ),
    ],
)
def test_what_goes_wrong(made, prompt, error, sentence):
    """Each way in which no observation comes has an error that says whose doing it was."""
    with pytest.raises(error, match=sentence):
        made().observe(prompt, call_rounds)


def test_a_recording_that_is_missing(tmp_path, monkeypatch):
    """A recording that cannot be read is found before the model is asked anything."""
    monkeypatch.setenv("PARROT_LOG", str(tmp_path / "log"))
    recording = Clip(id="one", audio=tmp_path / "gone.wav", text="hello there")

    with pytest.raises(ClipError, match=r"gone\.wav"):
        model().observe(Prompt(id="one", text="hello there", recording=recording), call_rounds)
    assert not (tmp_path / "log").exists()


def test_an_engine_that_fails_in_close(monkeypatch):
    """An engine that cannot release its weights is warned of by name, and raises nothing where other models wait."""
    speaker = model()
    speaker.observe(HELLO, call_rounds)
    close = parrot_engine.ParrotLoaded.close

    def fail(parrot):
        close(parrot)
        raise RuntimeError("the cage is locked")

    monkeypatch.setattr(parrot_engine.ParrotLoaded, "close", fail)
    with pytest.warns(RuntimeWarning, match=r"model coco: engine parrot failed in close: .*the cage is locked"):
        speaker.close()
    monkeypatch.undo()
    speaker.close()


def test_speech_that_is_none(monkeypatch):
    """Pieces that cannot be speech are told with the model, the prompt, and what a piece must be."""
    monkeypatch.setattr(parrot_engine.ParrotSynthesizer, "speak", lambda *_: iter(["hello"]))

    with pytest.raises(TranscriptionError, match=r"model coco failed on prompt one: a piece of speech is"):
        model().observe(HELLO, call_rounds)


def test_a_rate_that_nobody_plays(monkeypatch):
    """A model that states no sample rate does not load, and says so at the next prompt without a new try."""
    monkeypatch.setattr(parrot_engine.ParrotThatSpeaks, "sample_rate", None)
    speaker = model()

    for _ in range(2):
        with pytest.raises(ModelError, match="model coco: engine parrot states the sample rate None"):
            speaker.observe(HELLO, call_rounds)
