"""How much a peak may rise since the baseline."""

import pytest

from asrlab_pytest.gates.memory import MemoryTerms, judge_memory
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.records.measured import PeakMemory


def peak(megabytes):
    return PeakMemory(clip="long", device="cpu", rss_bytes=megabytes * 10**6, device_bytes=megabytes * 10**6)


@pytest.mark.parametrize(
    ("before", "now", "outcome"),
    [
        (100, 120, Outcome.PASS),
        (100, 121, Outcome.FAIL),
        (1000, 1100, Outcome.PASS),
        (1000, 1101, Outcome.FAIL),
        (1000, 10, Outcome.PASS),
    ],
)
def test_both_must_be_exceeded(before, now, outcome):
    """A rise fails that is larger than 10 % and than 20 MB, and no smaller one, whichever memory it is of."""
    findings = judge_memory(peak(now), MemoryTerms(), peak(before))

    assert [finding.outcome for finding in findings] == [outcome, outcome]
