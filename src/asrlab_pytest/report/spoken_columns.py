"""The columns of a table of models that speak, by task: the same on a terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from asrlab_pytest.report.layout import factor, milliseconds, percent
from asrlab_pytest.report.spoken_card import SpokenFigures
from asrlab_pytest.scoring.spoken import PooledSpeech
from asrlab_pytest.tasks import Task


class Columns(NamedTuple):
    """The columns of a task."""

    form: str
    """A line of the terminal: the model, the figures, and the memory where any was measured."""
    terminal: tuple[str, ...]
    markdown: tuple[str, ...]


COLUMNS: Mapping[Task, Columns] = {
    "tts": Columns(
        form="{:<24} {:>6} {:>7} {:>6} {:>8} {:>7} {:>7} {:>7}",
        terminal=("model", "WER", "excess", "CER", "audio ms", "RTF", "faults"),
        markdown=("model", "prompts", "WER", "excess WER", "CER", "first audio ms", "RTF", "faults"),
    ),
    "conversation": Columns(
        form="{:<24} {:>6} {:>6} {:>8} {:>8} {:>7} {:>7} {:>7}",
        terminal=("model", "facts", "WER", "text ms", "audio ms", "RTF", "faults"),
        markdown=("model", "dialogues", "facts", "WER", "first text ms", "first audio ms", "RTF", "faults"),
    ),
}


def cells(figures: SpokenFigures) -> tuple[str, ...]:
    """The figures of a model, from its accuracy to its faults."""
    score = figures.score
    if isinstance(score, PooledSpeech):
        excess = "-" if score.excess_wer is None else f"{score.excess_wer:+.1%}"
        special = (percent(score.heard.wer), excess, percent(score.heard.cer))
    else:
        special = (percent(score.facts.recall), percent(score.agreement.wer), milliseconds(figures.first_token_s))
    return *special, milliseconds(figures.first_audio_s), factor(figures.rtf), str(score.speech_faults)
