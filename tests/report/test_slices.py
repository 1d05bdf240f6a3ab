"""The figures by tag, language, group, length and noise."""

import io
from dataclasses import replace

import pytest

from asrlab_pytest.report.slices import sliced, slices, write_slices
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.visible import PlainScreen
from stored_runs import observed

ROWS = [
    observed(
        clip="a", hypothesis="hello there", tags=["clean", "read"], group="anna", language="en", audio_s=1.0, snr_db=5.0
    ),
    observed(clip="b", hypothesis="hello", tags=["noisy"], group="anna", language="en", audio_s=4.0, snr_db=-3.0),
    observed(clip="c", hypothesis="no way", tags=["noisy"], group="ben", language=None, audio_s=40.0, snr_db=31.0),
    observed(clip="d", hypothesis="hello there", tags=[], group=None, language="en", audio_s=2.0),
]


def parted(by, rows=ROWS):
    return {one.value: (one.clips, one.score.wer) for one in slices(rows, Rules(), by)}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("tag", {"clean": (1, 0.0), "noisy": (2, 0.75), "read": (1, 0.0), "(none)": (1, 0.0)}),
        ("group", {"anna": (2, 0.25), "ben": (1, 1.0), "(none)": (1, 0.0)}),
        ("language", {"en": (3, 1 / 6), "(none)": (1, 1.0)}),
        ("snr", {"under 0 dB": (1, 0.5), "5 to 10 dB": (1, 0.0), "30 dB and more": (1, 1.0), "(none)": (1, 0.0)}),
        ("duration", {"under 2 s": (1, 0.0), "2 to 5 s": (2, 0.25), "30 s and more": (1, 1.0)}),
    ],
)
def test_parts(by, expected):
    """Each slice pools its own clips, in an order that a person expects."""
    found = parted(by)

    assert list(found) == list(expected)
    assert found == {value: (clips, pytest.approx(wer)) for value, (clips, wer) in expected.items()}


def test_only_the_first_pass():
    """Later passes, and clips whose text is in doubt, count in no slice."""
    more = [observed(clip="a", hypothesis="", repeat=1), observed(clip="q", hypothesis="", quarantined=True)]

    assert parted("language", [*ROWS, *more]) == parted("language")


def test_models_stand_apart():
    """Each model has its own slices, in the order of the run."""
    rows = [*ROWS, *(replace(one, model="kakapo") for one in ROWS)]

    assert [one.model for one in slices(rows, Rules(), "language")] == ["polly", "polly", "kakapo", "kakapo"]


def test_within_80_columns():
    """A table is no wider than a terminal, whatever the names."""
    stream = io.StringIO()
    rows = [observed(model="m" * 60, tags=["t" * 60], clip=str(n), hypothesis="no " * 400 * n) for n in range(3)]

    write_slices(PlainScreen(stream, width=80), sliced(rows, Rules(), ["tag", "duration"]))

    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) == 6
