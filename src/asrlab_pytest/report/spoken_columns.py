"""The columns of TTS and conversation tables on the terminal, in Markdown and on the page, one entry per task."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

from asrlab_pytest.report.layout import factor, milliseconds, percent, short, some
from asrlab_pytest.report.spoken_card import SpokenFigures
from asrlab_pytest.scoring.spoken import PooledDialogues, PooledSpeech
from asrlab_pytest.tasks import Task
from asrlab_pytest.wording import first_few, many

SAME = "same as"
_SOME = 3
"""Most faults and facts that are shown of a model."""
Pooled = TypeVar("Pooled", PooledSpeech, PooledDialogues)
Note: TypeAlias = tuple[str, str]
"""The question, and the answer in a sentence."""


class Columns(NamedTuple):
    """The table of a task, and the note on it."""

    form: str
    """A line on the terminal: the model, the figures with a mark after the WER, and the memory if any was measured."""
    terminal: tuple[str, ...]
    """Names of the figures on a terminal."""
    names: tuple[str, ...]
    """Names of the figures in Markdown and on the page."""
    wer: int
    """Index of the WER among the figures."""
    accuracy: Callable[[SpokenFigures], tuple[str, ...]]
    """The figures that other tasks do not have: all before the time until the first audio."""
    note: Callable[[SpokenFigures], Iterator[Note]]
    """Notes that do not fit into the table."""


def cells(task: Task, figures: SpokenFigures) -> tuple[str, ...]:
    """The figures of a model, from its accuracy to its faults."""
    times = milliseconds(figures.first_audio_s), factor(figures.rtf)
    return *COLUMNS[task].accuracy(figures), *times, str(figures.score.speech_faults)


def notes(task: Task, figures: SpokenFigures) -> Iterator[Note]:
    """What the table has no room for: the question, and the answer in a sentence."""
    if figures.again:
        same = figures.again - len(figures.differing)
        named = f" (not {some(figures.differing)})" if figures.differing else ""
        yield "repeats", f"same speech each time for {same} of {figures.again}{named}"
    yield from COLUMNS[task].note(figures)
    for label, texts, noun in (("facts", figures.facts, ""), ("faults", figures.faults, "fault")):
        for text in first_few([f"{short(item)}: {sentence}" for item, sentence in texts], _SOME, noun):
            yield label, text


def marked(task: Task, shown: Sequence[str], mark: str = "") -> tuple[str, ...]:
    """Figures or their names, with a cell for a mark after the WER."""
    after = COLUMNS[task].wer + 1
    return *shown[:after], mark, *shown[after:]


def points(difference: float | None) -> str:
    """A difference between two rates in words, to be followed by what it is compared with."""
    if difference is None:
        return "-"
    shown = f"{abs(100 * difference):.1f}"
    return SAME if shown == "0.0" else f"{shown} points {'above' if difference > 0 else 'below'}"


def _accuracy_of_speech(figures: SpokenFigures) -> tuple[str, ...]:
    score = _pooled(figures, PooledSpeech)
    excess = "-" if score.excess_wer is None else f"{score.excess_wer:+.1%}"
    return percent(score.heard.wer), excess, percent(score.heard.cer)


def _beside_recordings(figures: SpokenFigures) -> Iterator[Note]:
    score = _pooled(figures, PooledSpeech)
    if score.recordings:
        recordings = f"recordings of {many(score.recordings, 'prompt')} (WER {percent(score.recorded_wer)})"
        yield "accuracy", f"{points(score.excess_wer)} the {recordings}"


def _accuracy_of_answers(figures: SpokenFigures) -> tuple[str, ...]:
    score = _pooled(figures, PooledDialogues)
    return percent(score.facts.recall), percent(score.agreement.wer), milliseconds(figures.first_token_s)


def _facts_said(figures: SpokenFigures) -> Iterator[Note]:
    facts = _pooled(figures, PooledDialogues).facts
    if facts.total:
        yield "facts", f"{facts.hits} of {many(facts.total, 'fact')} said"


def _pooled(figures: SpokenFigures, kind: type[Pooled]) -> Pooled:
    assert isinstance(figures.score, kind)
    return figures.score


COLUMNS: Mapping[Task, Columns] = {
    "tts": Columns(
        form="{:<24} {:>6}{:1}{:>7} {:>6} {:>8} {:>7} {:>7} {:>7}",
        terminal=("WER", "excess", "CER", "audio ms", "RTF", "faults"),
        names=("WER", "excess WER", "CER", "first audio ms", "RTF", "faults"),
        wer=0,
        accuracy=_accuracy_of_speech,
        note=_beside_recordings,
    ),
    "conversation": Columns(
        form="{:<24} {:>6} {:>6}{:1}{:>8} {:>8} {:>7} {:>7} {:>7}",
        terminal=("facts", "WER", "text ms", "audio ms", "RTF", "faults"),
        names=("facts", "WER", "first text ms", "first audio ms", "RTF", "faults"),
        wer=1,
        accuracy=_accuracy_of_answers,
        note=_facts_said,
    ),
}
