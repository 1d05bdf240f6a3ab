"""Pairs what a model wrote or said now with what the baseline has, both scored by today's rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from asrlab_pytest.gates.paired_clips import PairedClip
from asrlab_pytest.gates.reasons import IN_QUARANTINE
from asrlab_pytest.gates.tripwires import ScoredPair
from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.observation import NUMBERED, Observation
from asrlab_pytest.records.rows_by_clip import rows_by_clip
from asrlab_pytest.records.spoken import Hearer
from asrlab_pytest.records.stored_rows import CompactRows
from asrlab_pytest.scoring.alignment import AlignedWord
from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.scoring.entities import EntityCounts
from asrlab_pytest.scoring.facts import FactScore
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.scoring.spoken import dialogue_facts
from asrlab_pytest.tasks import NOUNS, WORDS, Task

SAME_LENGTH_S = 0.01
"""Decoders may differ in the last samples of a file."""
WER = "WER"
ENTITIES = "entity error rate"
FACTS = "fact error rate"
"""Facts missed and things said that must not be, over the facts that had to be said."""


_Counted: TypeAlias = Counts | EntityCounts | FactScore


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a clip on both sides. For rows in files, they are read on demand."""

    _now: Observation
    _before: Observation
    _scorer: Scorer

    @property
    def now(self) -> str:
        """What the model wrote, or what the judge transcribed of its speech."""
        return _text(self._now)

    @property
    def before(self) -> str:
        """The same for the baseline."""
        return _text(self._before)

    @property
    def are_same(self) -> bool:
        if self._now.turns:
            return self.now == self.before
        return self._scorer.is_same_text(self._now, self._before)

    @property
    def alignment(self) -> tuple[AlignedWord, ...]:
        """Of the new text."""
        return self._scorer.rules.score(self._now).alignment


