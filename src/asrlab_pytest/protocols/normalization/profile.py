"""The profiles of the protocol, each an ordered list of steps with a signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.protocols.normalization.characters import characters_of, split_unspaced
from asrlab_pytest.protocols.normalization.english import EN
from asrlab_pytest.protocols.normalization.english.marks import readable
from asrlab_pytest.protocols.normalization.european import EUROPEAN
from asrlab_pytest.protocols.normalization.other import RAW, RU, TR, UND
from asrlab_pytest.protocols.normalization.pairing import (
    ONE_GROUP,
    Errors,
    distance,
    first_reference,
    has_alternatives,
    has_many_alternatives,
    join_compounds,
    nearest_reference,
    sections,
    unread_alternatives,
)
from asrlab_pytest.protocols.normalization.signature import fingerprint, signature
from asrlab_pytest.protocols.normalization.step import Step, run
from asrlab_pytest.protocols.normalization.whisper import EN_WHISPER


@dataclass(frozen=True)
class Normalization:
    """The rules that make reference and hypothesis comparable, and the signature that names them."""

    name: str
    steps: tuple[Step, ...]
    fingerprint: str
    split: Callable[[str], list[str]] = split_unspaced
    """Splits a token further, where its script puts no spaces between words."""
    alternatives: bool = False
    """Whether a reference may hold alternatives: ``{okay|o k}``."""
    compounds: bool = False
    """Whether a compound counts as equal to its words: white paper and whitepaper."""

    @cached_property
    def signature(self) -> str:
        """Protocol, version, profile and fingerprint: figures with different signatures are not comparable."""
        return signature(self.name, self.fingerprint)

    @property
    def brings_together(self) -> bool:
        """Whether what a text is compared as depends on the text that it is compared with."""
        return self.alternatives or self.compounds

    def apply(self, text: str) -> str:
        """The normalized text; where it may hold alternatives, with the first of each."""
        return self.written(first_reference(text) if self.alternatives else text)

    def written(self, hypothesis: str) -> str:
        """The normalized hypothesis, of which every word counts: it holds no alternatives."""
        return run(self.steps, hypothesis)

    def pair(self, reference: str, hypothesis: str) -> tuple[str, str]:
        """Reference and hypothesis normalized, and brought together as far as the options ask for it.

        Raises:
            ConfigError: the reference holds alternatives that cannot be read.
        """
        if self.alternatives and (fault := unread_alternatives(reference)):
            raise ConfigError(f"the reference {reference[:80]!r} has {fault}", hint=ONE_GROUP)
        heard = self.written(hypothesis)
        if self.alternatives and has_alternatives(reference):
            # Most compounds are those of any choice, and joining them all for each would take seconds.
            _, near = self._joined(reference, heard)
            reference = self._nearest(reference, near)
        return self._joined(reference, heard)

    def _nearest(self, reference: str, heard: str) -> str:
        if not has_many_alternatives(reference):
            return nearest_reference(reference, partial(self._errors, heard=heard))
        return "".join(
            nearest_reference(section, partial(self._errors, heard=" ".join(words)))
            for section, words in sections(reference, self.tokens_of(heard), self.tokens)
        )

    def _joined(self, reference: str, heard: str) -> tuple[str, str]:
        """The normalized reference, and the normalized hypothesis with its compounds written as there."""
        said = self.apply(reference)
        if self.compounds and said != heard:
            heard = " ".join(join_compounds(said.split(), heard.split()))
        return said, heard

    def _errors(self, reference: str, heard: str) -> Errors:
        said, written = map(self.tokens_of, self._joined(reference, heard))
        return distance(said, written)

    def tokens(self, text: str) -> list[str]:
        """The normalized text's words, and characters of scripts that put no spaces between words."""
        return self.tokens_of(self.apply(text))

    def tokens_of(self, normalized: str) -> list[str]:
        """The tokens of a text that is normalized already."""
        return [token for word in normalized.split() for token in self.split(word)]

    def characters(self, text: str) -> list[str]:
        """The normalized text's characters as a reader counts them (graphemes), and its spaces between words.

        Spaces beside a script that puts none between words do not count.
        """
        return characters_of(self.apply(text))

    def trace(self, text: str) -> list[tuple[Step, str]]:
        """Each step with the text after it."""
        traced = []
        for step in self.steps:
            text = step.apply(text)
            traced.append((step, readable(text)))
        return traced


def _whole(token: str) -> list[str]:
    return [token]


_STEPS: Mapping[str, tuple[Step, ...]] = {
    "en": EN,
    "en-whisper": EN_WHISPER,
    **EUROPEAN,
    "ru": RU,
    "tr": TR,
    "und": UND,
    "raw": RAW,
}
PROFILES = tuple(_STEPS)
"""The names of the protocol's own profiles."""
BY_LANGUAGE = frozenset({"en", *EUROPEAN, "ru", "tr"})
"""The profiles that are named after the language they are for."""


@cache
def profile(name: str) -> Normalization:
    """One of the protocol's own profiles."""
    # Published figures of Whisper's rules count words between spaces.
    split = _whole if name == "en-whisper" else split_unspaced
    steps = _STEPS[name]
    return Normalization(name, steps, fingerprint(name, steps, (split, characters_of)), split=split)
