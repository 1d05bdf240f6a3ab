"""The project that a command runs in."""

from __future__ import annotations

import argparse
from pathlib import Path

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.options import project_table
from asrlab_pytest.settings import Settings, validated
from asrlab_pytest.suite.suite import registry_of


def project() -> tuple[Settings, Registry]:
    """Settings and registry of the project around the working directory.

    Raises:
        ConfigError: its ``[tool.asrlab]`` is wrong.
    """
    settings, root = settings_and_root()
    return settings, registry_of(settings, root)


def settings_here() -> Settings:
    """Settings of the project around the working directory; the defaults where there is none.

    Raises:
        ConfigError: its ``[tool.asrlab]`` is wrong.
    """
    return settings_and_root()[0]


def settings_and_root() -> tuple[Settings, Path]:
    """The same settings, and the folder that relative paths start from.

    Raises:
        ConfigError: its ``[tool.asrlab]`` is wrong.
    """
    table, root = project_table(Path.cwd())
    return validated(table, source=f"{root / 'pyproject.toml'}: [tool.asrlab]"), root


def key_and_name(given: str, *, example: str) -> tuple[str, str]:
    """What --column names: a key, and the column that has it.

    Raises:
        ConfigError: it is of another form.
    """
    key, equals, name = given.partition("=")
    if not (key and equals and name):
        raise ConfigError(f"--column {given!r} is not of the form KEY=NAME", hint=f"write it as in --column {example}")
    return key, name


def positive(text: str) -> int:
    """A whole number from 1."""
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number
