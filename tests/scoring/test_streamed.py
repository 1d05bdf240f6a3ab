"""Figures that are gathered clip by clip are those of all clips at once."""

import math
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asrlab_pytest.records import sorting, stored_rows
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.scoring import rescoring
from asrlab_pytest.scoring.change import PooledRatio, pooled_ratio
from asrlab_pytest.scoring.counts import pooled
from asrlab_pytest.scoring.entities import score_entity_rows
from asrlab_pytest.scoring.intervals import STRATUM_CLIPS, Tally, rate_uncertainty
from asrlab_pytest.scoring.rescoring import Rescoring, rescored
from asrlab_pytest.scoring.rows import Rules
from peak_memory import peak_into
from stored_runs import DRAWN, environment, observed, row, write

TALLIES = st.lists(
    st.builds(
        Tally,
        clip=st.sampled_from("abcdefghijklmnopqrstuvwxyz"),
        group=st.sampled_from([None, None, "ann", "bob", "cat"]),
        errors=st.integers(0, 9),
        words=st.integers(0, 12),
    ),
    max_size=60,
)
ROWS = st.lists(
    st.fixed_dictionaries(DRAWN),
    min_size=1,
    max_size=20,
)


def whole_ratio(rows):
    """The sums over blocks, each block summed first."""
    sums = {}
    for block, errors, words in rows:
        before = sums.get(block, (0, 0))
        sums[block] = (before[0] + errors, before[1] + words)
    pairs = sums.values()
    return PooledRatio(
        blocks=len(sums),
        total=sum(errors for errors, _ in pairs),
        words=sum(words for _, words in pairs),
        squares=sum(errors * errors for errors, _ in pairs),
        products=sum(errors * words for errors, words in pairs),
        word_squares=sum(words * words for _, words in pairs),
    )


@given(TALLIES)
def test_pooled_ratio(tallies):
    """A ratio over blocks is made of the sums of each block, whatever blocks come more than once."""
    rows = [(hash(tally.group or tally.clip), tally.errors, tally.words) for tally in tallies]
    columns = ([row[column] for row in rows] for column in range(3))

    assert pooled_ratio(*columns) == whole_ratio(rows)


@given(TALLIES)
def test_variance(tallies):
    """The interval of these speakers rests on the deviation of each clip from the others of its group, or of all."""
    spoken = [tally for tally in tallies if tally.words]
    sizes = Counter(tally.group for tally in spoken)
    squares = []
    for tally in spoken:
        is_of_group = tally.group is not None and sizes[tally.group] >= STRATUM_CLIPS
        stratum = [other for other in spoken if not is_of_group or other.group == tally.group]
        errors, words = sum(one.errors for one in stratum), sum(one.words for one in stratum)
        others = words - tally.words
        squares.append((tally.errors - tally.words * (errors - tally.errors) / others) ** 2 if others else 0.0)
    by_clip = whole_ratio((tally.clip, tally.errors, tally.words) for tally in spoken)

    interval = rate_uncertainty(tallies).these_speakers

    assert interval == rate_uncertainty(reversed(tallies)).these_speakers
    if interval is not None:
        from asrlab_pytest.scoring.student import student_quantile

        reach = student_quantile(0.025, by_clip.effective_blocks - 1)
        factor = math.exp(reach * math.sqrt(math.fsum(squares)) / by_clip.words / by_clip.estimate)
        assert math.isclose(interval.high, by_clip.estimate * factor)
        assert math.isclose(interval.low, by_clip.estimate / factor)


@given(rows=ROWS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rescored(tmp_path, rows):
    """Counts and intervals of rows that stay in their file are those of all rows at once."""
    path = write(tmp_path / "run.jsonl", environment(), *(row(**one) for one in rows))
    rules = Rescoring(names=("en", "raw"))

    streamed, whole = (
        rescored(each, rules, 1)
        for each in (read_run(path, ambiguous=True).observations, [observed(**one) for one in rows])
    )

    assert list(streamed) == list(whole) == list(dict.fromkeys(one["model"] for one in rows))
    for model, counts in streamed.items():
        other = whole[model]
        own = [observed(**one) for one in rows if one["model"] == model]
        words = [Rules().score(one).words for one in own]
        assert counts.clips == other.clips == len(own)
        assert counts.words[0] == other.words[0] == pooled(one for one in words if one.reference_length)
        assert (counts.words[1], counts.characters[0]) == (other.words[1], other.characters[0])
        assert (counts.interval(0), counts.interval(1)) == (other.interval(0), other.interval(1))
        assert counts.entities == other.entities == score_entity_rows(own, rules.entities).counts


def test_memory_of_rescoring(tmp_path, monkeypatch):
    """Additional rows need at most 300 bytes each to score, and no text is held."""
    monkeypatch.setattr(stored_rows, "_WHOLE", 20)
    monkeypatch.setattr(sorting, "_MANY", 0)
    monkeypatch.setattr(rescoring, "_PORTION", 20)
    peaks = []
    # The first run is for what is loaded and cached once.
    for count in (50, 200, 1_200):
        rows = (row(clip=f"clip-{number}", group=f"{number % 9}", reference="word " * 80) for number in range(count))
        path = write(tmp_path / f"{count}.jsonl", environment(), *rows)
        with peak_into(peaks):
            assert rescored(read_run(path).observations, Rescoring(names=("raw",)), 1)["polly"].clips == count

    assert peaks[2] - peaks[1] < 1_000 * 300
