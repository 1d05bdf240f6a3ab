"""What findings come to: excluded, set apart, or the data set as a whole."""

import pytest

from asrlab_pytest.audit.findings import CHECKS, Audit, Finding
from asrlab_pytest.corpus.clip import Review


def audit(clips, *findings, **keys):
    made = tuple(Finding(clip=clip, check=check, level=level, sentence="x") for clip, check, level in findings)
    return Audit(corpus="clips", clips=clips, findings=made, **keys)


def test_levels():
    """The gravest finding of a clip decides; notes decide nothing."""
    found = audit(10, ("a", "silence", "error"), ("a", "cut", "note"), ("b", "markup", "suspect"), ("c", "cut", "note"))

    assert (found.errors, found.suspects, found.is_data_set) == ({"a"}, {"b"}, False)
    assert found.verdict == "10 clips of the corpus clips: 1 with errors, 1 suspect"


def test_a_suspect_clip_that_models_under_test_contradict():
    """A clip is set apart for what is wrong with its line also if models under test alone contradict its text."""
    findings = [("a", "swapped", "error"), ("a", "markup", "suspect"), ("b", "swapped", "error")]
    contested = audit(10, *findings, contested=frozenset("ab"), comparable=10)

    assert (contested.excluded, contested.suspects) == (set(), {"a"})
    assert contested.verdict == "10 clips of the corpus clips: 2 with errors, 0 suspect"


@pytest.mark.parametrize(
    ("clips", "flagged", "is_data_set"), [(10, 3, False), (10, 4, True), (1, 1, False), (2, 2, True)]
)
def test_data_set(clips, flagged, is_data_set):
    """More than 30 % of the clips, and more than one, make it the fault of the data set."""
    found = audit(clips, *((str(number), "silence", "error") for number in range(flagged)))

    assert found.is_data_set == is_data_set
    assert found.verdict.startswith("data set, not model") == is_data_set


def test_a_data_set_of_single_words():
    """Among many clips that cannot be told apart, those that can show that the texts stand with the wrong audio."""
    swapped = [(str(number), "swapped", "error") for number in range(4)]

    assert audit(100, *swapped, comparable=5).is_data_set
    assert not audit(100, *swapped, comparable=50).is_data_set


def test_a_weak_model_makes_no_bad_data_set():
    """Clips that one family does not understand are suspect, but do not count against the corpus."""
    found = audit(4, *((str(number), "own-distance", "suspect") for number in range(4)))

    assert len(found.suspects) == 4
    assert not found.is_data_set


def test_reviewed_clips_are_settled():
    """What a person set apart is suspect, and does not count against the corpus again."""
    found = audit(4, quarantined=frozenset("abcd"))

    assert (found.suspects, found.is_data_set) == (set("abcd"), False)


@pytest.mark.parametrize(
    ("decision", "checks", "expected"),
    [
        ("accept", ("markup",), []),
        ("accept", ("cut",), [("one", "markup", "suspect")]),
        ("text", ("markup",), [("one", "markup", "suspect")]),
        ("quarantine", ("markup",), [("one", "markup", "note")]),
    ],
)
def test_reviews(folder, decision, checks, expected):
    """An accepted check is not told again, a new one is; a quarantined clip has notes only."""
    review = Review(date="2026-11-22", decision=decision, checks=checks)
    folder.add(text="<b>the quick brown fox</b> jumps over a dog", review=review, quarantined=decision == "quarantine")

    assert folder.found() == expected


def test_facts_cannot_be_accepted(folder):
    """A file that is not the pinned one stays an error, whatever a review says."""
    review = Review(date="2026-11-22", decision="accept", checks=("changed",))
    folder.add(sha256="0" * 64, review=review)

    assert folder.found() == [("one", "changed", "error")]


def test_every_check_says_what_to_do():
    """Each check has words for what it looks for, and for what to do."""
    assert all(check.what and check.hint for check in CHECKS.values())
