"""Puts what a model wrote now beside what the baseline has of the same audio, both scored by the rules of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from asrlab_pytest.gates.regression import PairedClip
from asrlab_pytest.gates.tripwires import ScoredPair
from asrlab_pytest.scoring.entities import EntityCounts, score_entity_rows
from asrlab_pytest.scoring.rows import Row, Rules
from asrlab_pytest.scoring.score import Score

SAME_LENGTH_S = 0.01
"""Decoders may differ in the last samples of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One clip on both sides, against its present reference."""

    clip: str
    group: str | None
    before_text: str
    text: str
    before: Score
    now: Score
    before_entities: EntityCounts
    entities: EntityCounts

    @property
    def words(self) -> PairedClip:
        """The errors in words."""
        return PairedClip(
            clip=self.clip,
            group=self.group,
            baseline_errors=self.before.words.errors,
            baseline_words=self.before.words.reference_length,
            errors=self.now.words.errors,
            words=self.now.words.reference_length,
        )

    @property
    def entity_errors(self) -> PairedClip:
        """The errors in entities."""
        return PairedClip(
            clip=self.clip,
            group=self.group,
            baseline_errors=self.before_entities.errors,
            baseline_words=self.before_entities.reference_length,
            errors=self.entities.errors,
            words=self.entities.reference_length,
        )

    @property
    def scored(self) -> ScoredPair:
        return ScoredPair(clip=self.clip, baseline=self.before, score=self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """One model beside its baseline. Clips that have no counterpart are named, never dropped in silence."""

    model: str
    against: str
    """Id of the model in the baseline."""
    pairs: tuple[Pair, ...]
    new: tuple[str, ...]
    """Clips that the baseline does not have."""
    removed: tuple[str, ...]
    """Clips that only the baseline has."""
    changed: tuple[str, ...]
    """Clips whose audio is not that of the baseline."""


def pair(model: str, against: str, now: Iterable[Row], before: Mapping[str, Row], rules: Rules) -> Pairing:
    """Pair the first pass of a model with the baseline's texts.

    Args:
        model: The model's id.
        against: Id of the model in the baseline.
        now: Its observations, one a clip.
        before: The baseline's rows by clip id.
        rules: How texts are compared, on both sides.
    """
    rows = {row["clip"]: row for row in now}
    # Where the reference is in doubt, neither side can be right.
    present = {clip: row for clip, row in rows.items() if not row.get("quarantined")}
    common = [clip for clip in present if clip in before]
    changed = [clip for clip in common if _is_other_audio(present[clip], before[clip])]
    return Pairing(
        model=model,
        against=against,
        pairs=tuple(_pair(present[clip], before[clip], rules) for clip in common if clip not in changed),
        new=tuple(clip for clip in present if clip not in before),
        removed=tuple(clip for clip in before if clip not in rows),
        changed=tuple(changed),
    )


def _is_other_audio(now: Row, before: Row) -> bool:
    """Whether the file is another, or the part of it that the clip is; what a side does not say is no difference."""
    hashes = (now["audio_sha256"], before["audio_sha256"])
    if None not in hashes and hashes[0] != hashes[1]:
        return True
    length, length_before = now.get("audio_s"), before.get("audio_s")
    if length is None or length_before is None:
        return False
    return bool(abs(length - length_before) > SAME_LENGTH_S)


def _pair(now: Row, before: Row, rules: Rules) -> Pair:
    older = {**now, "hypothesis": before["hypothesis"]}
    return Pair(
        clip=now["clip"],
        group=now["group"],
        before_text=before["hypothesis"],
        text=now["hypothesis"],
        before=rules.score(older),
        now=rules.score(now),
        before_entities=score_entity_rows([older], rules.entities).counts,
        entities=score_entity_rows([now], rules.entities).counts,
    )
