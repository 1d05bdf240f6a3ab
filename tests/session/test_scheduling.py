"""How tests are shared among xdist's workers: each model on one, gates when all else has run."""

from collections import Counter, deque
from types import SimpleNamespace

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdist.remote import Producer

from asrlab_pytest.session.current import SESSION
from asrlab_pytest.session.xdist import GATES, ModelScheduling, units_of
from asrlab_pytest.settings import Settings

MODELS = ("base", "base-en", "base:tts", "tiny")


def test_units():
    """A model's tests are one unit, the gates of all models another, and other tests go by their module."""
    node_ids = [
        "evals/test_a.py::test_accuracy[base-hello]",
        "evals/test_a.py::test_accuracy[base-en-hello]",
        "evals/test_a.py::test_corpus[base-en]",
        "tests/test_b.py::test_other[base64]",
        "evals/test_a.py::test_tts[base:tts-hello]",
        "evals/test_a.py::TestIt::test_mine[fast-tiny]",
        "evals/test_a.py::test_regression[base]",
        "evals/test_a.py::test_regression[tiny]",
    ]

    assert units_of(node_ids, MODELS) == [
        "[base]",
        "[base-en]",
        "[base-en]",
        "tests/test_b.py",
        "[base:tts]",
        "[tiny]",
        GATES,
        GATES,
    ]


def test_a_clip_that_is_called_like_a_model():
    """A test is of the model that its parameters name first, whatever its clip is called."""
    node_ids = [f"t.py::t[{model}-{clip}]" for model in ("base", "tiny") for clip in ("one", "base-en-1", "tiny")]

    assert units_of(node_ids, MODELS) == ["[base]"] * 3 + ["[tiny]"] * 3


def test_no_model_is_tested():
    """Where no test is a model's there are no units."""
    assert set(units_of(["test_b.py::test_other[base64]", "test_b.py::test_more"], MODELS)) == {""}


class Worker:
    """A worker as xdist's are: it runs a test only when it knows the next one, or that there is none."""

    gateway = SimpleNamespace(id="gw")

    def __init__(self):
        self.queue = deque()
        self.shutting_down = False

    def send_runtest_some(self, places):
        assert not self.shutting_down
        self.queue.extend(places)

    def shutdown(self):
        self.shutting_down = True

    @property
    def can_run(self):
        return len(self.queue) > 1 or (self.shutting_down and len(self.queue) == 1)


class Controller:
    """Plays the part of xdist's session: tells the scheduler what its workers did, and replaces those that died."""

    def __init__(self, node_ids, workers, models, *, seconds=0.2, cpu_percent=0.0, **settings):
        options = {"tx": [f"{workers}*popen"], "maxschedchunk": None}
        models = [SimpleNamespace(id=model, batch_size=1) for model in models]
        suite = SimpleNamespace(models=models, settings=Settings(**settings))
        row = {"device": "cpu", "cpu_percent": cpu_percent, "peak_rss_bytes": 1}
        rows = [SimpleNamespace(model=spec.id, **row) for spec in models]
        config = SimpleNamespace(
            getvalue=options.get,
            getoption=options.get,
            stash={SESSION: SimpleNamespace(suite=suite, ledger=SimpleNamespace(observations=rows))},
        )
        self.node_ids, self.seconds = node_ids, seconds
        self.sched = ModelScheduling(config, Producer("test", enabled=False))
        self.ran = []
        self.workers = [Worker() for _ in range(workers)]
        for worker in self.workers:
            self.sched.add_node(worker)
        for worker in self.workers:
            self.sched.add_node_collection(worker, node_ids)
        self.sched.schedule()

    @property
    def able(self):
        """The workers that can run a test now."""
        return [worker for worker in self.workers if worker.can_run]

    def end_test(self, worker):
        place = worker.queue.popleft()
        self.ran.append((self.node_ids[place], worker))
        self.sched.mark_test_complete(worker, place, self.seconds)

    def die(self, worker):
        """The worker dies in its test; a new one takes its place."""
        running = self.node_ids[worker.queue[0]]
        self.ran.append((running, worker))
        self.workers.remove(worker)
        assert self.sched.remove_node(worker) == running
        new = Worker()
        self.workers.append(new)
        self.sched.add_node(new)
        self.sched.add_node_collection(new, self.node_ids)
        self.sched.schedule()

    def play(self, draw_of):
        """Run all, with the worker that goes on and whether it dies drawn."""
        while self.able:
            worker = draw_of(st.sampled_from(self.able))
            (self.die if draw_of(st.integers(0, 9)) == 0 else self.end_test)(worker)
            if self.sched.tests_finished:
                for one in self.workers:
                    one.shutdown()


