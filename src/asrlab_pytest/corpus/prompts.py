"""What speech synthesis is evaluated on: texts to say, read from ``prompts.jsonl``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from asrlab_pytest.corpus.clip import Clip, SpokenKeys, keys_of
from asrlab_pytest.corpus.json_lines import Form, audio_of, language_of, refuse_empty_id, refuse_no_hash
from asrlab_pytest.corpus.manifest import refuse_lost_entities
from asrlab_pytest.corpus.table import fault_of_times
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.protocols.entities import ListedEntity
from asrlab_pytest.thresholds import SpeechThresholds
from asrlab_pytest.validation import STRICT

PROMPTS_NAME = "prompts.jsonl"
NO_THRESHOLDS = SpeechThresholds()


@dataclass(frozen=True, slots=True, kw_only=True)
class _PromptKeys(SpokenKeys):
    """What a prompt has as its line states it."""

    text: str
    """The text to speak, as a person would write it; never empty."""
    voice: str | None = None
    """One of the engine's names of voices; None for its first."""
    thresholds: SpeechThresholds = NO_THRESHOLDS
    entities: tuple[ListedEntity, ...] | None = None
    """Entities of the text; None if they are not listed."""
    keywords: tuple[str, ...] = ()
    """Names and terms to look for, in this text or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptLine(_PromptKeys):
    """The keys of a line; `recording` is relative to the file's folder."""

    __pydantic_config__ = STRICT

    recording: str | None = None
    recording_sha256: str | None = None
    recording_start: float | None = None
    recording_end: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(_PromptKeys):
    """A text to say."""

    recording: Clip | None = None
    """The same text said by a person or another voice, so that the judge's own error on it is known."""

    @property
    def recordings(self) -> tuple[Clip, ...]:
        """The recording of its text, where there is one."""
        return (self.recording,) if self.recording is not None else ()


_KEYS = tuple(PromptLine.__dataclass_fields__)


def _prompt_of(entry: PromptLine, folder: Path, where: str, language: str | None) -> Prompt:
    """The prompt of a line. Raises CorpusError where it cannot be said or can never be judged."""
    refuse_empty_id(entry.id, noun="prompt", where=where)
    if not entry.text.strip():
        raise CorpusError(f"{where}: the text is empty: there is nothing to say", hint="write what to say")
    entry = replace(entry, language=language_of(entry.language, where) or language)
    refuse_lost_entities(entry.text, entry.entities or (), entry.keywords, entry.language, where=where)
    return Prompt(**keys_of(entry, _PromptKeys, entry.language), recording=_recording_of(entry, folder, where))


PROMPTS = Form(
    file_name=PROMPTS_NAME,
    line=PromptLine,
    make=_prompt_of,
    noun="prompt",
    known=_KEYS,
    example='{"id": "hello", "text": "Good morning."}',
    missing="prompts",
)
read_prompts = PROMPTS.read


def _recording_of(entry: PromptLine, folder: Path, where: str) -> Clip | None:
    """The recording of a prompt's text, as a clip that is called like the prompt."""
    start, end = entry.recording_start, entry.recording_end
    if entry.recording is None:
        lone = next((key for key in _KEYS if key.startswith("recording_") and getattr(entry, key) is not None), "")
        if lone:
            raise CorpusError(f"{where}: key {lone!r} without a recording", hint='name the file as "recording"')
        return None
    fault = fault_of_times(start, end)
    if fault:
        raise CorpusError(f"{where}: the recording: {fault}", hint="correct the times; they are seconds into the file")
    refuse_no_hash(entry.recording_sha256, key="recording_sha256", where=where)
    return Clip(
        id=entry.id,
        audio=audio_of(entry.recording, folder, key="recording", where=where),
        text=entry.text,
        language=entry.language,
        normalization=entry.normalization,
        start=start,
        end=end,
        sha256=entry.recording_sha256,
        entities=entry.entities,
        keywords=entry.keywords,
        called=f"{where}: the recording of prompt {entry.id}",
    )
