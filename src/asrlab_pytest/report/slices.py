"""The figures of a run by tag, language, group, length or noise of the clips, each slice pooled separately."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.report.layout import bounds, factor, percent, short, span
from asrlab_pytest.report.tables import Cell, Table, table
from asrlab_pytest.report.validity import Times
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.scoring.corpus import CorpusScore, ScorePool
from asrlab_pytest.scoring.intervals import Tallies, Tally, rate_interval
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.settings import SliceBy
from asrlab_pytest.visible import Screen

_SECONDS = (2, 5, 10, 20, 30)
_DECIBELS = (0, 5, 10, 20, 30)
_NONE = "(none)"
_NAMES: Mapping[SliceBy, str] = {
    "tag": "tag",
    "language": "language",
    "group": "speaker",
    "duration": "length",
    "snr": "signal-to-noise ratio",
}
_MOST = 200
"""Slices of a table: a corpus may have a thousand speakers."""
_LINE = "{:<24} {:<16} {:>5} {:>7} {:>16} {:>6}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Clips of one kind, transcribed by one model."""

    model: str
    value: str
    """What the clips have in common."""
    score: CorpusScore
    clips: int
    interval: Interval | None
    """Of the WER: 95 %, for these speakers."""
    rtf: float | None
    """None if the times say nothing of the model."""


def slices(
    rows: Iterable[Observation], rules: Rules | Scorer, by: SliceBy, untimed: Collection[str] = ()
) -> list[Slice]:
    """Part the first pass of every model; a clip with several tags is in the slice of each.

    Args:
        rows: Observations, as they are in a record. Quarantined clips are left out.
        rules: How texts are compared, or what has the scores already.
        by: What to part by.
        untimed: Models whose times say nothing of them.

    Returns:
        By model in the order of the rows, then by value: shortest length and loudest noise first, and samples
        without a value last.
    """
    parted: dict[tuple[str, str], _Part] = {}
    for row in rows:
        if row.is_first_pass and not row.quarantined:
            score = rules.score(row)
            for value in _VALUES[by](row):
                parted.setdefault((row.model, value), _Part()).add(row, score)
    models = list(dict.fromkeys(model for model, _ in parted))
    ordered = sorted(parted, key=lambda key: (models.index(key[0]), rank(by, key[1])))
    return [parted[key].slice(*key, is_timed=key[0] not in untimed) for key in ordered]


class _Part:
    """Clips of one slice: sums, and a few numbers per clip for the interval."""

    def __init__(self) -> None:
        self._pool, self._tallies, self._times = ScorePool(), Tallies(), Times()
        self._latency_s = self._audio_s = 0.0
        self._clips = 0

    def add(self, row: Observation, score: Score) -> None:
        self._clips += 1
        self._pool.add(score)
        self._tallies.add(Tally.of(row, score.words))
        self._times.add(row)
        self._latency_s += row.latency_s or 0.0
        self._audio_s += row.audio_s or 0.0

    def slice(self, model: str, value: str, *, is_timed: bool) -> Slice:
        is_timed = is_timed and not self._times.why_untimed()
        return Slice(
            model=model,
            value=value,
            score=self._pool.score(),
            clips=self._clips,
            interval=rate_interval(self._tallies),
            rtf=self._latency_s / self._audio_s if is_timed else None,
        )


def sliced(
    rows: Sequence[Observation], rules: Rules | Scorer, by: Iterable[SliceBy], untimed: Collection[str] = ()
) -> dict[SliceBy, list[Slice]]:
    """The slices of each breakdown; empty without rows."""
    return {name: slices(rows, rules, name, untimed) for name in by} if rows else {}


def write_slices(screen: Screen, tables: Mapping[SliceBy, Sequence[Slice]]) -> None:
    """A table for each breakdown."""
    for name, groups in tables.items():
        screen.write_line("")
        screen.write_line(_LINE.format("model", name, "clips", "WER", "95% CI", "RTF"), bold=True)
        for group in groups:
            screen.write_line(_line(group))


def _line(group: Slice) -> str:
    rates = percent(group.score.wer), span(group.interval)
    return _LINE.format(short(group.model), short(group.value, 16), group.clips, *rates, factor(group.rtf))


def slice_tables(observations: Sequence[Observation], scorer: Scorer, untimed: Collection[str]) -> Iterator[Table]:
    """A table for each breakdown that has more than one slice.

    Args:
        observations: Of ASR.
        scorer: Has their scores.
        untimed: Models without valid times.
    """
    for by, name in _NAMES.items():
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
    rows = [_row(value, members, models, timed) for value, members in list(by_value.items())[:_MOST]]
    left_out = len(by_value) - len(rows)
    more = f", the first {_MOST} of {len(by_value)}" if left_out else ""
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


def _bin(value: float | None, bounds: Sequence[int], unit: str) -> str:
    """The name of the bin of a value: "under 2 s", "2 to 5 s", "30 s and more"."""
    if value is None:
        return _NONE
    place = bisect_right(bounds, value)
    if not place:
        return f"under {bounds[0]} {unit}"
    return f"{bounds[place - 1]} to {bounds[place]} {unit}" if place < len(bounds) else f"{bounds[-1]} {unit} and more"


_VALUES: Mapping[SliceBy, Callable[[Observation], Sequence[str]]] = {
    "tag": lambda row: row.tags or [_NONE],
    "language": lambda row: [row.language or _NONE],
    "group": lambda row: [row.group or _NONE],
    "duration": lambda row: [_bin(row.audio_s, _SECONDS, "s")],
    "snr": lambda row: [_bin(row.snr_db, _DECIBELS, "dB")],
}


def rank(by: SliceBy, value: str) -> tuple[float, str]:
    """Bins in their order, other values by name, samples without one last."""
    if value == _NONE:
        return float("inf"), value
    if by in ("duration", "snr"):
        return -1.0 if value.startswith("under") else float(value.split(maxsplit=1)[0]), value
    return 0.0, value
