"""What conversation is evaluated on: spoken questions and what the answers must say, read from ``dialogues.jsonl``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from asrlab_pytest.corpus.clip import Clip, SpokenKeys, keys_of
from asrlab_pytest.corpus.fact import KINDS, Expected, Fact
from asrlab_pytest.corpus.json_lines import Form, audio_of, language_of, refuse_empty_id, refuse_no_hash
from asrlab_pytest.corpus.manifest import in_language, state_language
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.protocols.entities import canonical_keyword, unsupported
from asrlab_pytest.thresholds import DialogueThresholds
from asrlab_pytest.validation import STRICT

DIALOGUES_NAME = "dialogues.jsonl"
NO_THRESHOLDS = DialogueThresholds()


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLine:
    """The keys of a turn; `audio` is relative to the file's folder."""

    __pydantic_config__ = STRICT

    audio: str
    text: str
    sha256: str | None = None
    facts: tuple[Fact, ...] = ()
    forbidden: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _DialogueKeys(SpokenKeys):
    """What a dialogue has as its line states it."""

    thresholds: DialogueThresholds = NO_THRESHOLDS


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueLine(_DialogueKeys):
    """The keys of a line."""

    __pydantic_config__ = STRICT

    turns: tuple[TurnLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Expected):
    """A question, and what the answer to it must say."""

    question: Clip


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue(_DialogueKeys):
    """Questions that are asked one after another, each when the one before is answered."""

    turns: tuple[Turn, ...]

    @property
    def recordings(self) -> tuple[Clip, ...]:
        """The questions."""
        return tuple(turn.question for turn in self.turns)

    @property
    def text(self) -> str:
        """The questions, one a line."""
        return "\n".join(turn.question.text for turn in self.turns)

    @property
    def entities(self) -> None:
        """None are listed: what an answer must say is in its facts."""

    @property
    def keywords(self) -> tuple[str, ...]:
        """None: what an answer must say is in its facts."""
        return ()


_KEYS = (*DialogueLine.__dataclass_fields__, *TurnLine.__dataclass_fields__, *KINDS)


def _dialogue_of(entry: DialogueLine, folder: Path, where: str, language: str | None) -> Dialogue:
    """The dialogue of a line. Raises CorpusError where it has no turn, or a fact that can never be found."""
    refuse_empty_id(entry.id, noun="dialogue", where=where)
    if not entry.turns:
        raise CorpusError(f"{where}: the dialogue {entry.id} has no turns", hint='list its questions as "turns"')
    entry = replace(entry, language=language_of(entry.language, where) or language)
    listed = [fact.entity for turn in entry.turns for fact in (*turn.facts, *turn.forbidden) if fact.entity is not None]
    types = unsupported(listed, entry.language)
    if types:
        raise CorpusError(
            f"{where}: no rules find the type {types[0]} {in_language(entry.language)}",
            hint=state_language(entry.language)
            or "outside English, use keywords, regular expressions, and email or url entities",
        )
    return Dialogue(
        **keys_of(entry, _DialogueKeys, entry.language),
        turns=tuple(_turn_of(entry, number, folder, where) for number in range(len(entry.turns))),
    )


DIALOGUES = Form(
    file_name=DIALOGUES_NAME,
    line=DialogueLine,
    make=_dialogue_of,
    noun="dialogue",
    known=_KEYS,
    example='{"id": "hello", "turns": [{"audio": "a.wav", "text": "Hello.", "facts": [{"keyword": "hello"}]}]}',
    missing="dialogues",
)
read_dialogues = DIALOGUES.read


def _turn_of(entry: DialogueLine, place: int, folder: Path, where: str) -> Turn:
    """A turn; its question is a clip that is called by the dialogue and the turn's number, from 1 up.

    Raises:
        CorpusError: its audio can be no file, or a fact is also forbidden.
    """
    turn = entry.turns[place]
    both = [fact for fact in turn.facts if _is_forbidden(fact, turn.forbidden)]
    if both:
        raise CorpusError(
            f"{where}: key 'turns.{place}': {both[0]} is both required and forbidden, so no answer can be right",
            hint="remove it from facts or from forbidden",
        )
    refuse_no_hash(turn.sha256, key=f"turns.{place}.sha256", where=where)
    question = Clip(
        id=f"{entry.id}-{place + 1}",
        audio=audio_of(turn.audio, folder, key=f"turns.{place}.audio", where=where),
        text=turn.text,
        language=entry.language,
        normalization=entry.normalization,
        sha256=turn.sha256,
        tags=tuple(dict.fromkeys(entry.tags)),
        group=entry.group,
        called=f"{where}: turn {place + 1} of dialogue {entry.id}",
    )
    return Turn(question=question, facts=turn.facts, forbidden=turn.forbidden)


def _is_forbidden(fact: Fact, forbidden: Sequence[Fact]) -> bool:
    """Whether an answer that has a fact always has one of the forbidden: keywords are the same in any case."""
    if fact.keywords is None:
        return fact in forbidden
    keywords = {canonical_keyword(keyword) for other in forbidden for keyword in other.keywords or ()}
    return keywords.issuperset(map(canonical_keyword, fact.keywords))