def cases_and_pool(model, clips):
    """Two tests of each clip and one of all of them."""
    names = ("test_case", "test_time")
    return [*(f"t.py::{name}[{model}-{clip}]" for name in names for clip in range(clips)), f"t.py::test_pool[{model}]"]


SUITES = st.builds(
    lambda sizes, others, gates: [
        *(node_id for model, size in sizes.items() for node_id in cases_and_pool(model, size)),
        *(f"o{number % 3}.py::test_other[{number}]" for number in range(others)),
        *(f"t.py::test_gate[{model}]" for model in sizes if gates and len(sizes) > 1),
    ],
    st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.integers(1, 6), max_size=4),
    st.integers(0, 7),
    st.booleans(),
)


@given(
    node_ids=SUITES,
    workers=st.integers(1, 5),
    seconds=st.sampled_from([0.2, 5.0]),
    repeat=st.integers(1, 2),
    data=st.data(),
)
def test_every_test_runs_once(node_ids, workers, seconds, repeat, data):
    """Whichever worker is fast, helps or dies, each test runs once, pools after their cases, and gates at the end."""
    controller = Controller(node_ids, workers, "abcd", seconds=seconds, repeat=repeat)
    controller.play(data.draw)

    ran = [node_id for node_id, _ in controller.ran]
    assert Counter(ran) == Counter(node_ids)
    first_gate = next((place for place, one in enumerate(ran) if "test_gate" in one), len(ran))
    assert all("test_gate" in one for one in ran[first_gate:])
    for model in "abcd":
        pool = f"t.py::test_pool[{model}]"
        assert pool not in ran or not any(f"[{model}-" in node_id for node_id in ran[ran.index(pool) :])


@pytest.mark.parametrize(
    ("options", "helpers"),
    [
        ({}, 2),
        ({"seconds": 0.05}, 0),
        ({"repeat": 2}, 0),
        ({"self_check": True}, 0),
        ({"store": ""}, 0),
        ({"cpu_percent": 100 * psutil.cpu_count()}, 0),
        ({"cpu_percent": 50 * psutil.cpu_count()}, 1),
    ],
    ids=str,
)
def test_help(options, helpers):
    """Idle workers help with a slow model's clips if cores are left; all tests of a clip are for the same worker."""
    node_ids = [*cases_and_pool("a", 40), "t.py::test_case[b-0]"]
    controller = Controller(node_ids, 3, "ab", **{"seconds": 1.0, **options})
    while controller.able:
        for worker in controller.able:
            controller.end_test(worker)

    of_clip = {(node_id.partition("[")[2], worker) for node_id, worker in controller.ran}
    of_model = {worker for node_id, worker in controller.ran if "[a" in node_id}
    assert len(controller.ran) == len(node_ids)
    assert len(of_clip) == 40 + 1 + 1
    assert len(of_model) == 1 + helpers
    assert controller.ran[-1][0] == "t.py::test_pool[a]"


@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=6), workers=st.integers(1, 5), data=st.data())
def test_a_model_has_one_worker(sizes, workers, data):
    """All tests of a model run on one worker, as long as it lives, and no worker idles while a model is without one."""
    models = "abcdef"[: len(sizes)]
    node_ids = [f"t.py::t[{model}-{clip}]" for model, size in zip(models, sizes, strict=True) for clip in range(size)]
    controller = Controller(node_ids, workers, models)
    assert sum(bool(worker.queue) for worker in controller.workers) == min(workers, len(sizes))
    while controller.able:
        controller.end_test(data.draw(st.sampled_from(controller.able)))

    workers_of = {(node_id[8], worker) for node_id, worker in controller.ran}
    assert len(controller.ran) == len(node_ids)
    assert len(workers_of) == len(models)
