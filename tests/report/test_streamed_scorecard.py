"""A scorecard whose rows stay in their file is that of the same rows in memory."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asrlab_pytest.records.reading import read_run
from asrlab_pytest.report.scorecard import scorecard
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.scorer import Scorer
from stored_runs import DRAWN, environment, observed, row, write

ROWS = st.lists(
    st.fixed_dictionaries({**DRAWN, "quarantined": st.booleans()}),
    min_size=1,
    max_size=20,
    unique_by=lambda one: (one["model"], one["clip"]),
)


@given(rows=ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_scorecard_of_a_file(tmp_path, rows):
    """Figures, comparisons and worst clips of stored rows without alignments are those of whole rows with them."""
    path = write(tmp_path / "run.jsonl", environment(), *(row(**one) for one in rows))
    streamed = scorecard(read_run(path, ambiguous=True).observations, {}, rules=Rules(), corpus="calls")
    whole = scorecard(
        [observed(**one) for one in rows],
        {},
        rules=Rules(),
        corpus="calls",
        scorer=Scorer(Rules(), with_alignments=True),
    )

    assert replace(streamed, rows=()) == replace(whole, rows=())
    for one, other in zip(streamed.rows, whole.rows, strict=True):
        assert one.figures.entities.by_type == other.figures.entities.by_type
        assert one.figures.entities.matches == ()
        assert _without_matches(one) == _without_matches(other)


def _without_matches(card_row):
    entities = replace(card_row.figures.entities, matches=())
    return replace(card_row, figures=replace(card_row.figures, entities=entities))
