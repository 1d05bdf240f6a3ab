"""Warnings of a run, which are in pytest's own summary and its last line."""

from __future__ import annotations

import pytest

from asrlab_pytest.errors import AsrlabWarning


def warned(config: pytest.Config, words: str) -> bool:
    """Show a warning; False where the project's filters make an error of it, so that it must fail the run."""
    try:
        config.issue_config_time_warning(AsrlabWarning(words), stacklevel=2)
    except AsrlabWarning:
        return False
    return True
