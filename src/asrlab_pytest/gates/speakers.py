"""Groups that became much worse by themselves, which a verdict over all of them does not show."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass

from asrlab_pytest.gates.outcome import SIDE, points, rate
from asrlab_pytest.gates.paired_clips import PairedClips
from asrlab_pytest.scoring.p_values import sign_flip_p, tarone_holm

CHANGED_CLIPS = 5
"""A group of which fewer clips changed is not looked at."""
MARGINS = 5
"""A group is named where its rate rose by more than so many margins, and by more than `SHARE` of what it was."""
SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerRise:
    """A group whose error rate rose by much, surely. Rates are fractions."""

    group: str
    clips: int
    baseline_rate: float
    rate: float
    p_adjusted: float
    """By sign flips of its clips, adjusted for all groups that were looked at."""

    def sentence(self, metric: str) -> str:
        """What happened to the group."""
        rise = points(self.rate - self.baseline_rate)
        return (
            f"{self.group}: {metric} rose by {rise} points, from {rate(self.baseline_rate)} to {rate(self.rate)}, on "
            f"its {self.clips} clips (sign-flip p {self.p_adjusted:.2g})"
        )


def speakers_that_rose(groups: Mapping[str, PairedClips], margin: float) -> tuple[SpeakerRise, ...]:
    """Judge each group by its own clips, as a family of its own.

    Args:
        groups: The clips of each group.
        margin: What the rate over all clips may rise by.

    Returns:
        In the order of the groups.
    """
    differences = {group: array("i", clips.differences) for group, clips in groups.items()}
    able = [group for group, changes in differences.items() if sum(map(bool, changes)) >= CHANGED_CLIPS]
    adjusted = tarone_holm(
        [sign_flip_p(differences[group]) for group in able],
        [0.5 ** sum(map(bool, differences[group])) for group in able],
        SIDE,
    )
    judged = zip(able, adjusted, strict=True)
    rises = (_rise(group, groups[group], p) for group, p in judged if p is not None and p <= SIDE)
    return tuple(rise for rise in rises if _is_much(rise, margin))


def _rise(group: str, clips: PairedClips, p_adjusted: float) -> SpeakerRise:
    words = max(sum(clips.words), 1)
    return SpeakerRise(
        group=group,
        clips=len(clips),
        baseline_rate=sum(clips.before) / words,
        rate=sum(clips.now) / words,
        p_adjusted=p_adjusted,
    )


def _is_much(rise: SpeakerRise, margin: float) -> bool:
    return rise.rate - rise.baseline_rate > max(MARGINS * margin, SHARE * rise.baseline_rate)
