"""Two models timed in turn."""

import json
import re
from dataclasses import replace

import parrot_engine
import pytest

from asrlab_pytest.corpus.dialogues import read_dialogues
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.prompts import read_prompts
from asrlab_pytest.errors import ClipError, ModelError
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.side_by_side import SideBySide, is_out_of_memory
from asrlab_pytest.inference.work import Work
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.measured import PairedRound, PairedTimes, Times

CONDITIONS = RunConditions(corpus="clips", device="cpu")


def parrot(name, weights="here", **options):
    return ModelSpec(id=name, engine="parrot", weights=weights, options=options)


@pytest.fixture
def side_by_side(project):
    """Makes a pair of parrots over two clips."""
    project.clip("one", "hello there")
    project.clip("two", "good morning")

    def make(model, reference, **keywords):
        clips = read_manifest(project.path / "clips").samples
        return SideBySide(model, reference, clips, CONDITIONS, **{"seed": 0, **keywords})

    return make


def test_round_numbers_go_on(side_by_side):
    """Rounds that are added later count on, so that all of them can be judged together."""
    with side_by_side(parrot("own"), parrot("other")) as pair:
        pair.measure(2)
        pair.measure(1)

    assert sorted((one.clip, one.round) for one in pair.times.rounds) == [
        (clip, number) for clip in ("one", "two") for number in (0, 1, 2)
    ]
    assert pair.times.reference == "other"
    assert all(one.model.wall_s > 0 and one.reference.wall_s > 0 for one in pair.times.rounds)


@pytest.mark.parametrize(("said", "timed"), [("good mornin", {"one", "two"}), ("see you later", {"one"})])
def test_a_call_that_writes_another_text(side_by_side, said, timed):
    """A clip is not timed by calls that write a text that is not like the one of its case."""
    with side_by_side(parrot("own"), parrot("other"), known={("own", "two"): Work(text=said)}) as pair:
        pair.measure(2)

    assert {one.clip for one in pair.times.rounds} == timed
    for error in pair.failed.values():
        assert "another text for clip two when it was timed: 'good morning', not 'see you later'" in str(error)


@pytest.mark.parametrize("task", ["tts", "conversation"])
@pytest.mark.parametrize(("said_s", "timed"), [(1.2, {"one", "two"}), (20.0, {"one"}), (0.0, {"one"})])
def test_a_call_that_says_less_or_more(project, task, said_s, timed):
    """A prompt or dialogue is not timed by calls whose speech is much shorter or longer than that of its case."""
    if task == "tts":
        project.prompt("one", "hello there")
        project.prompt("two", "good morning")
        samples = read_prompts(project.path / "fixtures" / "prompts").samples
    else:
        project.dialogue("one", "hello there")
        project.dialogue("two", "good morning")
        samples = read_dialogues(project.path / "fixtures" / "dialogues").samples
    models = [replace(parrot(name), task=task) for name in ("own", "other")]
    known = {("own", "two"): Work(speech_s=said_s)}

    with SideBySide(*models, samples, CONDITIONS, seed=0, known=known) as pair:
        pair.measure(2)

    assert {one.clip for one in pair.times.rounds} == timed
    for error in pair.failed.values():
        assert re.search(rf"own spoke for 1\.\d s for \w+ two when it was timed, not for {said_s} s", str(error))


def test_both_orders_occur(side_by_side, project):
    """Neither model always comes first, and the clips are shuffled again in each round."""
    with side_by_side(parrot("own"), parrot("other")) as pair:
        pair.measure(8)

    heard = [line.split(maxsplit=1) for line in project.heard()[2:]]
    turns = list(zip(heard[::2], heard[1::2], strict=True))
    assert {first for (first, _), _ in turns} == {"own", "other"}
    assert len({(turns[at][0][1], turns[at + 1][0][1]) for at in range(0, 16, 2)}) == 2


