"""What models that speak came to, as a section of a Markdown document."""

from __future__ import annotations

from collections.abc import Iterator

from asrlab_pytest.hints import runnable
from asrlab_pytest.report.escaping import code, prose
from asrlab_pytest.report.layout import factor, megabytes, milliseconds, percent
from asrlab_pytest.report.spoken_card import SpokenCard, SpokenFigures, SpokenRow
from asrlab_pytest.report.spoken_terminal import notes
from asrlab_pytest.report.validity import how_to_time
from asrlab_pytest.scoring.spoken import PooledSpeech
from asrlab_pytest.tasks import LABELS

_PROMPTS = ("model", "prompts", "WER", "excess WER", "CER", "first audio ms", "RTF", "faults")
_DIALOGUES = ("model", "dialogues", "facts", "WER", "first text ms", "first audio ms", "RTF", "faults")
_STATE = ("memory", "device", "status")


def spoken_section(card: SpokenCard) -> Iterator[str]:
    """A table of the models, and what it has no room for."""
    columns = (*(_PROMPTS if card.task == "tts" else _DIALOGUES), *_STATE)
    rule = ("---", *["--:"] * (len(columns) - 3), "---", "---")
    table = [columns, rule, *(_row(row, len(columns)) for row in card.rows)]
    label = LABELS[card.task]
    rows = "\n".join(f"| {' | '.join(cells)} |" for cells in table)
    yield f"### {label[0].upper()}{label[1:]}\n\n{rows}"
    told = [
        f"{code(row.model)}: {prose(row.reason)}" + (f"; hint: {code(runnable(row.hint))}" if row.hint else "")
        for row in card.rows
        if row.status not in ("ready", "recorded") and row.reason
    ]
    ran = [(row.model, row.figures) for row in card.rows if row.figures is not None]
    told += [f"{code(model)}: {prose(note)}" for model, figures in ran for _, note in notes(figures)]
    told += [f"{code(model)}: times not shown: {_why(figures.untimed)}" for model, figures in ran if figures.untimed]
    judges = sorted({judge for _, figures in ran for judge in figures.judges})
    told += [f"{code(card.items)}, transcribed by {prose(', '.join(judges))}"] if ran else []
    if told:
        yield "\n".join(f"- {note}" for note in told)


def _why(untimed: str) -> str:
    return f"{prose(untimed)}; {prose(how_to_time(untimed, is_speech=True))}"


def _row(row: SpokenRow, width: int) -> tuple[str, ...]:
    status = prose(row.status) + (f", {len(row.unread)} unread" if row.unread else "")
    if row.figures is None:
        return code(row.model), *["-"] * (width - 2), status
    figures = row.figures
    return code(row.model), *_figures(figures), megabytes(figures.memory_bytes), prose(figures.device), status


def _figures(figures: SpokenFigures) -> tuple[str, ...]:
    score = figures.score
    if isinstance(score, PooledSpeech):
        own = (
            percent(score.heard.wer),
            "-" if score.excess_wer is None else f"{score.excess_wer:+.1%}",
            percent(score.heard.cer),
            milliseconds(figures.first_audio_s),
        )
    else:
        own = (
            percent(score.facts.recall),
            percent(score.agreement.wer),
            milliseconds(figures.first_token_s),
            milliseconds(figures.first_audio_s),
        )
    return str(figures.items), *own, factor(figures.rtf), str(score.speech_faults)
