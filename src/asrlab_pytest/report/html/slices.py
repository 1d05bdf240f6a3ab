"""Word error rates by tag, language, speaker, length and noise, one table each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.report.layout import bounds, factor, percent
from asrlab_pytest.report.slices import Slice, rank, slices
from asrlab_pytest.report.tables import Cell, Table, table
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.settings import SliceBy

NAMES: Mapping[SliceBy, str] = {
    "tag": "tag",
    "language": "language",
    "group": "speaker",
    "duration": "length",
    "snr": "signal-to-noise ratio",
}
MOST = 200
"""Slices of a table: a corpus may have a thousand speakers."""


def slice_tables(observations: Sequence[Observation], scorer: Scorer, untimed: Collection[str]) -> Iterator[Table]:
    """A table for each breakdown that has more than one slice.

    Args:
        observations: Of ASR.
        scorer: Has their scores.
        untimed: Models without valid times.
    """
    for by, name in NAMES.items():
        parts = slices(observations, scorer, by, untimed)
        if len({part.value for part in parts}) > 1:
            yield _table(name, by, parts)


def _table(name: str, by: SliceBy, parts: Sequence[Slice]) -> Table:
    models = list(dict.fromkeys(part.model for part in parts))
    by_value: dict[str, dict[str, Slice]] = {}
    # A model may lack a slice that another has.
    for part in sorted(parts, key=lambda part: rank(by, part.value)):
        by_value.setdefault(part.value, {})[part.model] = part
    timed = [model for model in models if any(part.rtf for part in parts if part.model == model)]
    columns = (name, "clips", *models, *(f"{model} RTF" for model in timed))
    rows = [_row(value, members, models, timed) for value, members in list(by_value.items())[:MOST]]
    left_out = len(by_value) - len(rows)
    more = f", the first {MOST} of {len(by_value)}" if left_out else ""
    return table(f"By {name}{more}", columns, rows)


def _row(value: str, members: Mapping[str, Slice], models: Sequence[str], timed: Sequence[str]) -> list[Cell | str]:
    clips = max(part.clips for part in members.values())
    rates = [_rate(members.get(model)) for model in models]
    return [value, str(clips), *rates, *(_factor(members.get(model)) for model in timed)]


def _rate(part: Slice | None) -> Cell:
    if part is None:
        return Cell("-", "no clip")
    around = f" ({bounds(part.interval)})" if part.interval else ""
    return Cell(percent(part.score.wer) + around, "no speech" if part.score.wer is None else "")


def _factor(part: Slice | None) -> Cell:
    return Cell("-", "the times are not valid") if part is None or part.rtf is None else Cell(factor(part.rtf))
