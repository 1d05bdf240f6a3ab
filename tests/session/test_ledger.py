"""What came of a run, as it travels from the processes whose tests add to it to the one that reports."""

import pytest

from asrlab_pytest.gates.result import GateResult
from asrlab_pytest.records.measured import PairedTimes, PeakMemory
from asrlab_pytest.records.state import ModelState
from asrlab_pytest.session.judgements import Judged
from asrlab_pytest.session.ledger import Failed, Ledger
from stored_runs import observed, prompt

READY = ModelState(status="ready")
MEMORY = PeakMemory(clip="a", device="cpu", rss_bytes=1)
TIMES = PairedTimes(reference="base", interleaved=True, clips={})
NOTHING = {"judged_rtf": False, "checked": {"checks": [], "marks": [], "failed": [], "unmeasured": []}}
BROKEN = ModelState(status="broken", reason="no weights", unread={"b": "no audio"})


@pytest.fixture
def worker():
    """The ledger of a process that runs tests."""
    return Ledger()


@pytest.fixture
def reporter():
    """The ledger of the process that reports."""
    return Ledger()


def told(ledger, model="tiny", state=READY, **others):
    """What a report carries."""
    return {**ledger.payload(model, lambda _: state), **NOTHING, **others}


def test_payload_carries_all_that_was_added(worker, reporter):
    """What tests of one process add is what the other ledger holds, in its order."""
    first, again = observed(model="tiny", clip="a"), observed(model="tiny", clip="a", repeat=1)
    gate = GateResult(kind="accuracy", model="tiny", against="base", findings=())
    worker.observed(first)
    worker.observed(again)
    worker.judged(gate)
    worker.timed("tiny", TIMES)
    worker.measured("tiny", MEMORY)
    worker.excluded["c"] = "silent"

    reporter.merge(told(worker))

    assert reporter.observations == [first, again]
    assert reporter.first_pass == [first]
    assert reporter.gates == [gate]
    assert (reporter.times, reporter.memory) == ({"tiny": TIMES}, {"tiny": MEMORY})
    assert reporter.excluded == {"c": "silent"}
    assert reporter.models == {"tiny": READY}


def test_nothing_travels_twice(worker, reporter):
    """A second report carries what is new alone, and the state of a model only where it changed."""
    worker.observed(observed(model="tiny", clip="a"))
    told(worker)

    second = told(worker)

    assert (second["observations"], second["models"], second["gates"]) == ([], {}, [])
    assert (second["times"], second["memory"]) == ({}, {})
    assert told(worker, state=BROKEN)["models"] == {"tiny": BROKEN}


def test_observations_of_another_model_bring_its_state(worker):
    """A test that observes a second model tells the states of both."""
    worker.observed(observed(model="base", clip="a"))

    assert list(told(worker)["models"]) == ["tiny", "base"]


def test_first_worker_counts(reporter):
    """Of a case that two processes transcribed, the first observation is kept, and the second is no news."""
    ledgers = [Ledger(), Ledger()]
    for text, ledger in zip(("one", "two"), ledgers, strict=True):
        ledger.observed(observed(model="tiny", clip="a", hypothesis=text))

    news = [reporter.merge(told(ledger)) for ledger in ledgers]

    assert [one.hypothesis for one in reporter.observations] == ["one"]
    assert [len(one.observations) for one in news] == [1, 0]


def test_failure_is_news_once(worker, reporter):
    """A clip that failed is told once, whether a report brings it or a watchdog."""
    news = reporter.merge(told(worker, state=BROKEN))

    assert news.failures == [Failed("tiny", "b", "no audio")]
    assert reporter.failures == {("tiny", "b"): "no audio"}
    assert not reporter.failed(Failed("tiny", "b", "again"))
    assert reporter.failed(Failed("tiny", "c", "it hangs"))


def test_states_join(worker, reporter):
    """A model that is broken in one process is broken, with the clips that failed in any."""
    reporter.merge(told(worker, state=BROKEN))
    reporter.merge(told(worker, state=ModelState(status="ready", unread={"c": "cut off"})))

    assert (reporter.models["tiny"].status, set(reporter.models["tiny"].unread)) == ("broken", {"b", "c"})


def test_passes_include_what_waits(worker):
    """What was observed and waits for a report is among a model's passes, and its first pass by clip."""
    one = observed(model="tiny", clip="a")
    worker.observed(one)

    assert worker.observations == []
    assert worker.passes("tiny") == [one]
    assert worker.first_of == {"tiny": {"a": one}}


def test_judgements_and_times_judged(worker, reporter):
    """What a test judged, and that it judged a time, stays known whatever later reports say."""
    checks = [["asr", "case", "tiny", "a", ["wer"], []]]
    reporter.merge(
        told(worker, judged_rtf=True, checked={"checks": checks, "marks": [], "failed": [], "unmeasured": []})
    )
    reporter.merge(told(worker))

    assert reporter.judged_rtf
    assert reporter.judgements.has(Judged("asr", "case", "wer", sample="a"))


def test_unkept_speech_is_told_once(worker, reporter):
    """A remark that every report repeats stands once."""
    for _ in range(2):
        reporter.merge(told(worker, remarks=["disk full"]))

    assert reporter.remarks == ["disk full"]


def test_states_of_the_scorecard(worker, reporter):
    """The states have what the gates measured, and why times are not shown."""
    worker.observed(observed(model="tiny", clip="a", recorded=True))
    worker.measured("tiny", MEMORY)
    reporter.merge(told(worker))

    states = reporter.states({"tiny": READY, "base": READY}, in_parallel=False)

    assert states["tiny"].memory == MEMORY
    assert states["tiny"].untimed
    assert states["base"].memory is None


def test_observations_by_task(worker, reporter):
    """The observations of a task are those of every pass, and of no other task."""
    spoken = prompt("hello", "hello")
    for one in (observed(model="tiny", clip="a"), spoken):
        worker.observed(one)
    reporter.merge(told(worker))

    assert reporter.of_task("tts") == [spoken]
