"""Tests that cannot say anything are skipped, with the reason and a hint."""

from __future__ import annotations

from typing import NoReturn

import pytest

from asrlab_pytest.hints import runnable
from asrlab_pytest.models.spec import ModelSpec, Status


def skip_remote(model_id: str, spec: ModelSpec) -> None:
    """Skip a test that measures a model on a server.

    Args:
        model_id: The model under test.
        spec: That model, or its reference model.
    """
    from asrlab_pytest.models.engine import engine

    if engine(spec.engine).is_remote:
        whose = "it" if spec.id == model_id else f"the reference model {spec.id}"
        pytest.skip(f"{model_id}: {whose} runs on a server, so its time and memory cannot be measured here")


def skip_unready(spec: ModelSpec, status: Status) -> None:
    """Skip a test of a model that is not ready, with the same words whatever the test is, so that pytest folds them."""
    if not status.is_ready:
        skip(f"{spec.id}: {status}", status.hint)


def skip(reason: str, hint: str) -> NoReturn:
    """Skip a test."""
    pytest.skip(reason + (f" (hint: {runnable(hint)})" if hint else ""))
