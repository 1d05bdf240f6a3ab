"""Scores of rows that stay in their file."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asrlab_pytest.records.reading import read_run
from asrlab_pytest.records.rows_by_clip import rows_by_clip
from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.scoring.entities import EntityScore
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.scoring.score_columns import ScoreColumns
from asrlab_pytest.scoring.scorer import Scorer
from stored_runs import environment, observed, row, write

TEXTS = st.sampled_from(["", "hello there", "Hello, there", "pay 5 dollars", "well " * 12, "ja"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "clip": st.sampled_from("abcdefgh"),
            "reference": TEXTS,
            "hypothesis": TEXTS,
            "language": st.sampled_from([None, "en", "de"]),
            "clip_normalization": st.sampled_from([None, "raw"]),
        }
    ),
    min_size=1,
    max_size=8,
)


@given(rows=ROWS, others=ROWS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_of_files(tmp_path, rows, others):
    """Scores, entities and older texts of rows in files are the same as for rows in memory, in any order."""
    paths = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for path, told in zip(paths, (rows, others), strict=True):
        write(path, environment(), *(row(**one) for one in told))
    stored, older = (list(read_run(path, ambiguous=True).observations) for path in paths)
    scorer, whole = Scorer(Rules(), with_alignments=False), Scorer(Rules())

    for one, told in zip(reversed(stored), reversed(rows), strict=True):
        expected = observed(**told)
        for _ in range(2):
            assert scorer.score(one) == replace(whole.score(expected), alignment=())
            assert scorer.entities(one) == replace(whole.entities(expected), matches=())
        for then, told_then in zip(older, others, strict=True):
            score, entities = scorer.of_older(one, then)
            against = replace(expected, hypothesis=told_then["hypothesis"])
            assert score == replace(whole.score(against), alignment=())
            assert entities.by_type == whole.entities(against).by_type
            assert scorer.is_same_text(one, then) == (told["hypothesis"] == told_then["hypothesis"])


@pytest.mark.parametrize("count", [2**8 - 1, 2**8, 2**16 - 1, 2**16])
def test_a_very_long_text(count):
    """Counts of a text of hours are kept whole, and those of a short text that was scored before it."""
    columns = ScoreColumns(3)
    short, long = (
        Score(words=counts, characters=counts, alignment=(), normalization="raw")
        for counts in (Counts(hits=3, deletions=2), Counts(hits=count, insertions=count))
    )

    columns.add(1, observed(), short)
    columns.add(2, observed(), long)

    assert [columns.score(place) for place in range(3)] == [None, short, long]


def test_many_entity_scores():
    """Each row keeps its entity score, even if there are more different ones than a byte can index."""
    columns = ScoreColumns(300)
    scores = [EntityScore(by_type={}, matches=(), protocols=(), unreviewed=number) for number in range(300)]
    for place, score in enumerate(scores):
        columns.add_entities(place, score)

    assert [columns.entities(place) for place in range(300)] == scores


def test_many_normalizations():
    """Each score keeps its normalization, even if there are more than a byte can index."""
    columns = ScoreColumns(300)
    scores = [
        Score(words=Counts(hits=1), characters=Counts(), alignment=(), normalization=f"own-{number}")
        for number in range(300)
    ]
    for place, score in enumerate(scores):
        columns.add(place, observed(), score)

    assert [columns.score(place) for place in range(300)] == scores


@given(rows=ROWS, sought=st.lists(st.sampled_from("abcdefghij")))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_by_clip(tmp_path, rows, sought):
    """Rows of a file are found by clip, in any order, as in a dictionary: the last row of a clip counts."""
    path = write(tmp_path / "run.jsonl", environment(), *(row(**one) for one in rows))
    expected = {one["clip"]: observed(**one) for one in rows}

    index = rows_by_clip(read_run(path, ambiguous=True).observations)

    assert list(index) == list(expected)
    assert [index.get(clip) for clip in sought] == [expected.get(clip) for clip in sought]
    assert [clip in index for clip in sought] == [clip in expected for clip in sought]
    assert list(index.values()) == list(expected.values())
    assert len(index) == len(expected)