@pytest.mark.parametrize(
    ("own", "other", "is_taken"),
    [
        # For so long that each gets its share of the processor on a busy machine, too.
        ({"spins": 0.3}, {"spins": 0.3}, True),
        ({"spins": 0.01}, {"sleeps": 0.5}, False),
        ({"spins": 0.01}, {"spins": 0.01, "takes": "cuda"}, False),
    ],
    ids=["both here", "one elsewhere", "one on a device"],
)
def test_processor_time(side_by_side, own, other, is_taken):
    """Processor time is taken only where both models compute on the processor, and in this process."""
    with side_by_side(parrot("own", **own), parrot("other", **other)) as pair:
        pair.measure(2)

    assert {one.model.process_s is not None for one in pair.times.rounds} == {is_taken}
    assert {one.reference.process_s is not None for one in pair.times.rounds} == {is_taken}


def test_all_weights_go(side_by_side):
    """Both models are release at the end, and the first where the second does not load."""
    with side_by_side(parrot("own"), parrot("other")):
        assert parrot_engine.ParrotRecognizer.alive == 2
    assert parrot_engine.ParrotRecognizer.alive == 0

    with pytest.raises(ModelError, match="the parrot is dead"), side_by_side(parrot("own", "rotten"), parrot("other")):
        pass
    assert parrot_engine.ParrotRecognizer.alive == 0


def test_no_memory_for_both(side_by_side):
    """Where memory does not hold both, each is timed alone, and the times say so."""
    with side_by_side(parrot("own", crowded=True), parrot("other")) as pair:
        pair.measure(2)
        assert parrot_engine.ParrotRecognizer.alive == 0

    assert "two parrots in one cage" in pair.too_large
    assert not pair.times.interleaved
    assert len(pair.times.rounds) == 4


def test_no_clip_can_be_read(side_by_side, project):
    """Where no clip can be read, nothing is loaded."""
    pair = side_by_side(parrot("own"), parrot("other"))
    for name in ("one", "two"):
        (project.path / "clips" / f"{name}.wav").unlink()

    with pytest.raises(ClipError, match="no file"), pair:
        pass
    assert project.events() == []


class OutOfMemoryError(RuntimeError):
    """As torch names its own."""


def wrapped(cause):
    error = ModelError("model large: engine x does not load it on cuda")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (MemoryError(), True),
        (wrapped(MemoryError()), True),
        (wrapped(OutOfMemoryError("Tried to allocate 2 GiB")), True),
        (ModelError("CUDA failed with error out of memory"), True),
        (wrapped(RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)")), True),
        (wrapped(RuntimeError("std::bad_alloc")), True),
        (ModelError("the parrot is dead"), False),
        (wrapped(FileNotFoundError("model.bin")), False),
    ],
    ids=["python", "wrapped", "torch", "ctranslate2", "mps", "c++", "other", "other wrapped"],
)
def test_out_of_memory(error, is_one):
    """Every engine's word for too little memory is known, also as the cause of another error; no other is."""
    assert is_out_of_memory(error) is is_one


def test_the_short_form():
    """Times that were written short come back as they were, to four digits."""
    rounds = tuple(
        PairedRound(
            clip=clip,
            round=number,
            model=Times(wall_s=0.123456 + number, process_s=0.2),
            reference=Times(wall_s=0.3, process_s=1.00001e-05),
        )
        for clip in ("one", "two")
        for number in (0, 1)
    )
    short = PairedTimes.of(rounds, reference="base", interleaved=True).as_json()

    assert short["clips"]["one"] == [[0.1235, 0.3, 0.2, 1e-05], [1.123, 0.3, 0.2, 1e-05]]
    again = PairedTimes.model_validate(json.loads(json.dumps(short)))
    assert again.as_json() == short
    assert [(one.clip, one.round) for one in again.rounds] == [(one.clip, one.round) for one in rounds]


def test_the_short_form_without_processor_time():
    """Where processor time was not taken of both, a round is two times."""
    one = PairedRound(clip="one", round=0, model=Times(wall_s=0.2, process_s=0.1), reference=Times(wall_s=0.3))

    short = PairedTimes.of([one], reference="base", interleaved=False).as_json()

    assert short == {"reference": "base", "interleaved": False, "clips": {"one": [[0.2, 0.3]]}}
    assert PairedTimes.model_validate(short).rounds[0].model.process_s is None
