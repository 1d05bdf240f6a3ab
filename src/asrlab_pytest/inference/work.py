"""What a call of a model wrote or said, as far as its calls are alike: what gave up is not measured as if it worked."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import TranscriptionError
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.tasks import NOUNS
from asrlab_pytest.visible import visible

_LETTERS = 0.25
"""Share of the letters that may change from call to call, as where a model samples."""
_SHOWN = 40
"""Letters of a text in a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one call did."""

    text: str | None = None
    """What it wrote; None of a model that speaks."""
    speech_s: float = 0.0
    """Seconds of speech by its energy, pauses left out: the samples of a voice differ from call to call."""
    least_share: float = 1.0
    """Of the longer speech's seconds, those that the shorter one must have."""

    def refuse_other(self, known: Work, spec: ModelSpec, sample: Sample, when: str) -> None:
        """Refuse a call that did other work than the one before.

        Args:
            known: What the one before did.
            spec: The model.
            sample: What both were given.
            when: When this one was made, in words.

        Raises:
            TranscriptionError: it did.
        """
        of_sample = f"{NOUNS[spec.task]} {visible(sample.id)}"
        if self.text is not None and known.text is not None:
            if Levenshtein.normalized_distance(known.text.casefold(), self.text.casefold()) > _LETTERS:
                raise TranscriptionError(
                    f"model {spec.id} wrote another text for {of_sample} {when}: "
                    f"{visible(self.text[:_SHOWN])!r}, not {visible(known.text[:_SHOWN])!r}"
                )
        elif min(self.speech_s, known.speech_s) < self.least_share * max(self.speech_s, known.speech_s):
            now, before = f"{self.speech_s:.1f} s", f"{known.speech_s:.1f} s"
            raise TranscriptionError(f"model {spec.id} spoke for {now} for {of_sample} {when}, not for {before}")
