"""Scorecards in Markdown: a table of the models of a task, and below it what it has no room for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from asrlab_pytest.gates.comparison import Standing
from asrlab_pytest.hints import runnable
from asrlab_pytest.report.details import limits_of_intervals, uncertainty_lines
from asrlab_pytest.report.escaping import code, prose
from asrlab_pytest.report.layout import factor, megabytes, milliseconds, percent, span, times
from asrlab_pytest.report.model_row import ModelRow
from asrlab_pytest.report.scorecard import Scorecard, ScorecardRow
from asrlab_pytest.report.spoken_card import SpokenCard, SpokenRow
from asrlab_pytest.report.spoken_columns import COLUMNS, cells, notes
from asrlab_pytest.report.stated_languages import unstated_sentence
from asrlab_pytest.report.terminal import NOT_MEASURED, cut_sentence, fewer_clips, throughput_sentence
from asrlab_pytest.report.validity import how_to_time
from asrlab_pytest.tasks import LABELS, LISTS, NOUNS

_COLUMNS = ("model", "clips", "WER (95% CI)", "CER", "p50 / p95 ms", "RTF", "speed", "memory", "device", "status")
_FEWER = r"\*"
"""Marks a row that covers fewer samples than the others."""


def scorecard_section(card: Scorecard) -> Iterator[str]:
    """The ASR models."""
    yield _table("Scorecard", _COLUMNS, (_row(row, _figures(card, row), len(_COLUMNS)) for row in card.rows))
    ran = card.ran
    lines = [*map(prose, card.incomplete), *_left_out(card)]
    lines += [f"{code(model)}: {prose(text)}" for model, figures in ran for text in _beside(figures.standing)]
    lines += [_why_not_timed(model, figures.untimed) for model, figures in ran if figures.untimed]
    lines += [f"{code(model)}: {text}" for model, figures in ran if (text := throughput_sentence(figures))]
    if any(figures.lacks_memory for _, figures in ran):
        lines.append(f"memory {NOT_MEASURED}")
    lines += [f"{code(model)}: {prose(text)}" for model, figures in ran for text in uncertainty_lines(figures)]
    lines += [f"intervals {limit}" for limit in limits_of_intervals(card)]
    lines += [f"{code(model)}: {prose(text)}" for model, figures in ran for text in figures.detected]
    lines += [f"{code(model)}: {prose(text)}" for model, figures in ran if (text := cut_sentence(figures))]
    if card.without_language:
        lines.append(prose(unstated_sentence(card.without_language)))
    if card.unlike:
        lines.append(f"decoding settings differ: {prose(', '.join(card.unlike))}")
    absent = f"no comparison: {code(card.absent_reference or '')} did not run"
    speed = f"speed against {code(card.reference)}" if card.reference else absent
    lines.append(f"corpus {code(card.corpus)}; WER and CER pooled; {speed}")
    yield "\n".join(f"- {line}" for line in lines)


def _beside(standing: Standing | None) -> Iterator[str]:
    """How a model is next to the reference model; of speed only where times say something."""
    if standing is not None:
        yield standing.accuracy_sentence()
        if standing.ratio is not None:
            yield standing.speed_sentence()


def _figures(card: Scorecard, row: ScorecardRow) -> tuple[str, ...] | None:
    figures = row.figures
    if figures is None:
        return None
    interval = f" ({span(figures.wer_interval)})" if figures.wer_interval else ""
    return (
        str(figures.clips),
        percent(figures.score.wer) + (_FEWER if row.model in card.fewer else "") + interval,
        percent(figures.score.cer),
        f"{milliseconds(figures.latency_p50)} / {milliseconds(figures.latency_p95)}" if figures.latency_p50 else "-",
        factor(figures.rtf),
        times(figures.speedup),
        megabytes(figures.memory_bytes),
        prose(figures.device),
    )


def spoken_section(card: SpokenCard) -> Iterator[str]:
    """The models of a task that speak."""
    columns = ("model", LISTS[card.task], *COLUMNS[card.task].names, "memory", "device", "status")
    label = LABELS[card.task]
    rows = (_row(row, _spoken_figures(card, row), len(columns)) for row in card.rows)
    yield _table(f"{label[0].upper()}{label[1:]}", columns, rows)
    ran = card.ran
    lines = _left_out(card, NOUNS[card.task])
    lines += [f"{code(model)}: {prose(note)}" for model, figures in ran for _, note in notes(card.task, figures)]
    lines += [_why_not_timed(model, figures.untimed, is_speech=True) for model, figures in ran if figures.untimed]
    lines += [f"{code(card.items)}, transcribed by {prose(card.judges)}"] if ran else []
    if lines:
        yield "\n".join(f"- {line}" for line in lines)


def _spoken_figures(card: SpokenCard, row: SpokenRow) -> tuple[str, ...] | None:
    figures = row.figures
    if figures is None:
        return None
    shown = [*cells(card.task, figures)]
    shown[COLUMNS[card.task].wer] += _FEWER if row.model in card.fewer else ""
    return str(figures.items), *shown, megabytes(figures.memory_bytes), prose(figures.device)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A title and a table whose first column is the model, and whose last two are its device and its status."""
    rule = ("---", *["--:"] * (len(columns) - 3), "---", "---")
    return f"### {title}\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in (columns, rule, *rows))


def _row(row: ModelRow, figures: Sequence[str] | None, width: int) -> tuple[str, ...]:
    """The cells of a model.

    Args:
        row: The model.
        figures: The cells between its id and its status; None if there are none.
        width: How many columns the table has.
    """
    status = prose(row.status) + (f", {len(row.unread)} unread" if row.unread else "")
    return code(row.model), *(["-"] * (width - 2) if figures is None else figures), status


def _left_out(card: Scorecard | SpokenCard, noun: str = "clip") -> list[str]:
    """Notes on the marked rows, which cover only some of the samples, and on the models that did not run."""
    marked = [f"{_FEWER} {prose(sentence)}" for sentence in fewer_clips(card, noun)]
    return marked + [
        f"{code(row.model)}: {prose(row.reason)}" + (f"; hint: {code(runnable(row.hint))}" if row.hint else "")
        for row in card.rows
        if row.is_idle and row.reason
    ]


def _why_not_timed(model: str, untimed: str, *, is_speech: bool = False) -> str:
    """Why the times of a model are not shown, and what shows them."""
    hint = prose(how_to_time(untimed, is_speech=is_speech))
    return f"{code(model)}: times not shown: {prose(untimed)}" + (f"; {hint}" if hint else "")
