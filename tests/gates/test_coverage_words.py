"""Why samples could not be compared: what is missing on which side, counted."""

import pytest

from asrlab_pytest.gates.accuracy import AccuracyTerms, judge_models
from asrlab_pytest.gates.coverage import with_coverage
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.pairing import pair
from asrlab_pytest.scoring.rows import Rules
from stored_runs import dialogue, observed, turn


@pytest.mark.parametrize(
    ("now", "before", "chosen", "why"),
    [
        ("abcd", "abc", "abcd", "3 of 4 clips could be compared: 1 has no counterpart in the baseline."),
        ("abc", "abcde", "abcde", "3 of 5 clips could be compared: 2 have no result of this run."),
        (
            "abcx",
            "abcd",
            "abcdx",
            "3 of 5 clips could be compared: 1 has no counterpart in the baseline, and 1 has no result of this run.",
        ),
    ],
)
def test_what_is_missing(now, before, chosen, why):
    """A clip that failed now is not said to be missing from the baseline, which has it."""
    rows, older = ([observed(clip=clip, audio_sha256=f"{ord(clip):064x}") for clip in clips] for clips in (now, before))
    pairing = pair("polly", "polly", rows, {one.clip: one for one in older}, Rules())
    result = judge_models([pairing], AccuracyTerms())["polly"]

    found = with_coverage(result, pairing, chosen, is_newer=lambda clip: False).findings[-1]

    assert (found.outcome, found.sentence) == (Outcome.UNDECIDED, why)


def test_dialogues_without_a_result():
    """Where no dialogue has a result of this run, the gate speaks of dialogues and facts, not of clips and WER."""
    before = {"call": dialogue(turn("at ten past two"), clip="call")}

    result = judge_models([pair("polly", "polly", [], before, Rules())], AccuracyTerms())["polly"]

    assert [(finding.metric, finding.sentence) for finding in result.findings] == [
        ("fact error rate", "No dialogue could be compared.")
    ]
    assert result.remarks == ("1 dialogue only in the baseline: call",)
