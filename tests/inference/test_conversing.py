"""A model that converses, as it is measured: turns, times, the judge."""

import parrot_engine
import pytest
import soundfile

import asrlab_pytest.models.engine as engines
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.dialogues import Dialogue, Turn
from asrlab_pytest.corpus.fact import Fact
from asrlab_pytest.errors import ClipError, TranscriptionError
from asrlab_pytest.inference.conversation import ConversingModel
from asrlab_pytest.inference.judge import Judge
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.observing import as_recorded
from asrlab_pytest.inference.on_demand import call_rounds
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.speech import SpeechFolder

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


@pytest.fixture
def dialogue(tmp_path):
    """Makes a dialogue of these questions."""

    def make(*questions, name="who", facts=()):
        turns = []
        for number, question in enumerate(questions, start=1):
            audio = tmp_path / f"{name}-{number}.wav"
            soundfile.write(audio, parrot_engine.hide(question, 2.0), 16_000, subtype="PCM_16")
            clip = Clip(id=f"{name}-{number}", audio=audio, text=question, language="en")
            turns.append(Turn(question=clip, facts=facts))
        return Dialogue(id=name, turns=tuple(turns), language="en")

    return make


def model(folder=None, recall=None, rounds=1, isolate=False, **options):
    conditions = RunConditions(corpus="dialogues", device="cpu", rounds=rounds)
    judge = Judge(ModelSpec(id="polly", engine="parrot", weights="here"), conditions)
    tasks = ("conversation",)
    spec = ModelSpec(
        id="coco", engine="parrot", tasks=tasks, task=tasks[0], weights="here", options=options, isolate=isolate
    )
    made = ConversingModel(spec, conditions, recall, judge=judge, folder=SpeechFolder(folder))
    MADE.extend([made, judge])
    return made


@pytest.mark.parametrize("isolate", [False, True])
def test_an_observation(dialogue, tmp_path, isolate):
    """The reference is what the model wrote and the hypothesis what was heard, one line a turn; the speech is whole."""
    answers = {"who are you": "I am Polly from {0}", "and when": "at noon"}
    made = model(tmp_path / "speech", isolate=isolate, answers=answers, mumbles={"at noon": "at moon"})

    one = made.observe(dialogue("who are you", "and when"), call_rounds)

    assert one.reference == "I am Polly from who are you\nat noon"
    assert one.hypothesis == "I am Polly from who are you\nat moon"
    assert [turn.question for turn in one.spoken.turns] == ["who are you", "and when"]
    lengths = [soundfile.info(tmp_path / "speech" / turn.utterance.file).duration for turn in one.spoken.turns]
    assert one.audio_s == pytest.approx(sum(lengths))


def test_every_round_begins_anew(dialogue):
    """Each round is a dialogue of its own, so that no answer knows of the round before; each turn is timed in each."""
    made = model(rounds=3, answers={"and when": "{0}"}, sleeps=0.005)

    one = made.observe(dialogue("who are you", "and when"), call_rounds)

    assert [turn.answer for turn in one.spoken.turns] == ["who are you", "who are you"]
    for turn in one.spoken.turns:
        rounds = zip(turn.first_token_s, turn.utterance.first_audio_s, turn.latencies_s, strict=True)
        assert all(0.005 <= token < audio < last for token, audio, last in rounds)
        assert len(turn.latencies_s) == 3
    assert one.latencies_s == pytest.approx([sum(times) for times in zip(*_latencies(one), strict=True)])


def _latencies(one):
    return [turn.latencies_s for turn in one.spoken.turns]


def test_dialogues_do_not_know_each_other(dialogue):
    """A dialogue begins with nothing that was said in the one before."""
    made = model(answers={"and when": "{0}"})
    made.observe(dialogue("who are you", name="first"), call_rounds)

    one = made.observe(dialogue("and when", name="second"), call_rounds)

    assert one.spoken.turns[0].answer == "and when"


def test_a_silent_turn(dialogue):
    """An answer without speech has no utterance and nothing heard, and the others have theirs."""
    one = model(mute_on=["and when"]).observe(dialogue("who are you", "and when"), call_rounds)

    assert [turn.utterance is None for turn in one.spoken.turns] == [False, True]
    assert [turn.heard for turn in one.spoken.turns] == ["who are you", ""]
    assert one.audio_s == 1.3


def test_no_speech_at_all(dialogue):
    """A dialogue without any speech is observed as one in which the judge, which is known, heard nothing."""
    one = model(mute_on=["who are you"]).observe(dialogue("who are you"), call_rounds)

    assert (one.reference, one.hypothesis, one.audio_s, one.rtf) == ("who are you", "", 0, None)
    assert one.spoken.utterances == ()
    assert one.spoken.hearer.model == "polly"


def test_an_engine_that_breaks_down(dialogue):
    """An engine that breaks down has an error that names model and dialogue."""
    with pytest.raises(TranscriptionError, match="model coco failed on dialogue who: RuntimeError: the parrot bit me"):
        model(fails_on="who are you").observe(dialogue("who are you"), call_rounds)


def test_a_question_that_is_missing(dialogue, tmp_path, monkeypatch):
    """A question that cannot be read is found before the model is asked any."""
    monkeypatch.setenv("PARROT_LOG", str(tmp_path / "log"))
    asked = dialogue("who are you", "and when")
    asked.turns[1].question.audio.unlink()

    with pytest.raises(ClipError, match=r"who-2\.wav"):
        model().observe(asked, call_rounds)
    assert not (tmp_path / "log").exists()


def test_what_a_key_tells_apart(dialogue):
    """The key is of the questions in their order; what the answers must say and what it is called does not matter."""
    keys = [
        model().observe(asked, call_rounds).key
        for asked in (
            dialogue("who are you", "and when"),
            dialogue("who are you", "and when", name="other", facts=(Fact(keyword="Polly"),)),
            dialogue("and when", "who are you", name="turned"),
            dialogue("who are you", name="half"),
        )
    ]

    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_recall(dialogue):
    """What is remembered is taken from there, under the facts of today, and nothing is loaded."""
    first = model().observe(dialogue("who are you", facts=(Fact(keyword="Polly"),)), call_rounds)
    again = model(recall=lambda key, _: first if key == first.key else None)

    one = again.observe(dialogue("who are you", facts=(Fact(regex="who"),)), call_rounds)

    assert (one.recorded, one.hypothesis, again.loaded) == (True, "who are you", None)
    assert [turn.facts for turn in one.spoken.turns] == [(Fact(regex="who"),)]


def test_recorded(dialogue):
    """What a record has becomes the observation that it was made of."""
    asked = dialogue("who are you", "and when", facts=(Fact(any=("Polly", "Coco")),))
    first = model().observe(asked, call_rounds)

    again = as_recorded(first, asked, model="coco", corpus="dialogues")

    assert again.spoken == first.spoken
    assert (again.reference, again.hypothesis) == (first.reference, first.hypothesis)
