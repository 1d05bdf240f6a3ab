"""The scorecard of a large record needs little memory."""

from asrlab_pytest.records import sorting, stored_rows
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.report.scorecard import scorecard
from asrlab_pytest.report.slices import sliced
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.scorer import Scorer
from peak_memory import peak_into
from stored_runs import end, environment, row, write

BYTES = 300
"""Bytes per row, including the peak while figures are computed; an observation in memory takes thousands."""


def test_memory_of_a_scorecard(tmp_path, monkeypatch):
    """Additional rows need at most 300 bytes each, with comparisons and slices."""
    monkeypatch.setattr(stored_rows, "_WHOLE", 20)
    monkeypatch.setattr(sorting, "_MANY", 0)
    peaks = []
    # The first run is for what is loaded and cached once.
    for count in (50, 200, 600):
        ids = [f"clip-{number}" for number in range(count // 2)]
        rows = (
            row(model=model, clip=clip, reference="one two", hypothesis="one" if int(clip[5:]) % 9 else "one two")
            for model in ("polly", "kakapo")
            for clip in ids
        )
        path = write(tmp_path / f"{count}.jsonl", environment(), *rows, end())
        with peak_into(peaks):
            run = read_run(path)
            scorer = Scorer(Rules(), with_alignments=False)
            card = scorecard(run.observations, {}, rules=Rules(), corpus="calls", scorer=scorer)
            assert card.summary.clips == count // 2
            assert len(sliced(run.observations, scorer, ["language"])["language"]) == 2

    assert peaks[2] - peaks[1] < 400 * BYTES
