"""The fixtures that evals of speech synthesis and conversation are written with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from asrlab_pytest.models.spec import NOUNS
from asrlab_pytest.running.keys import session_of

if TYPE_CHECKING:
    from asrlab_pytest.corpus.dialogues import Dialogue
    from asrlab_pytest.corpus.prompts import Prompt
    from asrlab_pytest.evaluating.making import AnyPool
    from asrlab_pytest.evaluating.memory import AsrMemory
    from asrlab_pytest.evaluating.regression import AsrRegression
    from asrlab_pytest.evaluating.speed import AsrSpeed
    from asrlab_pytest.evaluating.spoken_case import ConversationCase, TtsCase
    from asrlab_pytest.evaluating.spoken_evaluation import ConversationCorpus, TtsCorpus
    from asrlab_pytest.measure.handle import ModelHandle
    from asrlab_pytest.measure.on_demand import Timer
    from asrlab_pytest.models.spec import Task


@pytest.fixture(scope="session")
def tts_model(request: pytest.FixtureRequest) -> Iterator[ModelHandle]:
    """A model of speech synthesis, one after the other: each is loaded once, when its first prompt is asked for."""
    yield from _heard_model(request)


@pytest.fixture
def tts_prompt(request: pytest.FixtureRequest) -> Prompt:
    """A text to say."""
    return _item(request, "synthesis")  # type: ignore[return-value]


@pytest.fixture
def tts_case(request: pytest.FixtureRequest, tts_model: ModelHandle, tts_prompt: Prompt, asr_timer: Timer) -> TtsCase:
    """One model × one prompt: `.speak()` once, then `.wer`, `.excess_wer`, `.first_audio`, `.faults` and `.check()`."""
    from asrlab_pytest.evaluating.making import case_of
    from asrlab_pytest.evaluating.spoken_case import TtsCase

    _require_heard(request, tts_prompt, "synthesis")
    return case_of(TtsCase, request, tts_model, tts_prompt, asr_timer)


@pytest.fixture
def tts_corpus(request: pytest.FixtureRequest, tts_model: ModelHandle) -> TtsCorpus:
    """One model × all of its prompts: pooled `.wer`, `.excess_wer`, `.rtf`, and `.check()` for their bounds."""
    from asrlab_pytest.evaluating.spoken_evaluation import TtsCorpus

    return _pool(TtsCorpus, request, tts_model)


@pytest.fixture
def tts_regression(request: pytest.FixtureRequest) -> AsrRegression:
    """One model of speech synthesis beside its baseline: `.check()` fails where the judge understands it worse."""
    from asrlab_pytest.evaluating.making import regression_of

    _require_judge(request)
    return regression_of(request)


@pytest.fixture
def tts_speed(request: pytest.FixtureRequest) -> AsrSpeed:
    """One model of speech synthesis timed beside the first of them, prompt by prompt in turn."""
    from asrlab_pytest.evaluating.making import speed_of

    return speed_of(request)


@pytest.fixture
def tts_memory(request: pytest.FixtureRequest) -> AsrMemory:
    """The memory of one model of speech synthesis in a process of its own."""
    from asrlab_pytest.evaluating.making import memory_of

    return memory_of(request)


@pytest.fixture(scope="session")
def conversation_model(request: pytest.FixtureRequest) -> Iterator[ModelHandle]:
    """A model of conversation, one after the other: each is loaded once, when its first dialogue is asked for."""
    yield from _heard_model(request)


@pytest.fixture
def conversation_dialogue(request: pytest.FixtureRequest) -> Dialogue:
    """Spoken questions, and what the answers must say."""
    return _item(request, "conversation")  # type: ignore[return-value]


@pytest.fixture
def conversation_case(
    request: pytest.FixtureRequest,
    conversation_model: ModelHandle,
    conversation_dialogue: Dialogue,
    asr_timer: Timer,
) -> ConversationCase:
    """One model × one dialogue: `.converse()` once, then `.facts`, `.wer`, `.first_audio`, `.faults` and `.check()`."""
    from asrlab_pytest.evaluating.making import case_of
    from asrlab_pytest.evaluating.spoken_case import ConversationCase

    _require_heard(request, conversation_dialogue, "conversation")
    return case_of(ConversationCase, request, conversation_model, conversation_dialogue, asr_timer)


@pytest.fixture
def conversation_corpus(request: pytest.FixtureRequest, conversation_model: ModelHandle) -> ConversationCorpus:
    """One model × all of its dialogues: pooled `.fact_recall`, `.wer`, and `.check()` for the corpus thresholds."""
    from asrlab_pytest.evaluating.spoken_evaluation import ConversationCorpus

    return _pool(ConversationCorpus, request, conversation_model)


@pytest.fixture
def conversation_regression(request: pytest.FixtureRequest) -> AsrRegression:
    """One model of conversation beside its baseline: `.check()` fails where its answers say less of the facts."""
    from asrlab_pytest.evaluating.making import regression_of

    _require_judge(request)
    return regression_of(request)


@pytest.fixture
def conversation_speed(request: pytest.FixtureRequest) -> AsrSpeed:
    """One model of conversation timed beside the first of them, dialogue by dialogue in turn."""
    from asrlab_pytest.evaluating.making import speed_of

    return speed_of(request)


@pytest.fixture
def conversation_memory(request: pytest.FixtureRequest) -> AsrMemory:
    """The memory of one model of conversation in a process of its own."""
    from asrlab_pytest.evaluating.making import memory_of

    return memory_of(request)


def _heard_model(request: pytest.FixtureRequest) -> Iterator[ModelHandle]:
    """A model that speaks. Where nobody can hear it, it is skipped."""
    from asrlab_pytest.evaluating.making import session_model

    _require_judge(request)
    return session_model(session_of(request.config), request.param)


def _require_judge(request: pytest.FixtureRequest) -> None:
    """Skip a test where nobody can hear speech, and no record says what was heard."""
    suite = session_of(request.config).suite
    if suite.recording is None and not suite.judge_status.is_ready:
        from asrlab_pytest.hints import hint

        status = suite.judge_status
        pytest.skip(f"the judge {suite.judge.id}: {status}" + (f" (hint: {hint(status.mend)})" if status.mend else ""))


def _require_heard(request: pytest.FixtureRequest, item: Prompt | Dialogue, task: Task) -> None:
    """Skip a case that nobody would hear: the judge is not meant for its language."""
    from asrlab_pytest.hints import hint
    from asrlab_pytest.running.hearing import why_left_out

    suite = session_of(request.config).suite
    error = why_left_out(suite, item, task)
    if error is not None:
        pytest.skip(f"{error.problem} (hint: {hint(error.mend)})")


def _pool(kind: type[AnyPool], request: pytest.FixtureRequest, model: ModelHandle) -> AnyPool:
    """The pooled figures of a model; skipped where nobody would hear any of it."""
    from asrlab_pytest.evaluating.making import pool_of
    from asrlab_pytest.running.hearing import unheard

    suite = session_of(request.config).suite
    left_out = [] if model.clips else unheard(suite, [model.spec.task])
    if left_out:
        pytest.skip(left_out[0])
    return pool_of(kind, request, model)


def _item(request: pytest.FixtureRequest, task: Task) -> object:
    suite = session_of(request.config).suite
    found = suite.listed(task).by_id.get(request.param)
    if found is None:
        pytest.fail(f"no {NOUNS[task]} {request.param!r} in {suite.listed(task).manifest}", pytrace=False)
    return found
