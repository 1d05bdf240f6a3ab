"""What a row of a record holds beside the text where a model spoke: the sound, and who heard it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from asrlab_pytest.records.observation import LoadedModel
from asrlab_pytest.validation import adapter_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearer:
    """The model that heard the speech: the judge. Figures by two judges are not compared."""

    model: str
    engine: str
    engine_version: str
    weights_sha256: str | None
    weights_revision: str | None
    device: str
    compute_type: str
    fingerprint: str | None = None
    """Digest of all that its texts depend on, its way to decode included; None if its weights cannot be told."""

    @classmethod
    def of(cls, loaded: LoadedModel, fingerprint: str | None) -> Hearer:
        return cls(
            model=loaded.model,
            engine=loaded.engine,
            engine_version=loaded.engine_version,
            weights_sha256=loaded.weights_sha256,
            weights_revision=loaded.weights_revision,
            device=loaded.device,
            compute_type=loaded.compute_type,
            fingerprint=fingerprint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Speech that a model made."""

    sound: Mapping[str, Any]
    """What was measured of it: `asrlab_pytest.sound.speech.SpeechSound` as plain JSON."""
    file: str | None
    """Where it is kept, from the folder for speech; None if it is not."""
    first_audio_s: tuple[float, ...]
    """Seconds until the first of it could be played, in each round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTurn:
    """One turn of a dialogue: a question that was asked, and the answer in text and speech."""

    question: str
    """What was said."""
    question_sha256: str
    """Of the question's audio as it was given to the model."""
    answer: str
    """The text that the model wrote."""
    heard: str
    """What the judge heard in its speech."""
    utterance: Utterance | None
    """None if it answered without speech."""
    latencies_s: tuple[float, ...]
    """Wall time of the whole turn, in each round."""
    first_token_s: tuple[float | None, ...]
    """Seconds until the first text, in each round; None if there was no text."""
    facts: tuple[Mapping[str, Any], ...] = ()
    """What the answer must have, as plain JSON."""
    forbidden: tuple[Mapping[str, Any], ...] = ()
    """What the answer must not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a model said, and who heard it."""

    hearer: Hearer
    voice: str | None = None
    utterance: Utterance | None = None
    """Of a prompt, None if no speech was made of it; a dialogue has one in each turn."""
    recording_heard: str | None = None
    """What the judge heard in the recording of the same text; None if there is none."""
    turns: tuple[SpokenTurn, ...] = field(default=())
    """Of a dialogue."""

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """All speech, in order."""
        all_of_it = (self.utterance, *(turn.utterance for turn in self.turns))
        return tuple(one for one in all_of_it if one is not None)


def spoken_of(row: Mapping[str, Any]) -> Spoken | None:
    """What a row of a record says of speech; None if its model made none."""
    found = row.get("spoken")
    return None if found is None else adapter_of(Spoken).validate_python(found)
