"""The fixtures that evals are written with."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from asrlab_pytest.cases.audit import AsrAudit
    from asrlab_pytest.cases.case import AsrCase
    from asrlab_pytest.cases.corpus import AsrCorpus
    from asrlab_pytest.cases.gate import AsrRegression
    from asrlab_pytest.cases.memory_gate import AsrMemory
    from asrlab_pytest.cases.speed_gate import AsrSpeed
    from asrlab_pytest.cases.spoken import ConversationCase, TtsCase
    from asrlab_pytest.cases.spoken_corpus import ConversationCorpus, TtsCorpus
    from asrlab_pytest.corpus.clip import Clip
    from asrlab_pytest.corpus.dialogues import Dialogue
    from asrlab_pytest.corpus.prompts import Prompt
    from asrlab_pytest.inference.handle import ModelHandle
    from asrlab_pytest.inference.on_demand import Timer


def _making() -> Any:
    """What fixtures are made by; every pytest run in the environment imports this file, and hardly any makes one."""
    return import_module("asrlab_pytest.cases.making")


@pytest.fixture(scope="session")
def asr_model(request: pytest.FixtureRequest) -> Iterator[ModelHandle]:
    """A speech-recognition model, one after the other: each is loaded once, when its first clip is asked for."""
    yield from _making().model_of(request)


@pytest.fixture
def asr_clip(request: pytest.FixtureRequest) -> Clip:
    """A clip of the corpus: audio, and what was really said in it."""
    return _making().sample_of(request)


@pytest.fixture
def asr_case(request: pytest.FixtureRequest, asr_model: ModelHandle, asr_clip: Clip, asr_timer: Timer) -> AsrCase:
    """One model × one clip: `.transcribe()` once, then `.wer`, `.cer`, `.rtf`, `.score` and `.check()`."""
    return _making().case_of(request, asr_model, asr_clip, asr_timer)


@pytest.fixture
def asr_corpus(request: pytest.FixtureRequest, asr_model: ModelHandle) -> AsrCorpus:
    """One model × all of its clips: pooled `.wer`, `.cer`, `.rtf`, and `.check()` for the corpus thresholds."""
    return _making().pool_of(request, asr_model)


@pytest.fixture
def asr_regression(request: pytest.FixtureRequest) -> AsrRegression:
    """One model compared with its baseline, on the clips of both: `.check()` fails where it became worse."""
    return _making().regression_of(request)


@pytest.fixture
def asr_speed(request: pytest.FixtureRequest) -> AsrSpeed:
    """One model timed against the reference model, clip by clip in turn: `.check()` fails where it takes too long."""
    return _making().speed_of(request)


@pytest.fixture
def asr_memory(request: pytest.FixtureRequest) -> AsrMemory:
    """The memory of one model in a process of its own: `.check()` fails where it takes too much."""
    return _making().memory_of(request)


@pytest.fixture(scope="session")
def asr_audit(request: pytest.FixtureRequest) -> AsrAudit:
    """What is wrong with the clips themselves: `.check()` fails on errors. It comes before every model."""
    return _making().audit_of(request)


@pytest.fixture(scope="session")
def tts_model(request: pytest.FixtureRequest) -> Iterator[ModelHandle]:
    """A TTS model, one after the other: each is loaded once, when its first prompt is asked for."""
    yield from _making().model_of(request)


@pytest.fixture
def tts_prompt(request: pytest.FixtureRequest) -> Prompt:
    """A text to say."""
    return _making().sample_of(request)


@pytest.fixture
def tts_case(request: pytest.FixtureRequest, tts_model: ModelHandle, tts_prompt: Prompt, asr_timer: Timer) -> TtsCase:
    """One model × one prompt: `.speak()` once, then `.wer`, `.excess_wer`, `.first_audio`, `.faults` and `.check()`."""
    return _making().case_of(request, tts_model, tts_prompt, asr_timer)


@pytest.fixture
def tts_corpus(request: pytest.FixtureRequest, tts_model: ModelHandle) -> TtsCorpus:
    """One model × all of its prompts: pooled `.wer`, `.excess_wer`, `.rtf`, and `.check()` for their bounds."""
    return _making().pool_of(request, tts_model)


@pytest.fixture
def tts_regression(request: pytest.FixtureRequest) -> AsrRegression:
    """One TTS model beside its baseline: `.check()` fails where the judge understands it worse."""
    return _making().regression_of(request)


@pytest.fixture
def tts_speed(request: pytest.FixtureRequest) -> AsrSpeed:
    """One TTS model timed against the first of them, prompt by prompt in turn."""
    return _making().speed_of(request)


@pytest.fixture
def tts_memory(request: pytest.FixtureRequest) -> AsrMemory:
    """The memory of one TTS model in a process of its own."""
    return _making().memory_of(request)


@pytest.fixture(scope="session")
def conversation_model(request: pytest.FixtureRequest) -> Iterator[ModelHandle]:
    """A conversation model, one after the other: each is loaded once, when its first dialogue is asked for."""
    yield from _making().model_of(request)


@pytest.fixture
def conversation_dialogue(request: pytest.FixtureRequest) -> Dialogue:
    """Spoken questions, and what the answers must say."""
    return _making().sample_of(request)


@pytest.fixture
def conversation_case(
    request: pytest.FixtureRequest,
    conversation_model: ModelHandle,
    conversation_dialogue: Dialogue,
    asr_timer: Timer,
) -> ConversationCase:
    """One model × one dialogue: `.converse()` once, then `.facts`, `.wer`, `.first_audio`, `.faults` and `.check()`."""
    return _making().case_of(request, conversation_model, conversation_dialogue, asr_timer)


@pytest.fixture
def conversation_corpus(request: pytest.FixtureRequest, conversation_model: ModelHandle) -> ConversationCorpus:
    """One model × all of its dialogues: pooled `.fact_recall`, `.wer`, and `.check()` for the corpus thresholds."""
    return _making().pool_of(request, conversation_model)


@pytest.fixture
def conversation_regression(request: pytest.FixtureRequest) -> AsrRegression:
    """One conversation model beside its baseline: `.check()` fails where its answers say less of the facts."""
    return _making().regression_of(request)


@pytest.fixture
def conversation_speed(request: pytest.FixtureRequest) -> AsrSpeed:
    """One conversation model timed against the first of them, dialogue by dialogue in turn."""
    return _making().speed_of(request)


@pytest.fixture
def conversation_memory(request: pytest.FixtureRequest) -> AsrMemory:
    """The memory of one conversation model in a process of its own."""
    return _making().memory_of(request)
