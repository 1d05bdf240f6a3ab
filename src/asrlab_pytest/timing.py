"""The ``asr_timer`` fixture, through pytest-benchmark where that is in use and with our own clock elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from asrlab_pytest.inference.on_demand import Timer


def of(plugins: pytest.PytestPluginManager) -> PlainTiming | BenchmarkTiming:
    """The plugin that times by pytest-benchmark where that is in use, whatever name it was registered by."""
    benchmark = sys.modules.get("pytest_benchmark.plugin")
    return PlainTiming() if benchmark is None or not plugins.is_registered(benchmark) else BenchmarkTiming()


class PlainTiming:
    """Plugin for runs without pytest-benchmark."""

    @pytest.fixture
    def asr_timer(self) -> Timer:
        """Runs the rounds of a case; the stopwatch of the measured call times them."""
        from asrlab_pytest.inference.on_demand import call_rounds

        return call_rounds


class BenchmarkTiming:
    """Plugin for runs with pytest-benchmark: each round is one round of its pedantic mode."""

    @pytest.fixture
    def asr_timer(self, benchmark: BenchmarkFixture) -> Iterator[Timer]:
        """Runs the rounds of a case through the `benchmark` fixture."""
        from asrlab_pytest.inference.on_demand import call_rounds

        def run(target: Callable[[], None], rounds: int) -> None:
            if benchmark.disabled:
                call_rounds(target, rounds)
            else:
                benchmark.pedantic(target, rounds=rounds, iterations=1)  # type: ignore[no-untyped-call]

        yield run
        # A case that was transcribed before, or whose clip cannot be read, is never timed: that is not a mistake.
        benchmark.skipped = True
