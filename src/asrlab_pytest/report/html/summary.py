"""The first screen: the scorecards of a run as tables, and a sentence for each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from asrlab_pytest.grouping import grouped
from asrlab_pytest.hints import runnable
from asrlab_pytest.report import terminal
from asrlab_pytest.report.charts import measured, pareto_front, wer_against_rtf, wer_of_models
from asrlab_pytest.report.charts.svg import Element
from asrlab_pytest.report.details import entity_lines, limits_of_intervals, uncertainty_lines
from asrlab_pytest.report.layout import bounds, factor, megabytes, milliseconds, percent, some, times
from asrlab_pytest.report.scorecard import Figures, Scorecard, ScorecardRow
from asrlab_pytest.report.spoken_card import SpokenCard, SpokenFigures, SpokenRow
from asrlab_pytest.report.spoken_columns import COLUMNS, cells
from asrlab_pytest.report.spoken_columns import notes as spoken_notes
from asrlab_pytest.report.tables import Card, Cell, Notes, Table, notes, table, without_dashes
from asrlab_pytest.report.validity import by_reason, how_to_time
from asrlab_pytest.tasks import LABELS, LISTS, NOUNS
from asrlab_pytest.visible import visible
from asrlab_pytest.wording import first_few, many

_COLUMNS = ("model", "WER", "95% CI", "CER", "RTF", "speed", "p50 ms", "p95 ms", "memory", "clips", "device")
_TIMES = {"first text ms", "first audio ms", "RTF"}
"""Figures of TTS and conversation models that are hidden if the times are not valid."""
_LOOPS = 5


Problems = Mapping[str, Sequence[str]]
"""Why samples have no result, by model."""


def asr_card(card: Scorecard, problems: Problems) -> Card:
    """The scorecard of ASR."""
    ran = card.ran
    rows = [_row(model, figures, is_fewer=model in card.fewer) for model, figures in ran]
    return Card(
        title="Scorecard",
        sentence=card.summary.sentence() if ran else "",
        table=_figures("Scorecard", _COLUMNS, rows),
        notes=tuple(note for note in _notes(card, problems) if note.sentences),
        empty=_empty(problems, "clip"),
    )


def _empty(problems: Problems, noun: str) -> str:
    """Why a card has no table."""
    return f"No {noun} has a result." if problems else "No model ran."


def _figures(title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell | str]]) -> Table | None:
    return without_dashes(table(title, columns, rows)) if rows else None


def _row(model: str, figures: Figures, *, is_fewer: bool) -> list[Cell | str]:
    why = figures.untimed
    apart = f"memory {terminal.NOT_MEASURED}" if figures.lacks_memory else why
    apart_clips = len(figures.quarantined)
    return [
        model,
        Cell(f"{percent(figures.score.wer)}*", "fewer clips") if is_fewer else percent(figures.score.wer),
        Cell(bounds(figures.wer_interval), figures.why_no_interval),
        percent(figures.score.cer),
        Cell(factor(figures.rtf), why if figures.rtf is None else ""),
        Cell(times(figures.speedup), why if figures.speedup is None else ""),
        Cell(milliseconds(figures.latency_p50), why if figures.latency_p50 is None else ""),
        Cell(milliseconds(figures.latency_p95), why if figures.latency_p95 is None else ""),
        Cell(megabytes(figures.memory_bytes), apart if figures.memory_bytes is None else ""),
        Cell(f"{figures.clips} + {apart_clips}", f"{apart_clips} quarantined") if apart_clips else str(figures.clips),
        figures.device,
    ]


def _notes(card: Scorecard, problems: Problems) -> Iterator[Notes]:
    ran = card.ran
    yield notes("* clips", terminal.fewer_clips(card))
    yield notes("95% CI", terminal.without_interval(ran))
    yield notes("reference", terminal.without_reference(card.absent_reference))
    beside = [(model, figures.standing) for model, figures in ran if figures.standing is not None]
    yield notes("accuracy", [f"{model}: {standing.accuracy_sentence()}" for model, standing in beside])
    timed = [(model, standing) for model, standing in beside if standing.ratio is not None]
    timed += [(row.model, row.timed) for row in card.rows if row.timed is not None]
    yield notes("speed", [*(f"{model}: {standing.speed_sentence()}" for model, standing in timed), *_untimed(ran)])
    yield notes("throughput", terminal.per_model(ran, terminal.throughput_sentence, str))
    yield notes("memory", terminal.unmeasured(ran))
    yield notes("decoding", [f"settings differ: {', '.join(card.unlike)}"] if card.unlike else [])
    yield notes("no result", _without_result(problems, "clip"))
    yield notes("loops", terminal.per_model(ran, _loops, str))
    yield notes("silence", terminal.per_model(ran, terminal.invented, str))
    yield notes(
        "entities", [f"{model}: {text}" for model, figures in ran for _, text in entity_lines(figures.entities)]
    )
    detected = [f"{model}: {sentence}" for model, figures in ran for sentence in figures.detected]
    yield notes("language", [*detected, *terminal.unstated(card.without_language)])
    apart = terminal.per_model(ran, terminal.quarantined, str)
    yield notes("set aside", [*terminal.kept_away(card.excluded), *apart])
    yield notes("repeats", terminal.per_model(ran, terminal.passes, str))
    yield notes("self-check", [f"{row.model}: {row.self_check}" for row in card.rows if row.self_check])
    yield notes("speakers", [f"{model}: {text}" for model, figures in ran for text in uncertainty_lines(figures)])
    yield notes("intervals", limits_of_intervals(card))
    yield notes("not run", [*_not_run(card.rows)])


def _untimed(ran: terminal.Ran) -> Iterator[str]:
    for why, models in by_reason((model, figures.untimed) for model, figures in ran).items():
        yield "; ".join(filter(None, [f"RTF not shown for {some(models)}: {why}", runnable(how_to_time(why))]))


def _without_result(problems: Problems, noun: str) -> list[str]:
    """How many samples of each model have no result, and why."""
    return [f"{model}: {many(len(whys), noun)}: {_shared(whys)}" for model, whys in problems.items() if whys]


def _shared(whys: Sequence[str]) -> str:
    """The most frequent reason, and the number of others."""
    (most, _), *others = Counter(whys).most_common()
    return "; ".join([most, *([f"and {many(len(others), 'other reason')}"] if others else [])])


def _loops(figures: Figures) -> str:
    return "; ".join(first_few([f"{clip} repeats {loop}" for clip, loop in figures.loops], _LOOPS, "clip"))


def _not_run(rows: Sequence[ScorecardRow] | Sequence[SpokenRow]) -> Iterator[str]:
    for row in rows:
        if row.is_idle:
            reason = f": {row.reason}" if row.reason else ""
            command = f" (hint: {runnable(row.hint)})" if row.hint else ""
            yield f"{row.model}: {row.status}{reason}{command}"


def spoken_card(card: SpokenCard, problems: Problems) -> Card:
    """The scorecard of TTS or conversation."""
    columns = ("model", *COLUMNS[card.task].names, "memory", LISTS[card.task], "device")
    label = LABELS[card.task]
    title = f"{label[:1].upper()}{label[1:]} scorecard"
    return Card(
        title=title,
        sentence=card.sentence if card.ran else "",
        table=_figures(title, columns, [_spoken_row(card, model, figures) for model, figures in card.ran]),
        notes=tuple(note for note in _spoken_notes(card, problems) if note.sentences),
        empty=_empty(problems, NOUNS[card.task]),
    )


def _spoken_notes(card: SpokenCard, problems: Problems) -> Iterator[Notes]:
    ran, noun = card.ran, NOUNS[card.task]
    yield notes("* fewer", terminal.fewer_clips(card, noun))
    answers = ((model, *note) for model, figures in ran for note in spoken_notes(card.task, figures))
    texts_of = grouped((label, f"{model}: {text}") for model, label, text in answers)
    for label in ("accuracy", "facts", "repeats", "faults"):
        yield notes(label, texts_of.get(label, ()))
    yield notes("speed", [*terminal.untimed_speech(card)])
    yield notes("no result", _without_result(problems, noun))
    yield notes("language", terminal.unstated(card.without_language, noun))
    yield notes("not run", [*_not_run(card.rows)])


def _spoken_row(card: SpokenCard, model: str, figures: SpokenFigures) -> list[Cell | str]:
    why = {"excess WER": "no prompt has a recording", **dict.fromkeys(_TIMES, figures.untimed)}
    columns = COLUMNS[card.task]
    shown = [
        _or_why(text, why.get(name, "")) for name, text in zip(columns.names, cells(card.task, figures), strict=True)
    ]
    if model in card.fewer:
        shown[columns.wer] = Cell(f"{shown[columns.wer].text}*", f"fewer {NOUNS[card.task]}s")
    return [
        model,
        *shown,
        _or_why(megabytes(figures.memory_bytes), "not measured in a process of its own"),
        str(figures.items),
        figures.device,
    ]


def _or_why(text: str, why: str) -> Cell:
    return Cell(text, why if text == "-" else "")


def chart_of(card: Scorecard, numbers: Mapping[str, int]) -> tuple[Element, str] | None:
    """WER against RTF or, for a run without valid times, WER alone and the reason; and how to read it.

    Args:
        card: The figures.
        numbers: Color index by model.
    """
    points = measured(card, numbers)
    timed = [point for point in points if point.rtf is not None]
    bars = "Bars are 95% intervals of the WER" if any(point.interval for point in timed or points) else ""
    if timed:
        front = (
            "; the dashed line connects the models that no other beats in both" if len(pareto_front(timed)) > 1 else ""
        )
        others = some([point.model for point in points if point.rtf is None])
        without = f" Not shown, because they have no valid RTF: {others}." if others else ""
        better = f"{'. '.join(filter(None, ['Models to the lower left are better', bars]))}{front}.{without}"
        return wer_against_rtf(points), better
    if not points:
        return None
    reasons = by_reason((model, figures.untimed) for model, figures in card.ran)
    why = visible("; ".join(reasons)) or "no model has one"
    no_chart = f"There is no chart of WER against RTF, because no RTF is valid: {why}."
    return wer_of_models(points), ". ".join(filter(None, [bars, no_chart]))
