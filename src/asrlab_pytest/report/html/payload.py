"""The items as compact JSON, from which the page's script makes rows and diffs on demand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from asrlab_pytest.report.clips import Answer, AudioName, Item, Part, turns_of
from asrlab_pytest.report.columns import Column, side_by_side
from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.visible import visible

Json = dict[str, object]

Source = Callable[[AudioName], str]
"""Where audio is played from: "#" and the id of embedded audio, a relative URL, or "" if there is none."""


def payload(items: Sequence[Item], models: Sequence[str], source: Source) -> str:
    """The page's data, in a form that is safe within a script element.

    Args:
        items: What is shown.
        models: Ids, to which answers refer by number.
        source: Where audio is played from.
    """
    numbers = {model: number for number, model in enumerate(models)}
    document = {
        "models": [visible(model) for model in models],
        "items": [_item(item, numbers, source) for item in items],
    }
    return safe(json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def safe(document: str) -> str:
    """JSON in which nothing ends a script element or begins a comment."""
    return document.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _item(item: Item, numbers: dict[str, int], source: Source) -> Json:
    return _lean(
        {
            "id": visible(item.id),
            "task": item.task,
            "text": visible(item.reference),
            "language": visible(item.language),
            "speaker": visible(item.speaker),
            "tags": [visible(tag) for tag in item.tags],
            "seconds": None if item.seconds is None else round(item.seconds, 2),
            "apart": item.quarantined,
            "review": visible(item.review),
            "audio": source(item.audio) if item.audio else "",
            "differ": item.disagree,
            "findings": [visible(finding) for finding in item.findings],
            "excluded": item.is_excluded,
            "answers": [_answer(answer, numbers, source) for answer in item.answers],
            "parts": [_part(parts, numbers, source) for parts in turns_of(item.answers)],
        }
    )


def _answer(answer: Answer, numbers: dict[str, int], source: Source) -> Json:
    return _lean(
        {
            "model": numbers[answer.model],
            "problem": visible(answer.problem),
            "edits": _edits(answer.counts) if answer.parts else [],
            "lapses": answer.fact_errors,
            "figures": [visible(figure) for figure in _figures(answer)],
            "recording": _cut(visible(answer.recording)),
            "entities": [visible(entity) for entity in answer.entities],
            "notes": [visible(note) for note in answer.notes],
            "wrote": [_written(part, source, is_turn=len(answer.parts) > 1) for part in answer.parts],
        }
    )


def _figures(answer: Answer) -> Iterator[str]:
    """Times and voice, as they are shown."""
    if answer.voice:
        yield f"voice {answer.voice}"
    if answer.excess_wer is not None:
        yield f"WER {answer.excess_wer:+.1%} compared with the recording"
    if answer.seconds is not None:
        yield f"{answer.seconds:.1f} s of speech"
    if answer.latency_s is not None:
        yield f"latency {answer.latency_s:.2f} s"
    if answer.rtf is not None:
        yield f"RTF {answer.rtf:.3f}"
    if answer.first_audio_s is not None:
        yield f"first audio after {answer.first_audio_s:.2f} s"


def _edits(counts: Counts) -> list[object]:
    return [counts.substitutions, counts.deletions, counts.insertions, counts.reference_length]


def _written(part: Part, source: Source, *, is_turn: bool) -> Json:
    """What a model wrote, untouched, with the times of its words and its speech.

    Args:
        part: With the text.
        source: Where audio is played from.
        is_turn: Whether it is one of several, whose errors are not those of the answer.
    """
    # A text may be a megabyte, and people read only the start.
    times = [[visible(word.text), round(word.start, 2)] for word in part.words[:_WORDS]]
    return _lean(
        {
            "text": _cut(visible(part.hypothesis)),
            "edits": _edits(part.score.words) if is_turn else [],
            "times": [*times],
            "audio": source(part.speech) if part.speech else "",
            "said": _cut(visible(part.reference)) if part.question_audio else "",
        }
    )


_WORDS = 1_000
_LETTERS = 10_000


def _cut(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]}… and {len(text) - _LETTERS:,} more characters"


def _part(parts: Sequence[tuple[str, Part]], numbers: dict[str, int], source: Source) -> Json:
    first = parts[0][1]
    blocks = side_by_side({model: part.score.alignment for model, part in parts})
    return _lean(
        {
            "question": visible(first.question),
            "audio": source(first.question_audio) if first.question_audio else "",
            "blocks": [
                _lean(
                    {
                        "models": [numbers[model] for model in block.models],
                        "columns": [_column(column) for column in block.columns],
                        "more": block.left_out,
                    }
                )
                for block in blocks
            ],
        }
    )


def _column(column: Column) -> object:
    """A word that every model wrote; else the reference's word and each model's, 0 where it is the same."""
    if column.is_hit:
        return visible(column.reference)
    return [visible(column.reference), *(0 if word == column.reference else visible(word) for word in column.words)]


def _lean(document: Json) -> Json:
    """Without empty values, which the script takes as the default."""
    return {
        key: value for key, value in document.items() if value not in ("", None, False, []) or key in ("id", "model")
    }


def model_ids(items: Iterable[Item]) -> list[str]:
    """Models in the order in which they come."""
    return list(dict.fromkeys(answer.model for item in items for answer in item.answers))
