"""Warnings of a run, which are in pytest's own summary and its last line."""

from __future__ import annotations

import warnings

import pytest
from _pytest.config import apply_warning_filters

from asrlab_pytest.errors import AsrGateWarning, AsrlabWarning


def warned(config: pytest.Config, words: str, kind: type[AsrlabWarning] = AsrlabWarning) -> bool:
    """Show a warning; False where the project's filters make an error of it, so that it must fail the run.

    It is about the project's settings and not about a line of this file, so their file is its place, which pytest's own
    `issue_config_time_warning` cannot be given.
    """
    try:
        with warnings.catch_warnings(record=True) as shown:
            warnings.simplefilter("always", AsrlabWarning)
            apply_warning_filters(config.getini("filterwarnings"), config.known_args_namespace.pythonwarnings or [])
            warnings.warn_explicit(kind(words), kind, _place(config), 1)
    except AsrlabWarning:
        return False
    for warning in shown:
        _record(config, warning)
    return True


def warn_of_gate(config: pytest.Config, words: str) -> None:
    """Show the verdict of a gate that no test asked for.

    Where the project turns warnings into errors, it is shown all the same, and fails nothing: whether a gate that
    cannot tell is a failure is what `undecided` says.
    """
    if not warned(config, words, AsrGateWarning):
        _record(config, warnings.WarningMessage(AsrGateWarning(words), AsrGateWarning, _place(config), 1))


def _record(config: pytest.Config, warning: warnings.WarningMessage) -> None:
    # Otherwise the first line of the file follows the words.
    warning.line = ""
    recorded = {"warning_message": warning, "when": "config", "nodeid": "", "location": None}
    config.hook.pytest_warning_recorded.call_historic(kwargs=recorded)


def _place(config: pytest.Config) -> str:
    return str(config.inipath or config.rootpath)
