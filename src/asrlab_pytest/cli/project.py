"""The project that a command runs in."""

from __future__ import annotations

from pathlib import Path

from asrlab_pytest.models.registry import Registry
from asrlab_pytest.options import project_table
from asrlab_pytest.settings import Settings, validated
from asrlab_pytest.suite import registry_of


def project() -> tuple[Settings, Registry]:
    """Settings and registry of the project around the working directory.

    Raises:
        ConfigError: its ``[tool.asrlab]`` is wrong.
    """
    table, root = project_table(Path.cwd())
    settings = validated(table, source=f"{root / 'pyproject.toml'}: [tool.asrlab]")
    return settings, registry_of(settings, root)
