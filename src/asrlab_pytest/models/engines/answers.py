"""A table of answers: what is said to which question, for the engine that is made of parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from asrlab_pytest.errors import ModelError
from asrlab_pytest.protocols.normalization import normalization_for
from asrlab_pytest.validation import ONE_OF_BOTH, STRICT, RepeatedKeyError, adapter_of, faults, refuse_repeated_keys

FURTHEST = 0.75
"""Edits over the words of the longer text: where a question is further than this, it was another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the table."""

    __pydantic_config__ = STRICT

    question: str
    answer: str
    after: str | None = None
    """A question of the table that must have come before, in the same dialogue."""


def read_answers(path: Path) -> tuple[Entry, ...]:
    """Read a table of answers, one JSON object a line.

    Raises:
        ModelError: it cannot be read or is empty, or a line of it is wrong.
    """
    from pydantic import ValidationError

    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"the table of answers {path} cannot be read: {error.strerror}") from None
    adapter = adapter_of(Entry)
    entries: dict[int, Entry] = {}
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            refuse_repeated_keys(line)
            entries[number] = adapter.validate_json(line)
        except RepeatedKeyError as error:
            raise ModelError(f"{path}:{number}: {error}", hint=ONE_OF_BOTH) from None
        except ValidationError as error:
            raise ModelError(f"{path}:{number}: {faults(error, of=Entry)}", hint="correct the line") from None
    if not entries:
        raise ModelError(f"{path} has no answers", hint='add lines such as {"question": "hello", "answer": "Hi."}')
    _check(path, entries)
    return tuple(entries.values())


def _check(path: Path, entries: dict[int, Entry]) -> None:
    """Refuse lines that could never be chosen, or that say nothing."""
    lines: dict[tuple[str, str | None], int] = {}
    questions = {entry.question for entry in entries.values()}
    for number, entry in entries.items():
        where = f"{path}:{number}"
        for key in ("question", "answer"):
            if not normalization_for(None).apply(getattr(entry, key)):
                raise ModelError(f"{where}: key {key!r} has no words", hint="correct the line")
        if entry.after is not None and entry.after not in questions:
            raise ModelError(f"{where}: no line has the question {entry.after!r}", hint="correct its key 'after'")
        first = lines.setdefault((entry.question, entry.after), number)
        if first != number:
            raise ModelError(f"{where}: its question is already in line {first}", hint="give one of them an 'after'")


def choose(entries: Sequence[Entry], question: str, asked: Sequence[str], language: str | None) -> Entry | None:
    """The entry whose question is nearest to what was heard; None if none is near.

    Args:
        entries: The table.
        question: The recognizer's transcript.
        asked: The questions of the dialogue so far, as the table has them.
        language: ISO 639-1 code that chooses how texts are compared.
    """
    rules = normalization_for(language)
    words = rules.tokens(question)
    if not words:
        return None

    def rank(entry: Entry) -> tuple[float, int]:
        """How far it is and, of equals, how recent the question is that it follows."""
        expected = rules.tokens(entry.question)
        far = Levenshtein.normalized_distance(expected, words)
        return far, -1 - _last(asked, entry.after) if entry.after is not None else 0

    nearest = min((entry for entry in entries if entry.after is None or entry.after in asked), key=rank, default=None)
    return nearest if nearest is not None and rank(nearest)[0] <= FURTHEST else None


def _last(asked: Sequence[str], question: str) -> int:
    return max(place for place, earlier in enumerate(asked) if earlier == question)
