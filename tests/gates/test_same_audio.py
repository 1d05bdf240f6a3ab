"""Which clips of two runs are the same audio, under whatever id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.gates.pairing import pair
from asrlab_pytest.records.baseline_lines import read_text, text_line
from asrlab_pytest.scoring.rows import Rules
from stored_runs import observed


def paired(now, before):
    """One clip with the baseline's."""
    return pair("polly", "polly", [now], {before.clip: before}, Rules())


@given(st.integers(1, 10**7), st.integers(0, 10**7))
def test_a_clip_of_any_length_is_known_under_another_id(length, start):
    """A baseline rounds lengths and places, and a clip is still found in it by its audio."""
    before = observed(clip="old", audio_s=length / 16_000, start_s=start / 16_000, channel=0)
    now = observed(clip="new", audio_s=length / 16_000, start_s=start / 16_000, channel=0)

    assert paired(now, read_text(text_line(before))).renamed == {"new"}


@pytest.mark.parametrize("stated", [{"start_s": 3.0, "channel": 0}, {}])
def test_a_baseline_that_states_no_part(stated):
    """A baseline of an older version, silent on the part of a file that a clip is, knows a clip by file."""
    now, before = observed(clip="new", start_s=3.0, channel=0), observed(clip="old", **stated)

    assert paired(now, before).renamed == {"new"}
    assert list(paired(observed(clip="old", start_s=3.0, channel=0), before).compared) == ["old"]


def test_clips_without_a_name():
    """A clip that is known by its place in a list alone is another one where its reference is another."""
    rows = [observed(clip=clip, audio_sha256=None, reference="hello") for clip in ("line-7", "seven")]
    before = [observed(clip=row.clip, audio_sha256=None, reference="goodbye") for row in rows]

    assert [paired(*sides).changed for sides in zip(rows, before, strict=True)] == [("line-7",), ()]
    assert paired(rows[0], rows[0]).changed == ()


@pytest.mark.parametrize("other", [{"start_s": 5.0}, {"channel": 2}, {"audio_s": 1.9}, {"audio_sha256": "1" * 64}])
def test_another_part_of_a_file(other):
    """Another stretch or channel of a file is other audio: not compared, and no clip that was renamed."""
    part = {"audio_s": 2.0, "start_s": 3.0, "channel": 1}
    before = observed(clip="one", **part)

    assert paired(observed(clip="one", **{**part, **other}), before).changed == ("one",)
    assert not paired(observed(clip="two", **{**part, **other}), before).renamed
