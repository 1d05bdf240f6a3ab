"""Keeps the cases of models out of pytest-benchmark's table, unless an option asks how that is displayed."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

Groups = Sequence[tuple[str | None, list[dict[str, object]]]]
_DISPLAY = re.compile(
    r"--benchmark-(sort|group-by|columns|name|histogram|verbose|compare|compare-fail|cprofile[\w-]*|time-unit)(=|$)"
)


def without_cases(config: pytest.Config, cases: Collection[str], groups: Groups) -> Groups:
    """The groups of the table, without the cases of models: the scorecard shows their figures.

    Args:
        config: What pytest was asked for.
        cases: Node ids of the cases of models.
        groups: Those of the table.
    """
    if _is_asked(config):
        return groups
    others = [
        (name, [benchmark for benchmark in benchmarks if benchmark["fullname"] not in cases])
        for name, benchmarks in groups
    ]
    return [(name, benchmarks) for name, benchmarks in others if benchmarks]


def _is_asked(config: pytest.Config) -> bool:
    """Whether an option says how the table is to look, on the command line, in `addopts` or in PYTEST_ADDOPTS."""
    arguments = [*map(str, config.invocation_params.args), *map(str, config.getini("addopts"))]
    return any(map(_DISPLAY.match, [*arguments, *os.environ.get("PYTEST_ADDOPTS", "").split()]))
