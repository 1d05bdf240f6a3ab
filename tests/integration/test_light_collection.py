"""Collecting cases loads no package that only a case needs, and leaves pytest's process as it was."""

import pytest

NEEDED_BY_A_CASE = (
    "asrlab_pytest.protocols.normalization",
    "asrlab_pytest.records.store",
    "asrlab_pytest.scoring.score",
    "jiwer",
    "psutil",
    "rapidfuzz",
    "soundfile",
)
NEEDED_TO_READ_A_RECORD = ("asrlab_pytest.records.reading", "asrlab_pytest.records.lines")

WATCHED = f"""
import atexit, gc, sys

def pytest_collection_finish(session):
    print("items:", len(session.items), "frozen:", gc.get_freeze_count() > 0)

def pytest_unconfigure():
    print("loaded:", *sorted(set({(*NEEDED_BY_A_CASE, *NEEDED_TO_READ_A_RECORD)!r}) & sys.modules.keys()))

atexit.register(lambda: print("frozen at the end:", gc.get_freeze_count()))
"""


@pytest.fixture
def watched(project):
    project.pytester.makeconftest(WATCHED)
    project.clip("one", "hello there")
    project.evals("accuracy")
    return project


def test_collecting(watched):
    """Collecting cases loads neither the rules of texts nor what reads audio, and no garbage is looked for in them."""
    result = watched.run_fresh("-s", "--collect-only")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*items: 1 frozen: True", "*loaded:", "frozen at the end: 0"])


def test_running(watched):
    """A run of the same cases loads them and nothing that reads records, and gives everything back at its end."""
    result = watched.run_fresh("-s")

    assert result.ret == 0
    result.stdout.fnmatch_lines([f"*loaded: {' '.join(NEEDED_BY_A_CASE)}", "frozen at the end: 0"])