def _text(observation: Observation) -> str:
    return observation.reference if observation.turns else observation.hypothesis


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One clip on both sides, against its present reference."""

    clip: str
    group: str | None
    before: Score
    now: Score
    before_entities: EntityCounts
    entities: EntityCounts
    texts: Texts | None = None
    """The texts on both sides; None if only counts are known."""
    before_facts: FactScore | None = None
    facts: FactScore | None = None
    """Of a dialogue, whose answers are judged by what they say; None elsewhere."""
    same_judge: bool = True
    """Whether the same judge heard both sides, where a model speaks."""
    is_heard: bool = False
    """Whether a model spoke, and the texts are what a judge heard."""
    silenced: tuple[int, ...] = ()
    """Turns of a dialogue in which nothing is heard any more; numbers from 1."""

    @property
    def has_same_text(self) -> bool:
        """Whether the text is the same as before."""
        return self.texts is None or self.texts.are_same

    @property
    def sides(self) -> dict[str, PairedClip]:
        """The errors on both sides, by metric."""
        if self.facts is None or self.before_facts is None:
            words = self._paired(self.before.words, self.now.words)
            return {WER: words, ENTITIES: self._paired(self.before_entities, self.entities)}
        return {FACTS: self._paired(self.before_facts, self.facts)}

    def _paired(self, before: _Counted, now: _Counted) -> PairedClip:
        return PairedClip(
            clip=self.clip,
            group=self.group,
            baseline_errors=before.errors,
            baseline_words=before.reference_length,
            errors=now.errors,
            words=now.reference_length,
        )

    @property
    def scored(self) -> ScoredPair:
        """The pairs judged clip by clip. Transcripts of different judges are not compared; what the model wrote is."""
        return ScoredPair(
            clip=self.clip,
            baseline=self.before if self.same_judge else self.now,
            score=self.now,
            is_heard=self.is_heard,
            silenced=self.silenced if self.same_judge else (),
            more_forbidden=self._more_forbidden,
        )

    @property
    def _more_forbidden(self) -> int | None:
        if self.facts is None or self.before_facts is None or self.facts.total:
            return None
        return self.facts.errors - self.before_facts.errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """One model compared with its baseline. Clips that have no counterpart are named, never dropped in silence."""

    model: str
    against: str
    """Id of the model in the baseline."""
    pairs: Sequence[Pair]
    new: tuple[str, ...]
    """Clips that the baseline does not have."""
    removed: tuple[str, ...]
    """Clips that only the baseline has."""
    changed: tuple[str, ...]
    """Clips and dialogues whose audio is not that of the baseline, and prompts whose text or voice is not."""
    noun: str = "clip"
    """What is paired, in a word."""
    other_judge: tuple[str, ...] = ()
    """Prompts that another judge heard than in the baseline."""
    quarantined: tuple[str, ...] = ()
    """Clips whose reference is in doubt."""
    renamed: frozenset[str] = frozenset()
    """The new clips that the baseline has under an id which is gone."""
    set_aside: Mapping[str, str] = field(default_factory=dict)
    """Clips of the baseline that are still there and were not compared: what they are, by id."""

    @property
    def metric(self) -> str:
        """What is compared first of all."""
        return FACTS if self.noun == NOUNS["conversation"] else WER

    @property
    def compared(self) -> Iterator[str]:
        """Ids of the pairs."""
        return self.pairs.clips if isinstance(self.pairs, PairedRows) else (pair.clip for pair in self.pairs)


def pair(
    model: str,
    against: str,
    now: Iterable[Observation] | Mapping[str, Observation],
    before: Mapping[str, Observation],
    rules: Rules | Scorer,
) -> Pairing:
    """Pair the first pass of a model with the baseline's texts.

    Args:
        model: The model's id.
        against: Id of the model in the baseline.
        now: Its observations, one a clip, by clip or not.
        before: The baseline's rows by clip id.
        rules: How texts are compared, on both sides; a scorer where they have been scored before.
    """
    scorer = rules if isinstance(rules, Scorer) else Scorer(rules)
    rows = now if isinstance(now, Mapping) else rows_by_clip(now)
    tasks = {row.task for row in (rows or before).values()}
    # A model that did something else then has no text for what it does now, whatever its clips are called.
    if any(row.task not in tasks for row in before.values()):
        before = {clip: row for clip, row in before.items() if row.task in tasks}
    pairs = PairedRows(scorer)
    apart: dict[str, list[str]] = {"new": [], "changed": [], "other_judge": [], "quarantined": []}
    set_aside: dict[str, str] = {}
    for row in rows.values():
        older = before.get(row.clip)
        reasons = [*_why_apart(row, older)]
        for reason in reasons:
            apart[reason].append(row.clip)
        if older is not None and not reasons:
            pairs.append(row, older)
        if older is not None and row.quarantined and not older.quarantined:
            set_aside[row.clip] = IN_QUARANTINE
    removed = tuple(clip for clip in before if clip not in rows)
    return Pairing(
        model=model,
        against=against,
        pairs=pairs if pairs.is_of_files else tuple(pairs),
        removed=removed,
        noun=next((NOUNS[row.task] for row in (rows or before).values()), "clip"),
        set_aside=set_aside,
        renamed=frozenset(_renamed([rows[clip] for clip in apart["new"]], [before[clip] for clip in removed])),
        **{reason: tuple(clips) for reason, clips in apart.items()},
    )


def with_reasons(pairing: Pairing, why: Callable[[str], str]) -> Pairing:
    """The pairing, with what those clips are that only the baseline has although they are still there.

    Args:
        pairing: The pairs.
        why: What a clip is, in words that follow "is"; empty where it is gone.
    """
    reasons = {clip: reason for clip in pairing.removed if (reason := why(clip))}
    in_quarantine = [clip for clip, reason in reasons.items() if reason == IN_QUARANTINE]
    return replace(
        pairing,
        removed=tuple(clip for clip in pairing.removed if clip not in reasons),
        quarantined=(*pairing.quarantined, *in_quarantine),
        set_aside={**pairing.set_aside, **reasons},
    )


class PairedRows(Sequence[Pair]):
    """Pairs of two rows, made on demand: rows of files stay there.

    Args:
        scorer: What scores the rows.
    """

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._now, self._before = CompactRows(), CompactRows()

    def append(self, now: Observation, before: Observation) -> None:
        """Add the rows of one clip."""
        self._now.append(now)
        self._before.append(before)

    @property
    def clips(self) -> Iterator[str]:
        """Their ids, without scoring anything."""
        return (row.clip for row in self._now)

    @property
    def is_of_files(self) -> bool:
        """Whether all rows are in files, with scores stored by position."""
        return self._now.is_of_file and self._before.is_of_file and not self._scorer.with_alignments

    def __getitem__(self, index: int) -> Pair:  # type: ignore[override]
        return _pair(self._now[index], self._before[index], self._scorer)

    def __len__(self) -> int:
        return len(self._now)


def _why_apart(row: Observation, before: Observation | None) -> Iterator[str]:
    """The lists of a pairing that a clip is in, as it cannot be compared; none of a clip that can."""
    # Where the reference is in doubt, neither side can be right.
    if row.quarantined:
        yield "quarantined"
    elif before is None:
        yield "new"
    else:
        if _is_other(row, before):
            yield "changed"
        if row.task == "tts" and _judge(row) != _judge(before):
            yield "other_judge"


def _is_other(now: Observation, before: Observation) -> bool:
    """Whether a clip or a question sounds otherwise than before, or a prompt is another text or in another voice."""
    if WORDS[now.task].speaks and before.spoken is None:
        return True
    return _IS_OTHER[now.task](now, before)


def _is_other_text(now: Observation, before: Observation) -> bool:
    return (now.reference, now.speech.voice) != (before.reference, before.speech.voice)


def _has_other_questions(now: Observation, before: Observation) -> bool:
    asked, asked_before = ([turn.question_sha256 for turn in side.speech.turns] for side in (now, before))
    return asked != asked_before


def _judge(observation: Observation) -> Hearer | None:
    """Who heard the speech, on whatever device."""
    return None if observation.spoken is None else replace(observation.spoken.hearer, device="")


def _is_other_audio(now: Observation, before: Observation) -> bool:
    """Whether the file is another, or the part of it that the clip is; what a side does not say is no difference.

    Of clips that have neither a name nor audio, the reference says which they are.
    """
    hashes = (now.audio_sha256, before.audio_sha256)
    if None in hashes and now.clip.startswith(NUMBERED) and now.reference != before.reference:
        return True
    if None not in hashes and hashes[0] != hashes[1]:
        return True
    if None not in (now.channel, before.channel) and now.channel != before.channel:
        return True
    return _differ(now.audio_s, before.audio_s) or _differ(now.start_s, before.start_s)


def _differ(seconds: float | None, before_s: float | None) -> bool:
    return seconds is not None and before_s is not None and abs(seconds - before_s) > SAME_LENGTH_S


_IS_OTHER: Mapping[Task, Callable[[Observation, Observation], bool]] = {
    "asr": _is_other_audio,
    "tts": _is_other_text,
    "conversation": _has_other_questions,
}


def _renamed(new: Iterable[Observation], removed: Iterable[Observation]) -> Iterator[str]:
    """Ids of the new samples that are those of a row which is gone."""
    gone = grouped(((_material(before), _start(before)), before) for before in removed)
    for now in new:
        material = _material(now)
        # A baseline of an older version does not say where a clip begins.
        alike = (*gone.get((material, _start(now)), ()), *gone.get((material, None), ()))
        if material is not None and any(not _is_other(now, before) for before in alike):
            yield now.clip


def _start(row: Observation) -> float | None:
    return row.start_s and round(row.start_s, 3)


def _material(row: Observation) -> Hashable:
    """What a sample is made of, whatever its id; None if that is not known."""
    if row.task == "asr":
        return row.audio_sha256
    if row.spoken is None:
        return None
    return row.reference if row.task == "tts" else tuple(turn.question_sha256 for turn in row.spoken.turns)


def _pair(now: Observation, before: Observation, scorer: Scorer) -> Pair:
    is_dialogue = bool(now.turns)
    older = _older_dialogue(now, before) if is_dialogue else before
    before_score, before_entities = (
        (scorer.score(older), scorer.entities(older)) if is_dialogue else scorer.of_older(now, before)
    )
    return Pair(
        clip=now.clip,
        group=now.group,
        before=before_score,
        now=scorer.score(now),
        before_entities=before_entities.counts,
        entities=scorer.entities(now).counts,
        texts=Texts(now, before, scorer),
        before_facts=dialogue_facts(older, scorer.rules) if is_dialogue else None,
        facts=dialogue_facts(now, scorer.rules) if is_dialogue else None,
        same_judge=not WORDS[now.task].speaks or _judge(now) == _judge(before),
        is_heard=WORDS[now.task].speaks,
        silenced=_silenced(now, older) if is_dialogue else (),
    )


def _older_dialogue(now: Observation, before: Observation) -> Observation:
    """What the baseline has of a dialogue, with what its answers must say by now."""
    pairs = zip(now.speech.turns, before.speech.turns, strict=True)
    turns = tuple(replace(turn, answer=older.answer, heard=older.heard) for turn, older in pairs)
    spoken = replace(now.speech, turns=turns)
    return replace(now, reference=before.reference, hypothesis=before.hypothesis, spoken=spoken)


def _silenced(now: Observation, older: Observation) -> tuple[int, ...]:
    transcripts = [[turn.heard.strip() for turn in side.speech.turns] for side in (older, now)]
    turns = enumerate(zip(*transcripts, strict=True), start=1)
    return tuple(number for number, (then, by_now) in turns if then and not by_now)
