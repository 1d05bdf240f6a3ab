"""The fixtures that evals are written with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from asrlab_pytest.running.keys import session_of

if TYPE_CHECKING:
    from asrlab_pytest.corpus.clip import Clip
    from asrlab_pytest.evaluating.case import AsrCase
    from asrlab_pytest.evaluating.corpus_audit import AsrAudit
    from asrlab_pytest.evaluating.evaluation import AsrCorpus
    from asrlab_pytest.evaluating.memory import AsrMemory
    from asrlab_pytest.evaluating.regression import AsrRegression
    from asrlab_pytest.evaluating.speed import AsrSpeed
    from asrlab_pytest.measure.handle import ModelHandle
    from asrlab_pytest.measure.on_demand import Timer
    from asrlab_pytest.running.session import Session


@pytest.fixture(scope="session")
def asr_model(request: pytest.FixtureRequest) -> Iterator[ModelHandle]:
    """A speech-recognition model, one after the other: each is loaded once, when its first clip is asked for."""
    from asrlab_pytest.evaluating.making import session_model

    session = session_of(request.config)
    _refuse_data_set(session)
    yield from session_model(session, request.param)


@pytest.fixture
def asr_clip(request: pytest.FixtureRequest) -> Clip:
    """A clip of the corpus: audio, and what was really said in it."""
    suite = session_of(request.config).suite
    corpus = suite.corpus
    if request.param in suite.excluded:
        pytest.skip(f"{request.param}: excluded by the audit: {suite.excluded[request.param]}")
    if request.param not in corpus.by_id:
        pytest.fail(f"no clip {request.param!r} in {corpus.manifest}", pytrace=False)
    clip: Clip = corpus.by_id[request.param]
    return clip


@pytest.fixture
def asr_case(request: pytest.FixtureRequest, asr_model: ModelHandle, asr_clip: Clip, asr_timer: Timer) -> AsrCase:
    """One model × one clip: `.transcribe()` once, then `.wer`, `.cer`, `.rtf`, `.score` and `.check()`."""
    from asrlab_pytest.evaluating.case import AsrCase
    from asrlab_pytest.evaluating.making import case_of

    return case_of(AsrCase, request, asr_model, asr_clip, asr_timer)


@pytest.fixture
def asr_corpus(request: pytest.FixtureRequest, asr_model: ModelHandle) -> AsrCorpus:
    """One model × all of its clips: pooled `.wer`, `.cer`, `.rtf`, and `.check()` for the corpus thresholds."""
    from asrlab_pytest.evaluating.evaluation import AsrCorpus
    from asrlab_pytest.evaluating.making import pool_of

    return pool_of(AsrCorpus, request, asr_model)


@pytest.fixture
def asr_regression(request: pytest.FixtureRequest) -> AsrRegression:
    """One model beside its baseline, on the clips of both: `.check()` fails where it became worse."""
    from asrlab_pytest.evaluating.making import regression_of

    _refuse_data_set(session_of(request.config))
    return regression_of(request)


@pytest.fixture
def asr_speed(request: pytest.FixtureRequest) -> AsrSpeed:
    """One model timed beside the reference model, clip by clip in turn: `.check()` fails where it takes too long."""
    from asrlab_pytest.evaluating.making import speed_of

    return speed_of(request)


@pytest.fixture
def asr_memory(request: pytest.FixtureRequest) -> AsrMemory:
    """The memory of one model in a process of its own: `.check()` fails where it takes too much."""
    from asrlab_pytest.evaluating.making import memory_of

    return memory_of(request)


@pytest.fixture(scope="session")
def asr_audit(request: pytest.FixtureRequest) -> AsrAudit:
    """What is wrong with the clips themselves: `.check()` fails on errors. It comes before every model."""
    from asrlab_pytest.errors import AsrlabError
    from asrlab_pytest.evaluating.corpus_audit import AsrAudit

    try:
        return AsrAudit(session_of(request.config).audit)
    except AsrlabError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _refuse_data_set(session: Session) -> None:
    """Judge no model on clips that prove nothing."""
    if session.is_audited and session.audit.is_data_set:
        pytest.skip(session.audit.verdict)
