"""The languages that clips state, and those that models detected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from asrlab_pytest.languages import detected_code, is_same_language
from asrlab_pytest.records.case_set import CaseSet
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.wording import many

STATE_IT = 'write the language of each in its line ("language": "<code>"), or that of all in [tool.asrlab]'
"""How to say in which language clips are."""


@dataclass(frozen=True, slots=True)
class DetectedLanguages:
    """The languages that a model took clips for, each with how many clips."""

    other: Mapping[str, int]
    """Of clips that state another language."""
    unstated: Mapping[str, int]
    """Of clips with a text that state none. A model of one language takes every clip for that."""

    def sentences(self) -> Iterator[str]:
        """What a report says of them; nothing where they are as stated."""
        if self.other:
            yield f"{_clips(self.other)} detected as another language: {_listed(self.other)}"
        if self.unstated:
            yield f"{_clips(self.unstated)} without a stated language, transcribed as: {_listed(self.unstated)}"


def detected_languages(rows: Iterable[Observation]) -> DetectedLanguages:
    """The languages that a model detected in the clips of these observations, where it says."""
    other: Counter[str] = Counter()
    unstated: Counter[str] = Counter()
    for row in rows:
        detected, stated = detected_code(row.transcript.language if row.transcript else None), row.language
        if detected and stated is None and _has_text(row):
            unstated[detected] += 1
        elif detected and stated is not None and not is_same_language(detected, stated):
            other[detected] += 1
    return DetectedLanguages(dict(other.most_common()), dict(unstated.most_common()))


def without_language(rows: Sequence[Observation], rules: Rules) -> int:
    """How many clips with a text state no language, and are scored by the rules for any language because of that."""
    if rules.normalizations.chosen is not None:
        return 0
    unstated = (row for row in rows if row.language is None and row.clip_normalization is None and _has_text(row))
    return len(CaseSet(row.clip for row in unstated))


def _has_text(row: Observation) -> bool:
    """Whether the sample is in a language at all: one without speech is in none."""
    return bool(row.reference.strip())


def unstated_sentence(count: int, noun: str = "clip") -> str:
    """What a report says of clips without a language, as "3 clips state no language"."""
    return f"{count} {noun}{'s state' if count > 1 else ' states'} no language, scored with the profile und"


def _clips(counts: Mapping[str, int]) -> str:
    return many(sum(counts.values()), "clip")


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{language} {count}" for language, count in counts.items())
