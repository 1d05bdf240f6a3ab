"""How far off a WER may be, in the lines below the scorecard."""

import pytest

from asrlab_pytest.report.details import uncertainty
from asrlab_pytest.scoring.intervals import Tally, rate_uncertainty


def lines(errors, groups=None, words=None):
    tallies = [
        Tally(
            clip=str(number),
            group=groups and groups[number % len(groups)],
            errors=count,
            words=words or 10 + number % 3,
        )
        for number, count in enumerate(errors)
    ]
    wer = sum(errors) / sum(one.words for one in tallies)
    return list(uncertainty(wer, rate_uncertainty(tallies)))


@pytest.mark.parametrize(
    ("errors", "groups", "expected"),
    [
        ([1, 0, 2] * 20, None, ["WER 9.1% (95% CI 7.4% to 11.2%)"]),
        (
            [1, 0, 2] * 20,
            "a",
            ["WER 9.1% (95% CI 7.4% to 11.2%) for these speakers; 1 speaker is too few to generalize"],
        ),
        (
            [1, 0, 2] * 20,
            "abcd",
            [
                (
                    "WER 9.1% (95% CI 7.3% to 11.3%) for these speakers; 4 speakers count as 4 of equal weight, too "
                    "few to generalize"
                )
            ],
        ),
        (
            [1, 0, 2] * 20,
            "aaaaaaaaaaaaabcdefgh",
            [
                (
                    "WER 9.1% (95% CI 7.4% to 11.2%) for these speakers; 8 speakers count as 2.2 of equal weight (a "
                    "has 65% of the words), too few to generalize"
                )
            ],
        ),
        ([0] * 30, "ab", ["no error in any clip; at most 9.6% of such clips have one (95% confidence)"]),
        ([1, 0], "ab", []),
    ],
)
def test_lines(errors, groups, expected):
    """The interval is for these speakers, and of others it is said why nothing is known, with who dominates."""
    assert lines(errors, groups) == expected


def test_other_speakers():
    """Where enough speakers are heard in like measure, a second interval is for others."""
    (line,) = lines([1, 0, 2, 1, 0, 0, 3] * 20, "abcdefgh")

    assert line.startswith("WER 9.1% (95% CI 7.5% to 11.0%) for these speakers, ")
    assert line.endswith("% for others")


def test_nothing_known():
    """Without a reference word nothing is said."""
    assert list(uncertainty(None, rate_uncertainty([]))) == []
