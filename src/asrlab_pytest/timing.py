"""The ``asr_timer`` fixture: through pytest-benchmark in a run that has an option of it, else with our own clock."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from asrlab_pytest.inference.on_demand import Timer


def of(config: pytest.Config) -> PlainTiming | SparingTiming | BenchmarkTiming:
    """The plugin that times as the run asks for; pytest-benchmark may be registered by any name."""
    benchmark = sys.modules.get("pytest_benchmark.plugin")
    if benchmark is None or not config.pluginmanager.is_registered(benchmark):
        return PlainTiming()
    is_asked = any(name.startswith("--benchmark-") and name != "--benchmark-quiet" for name in arguments(config))
    return BenchmarkTiming() if is_asked else SparingTiming()


def arguments(config: pytest.Config) -> list[str]:
    """What the run is asked for, on the command line, in `addopts` or in PYTEST_ADDOPTS."""
    stated = [*map(str, config.invocation_params.args), *map(str, config.getini("addopts"))]
    return [*stated, *os.environ.get("PYTEST_ADDOPTS", "").split()]


class PlainTiming:
    """Plugin for runs without pytest-benchmark."""

    @pytest.fixture
    def asr_timer(self) -> Timer:
        """Runs the rounds of a case; the stopwatch of the measured call times them."""
        from asrlab_pytest.inference.on_demand import call_rounds

        return call_rounds


class SparingTiming:
    """Plugin for runs that neither show nor save what pytest-benchmark measures: it would keep 3 KB of each call."""

    @pytest.fixture
    def asr_timer(self, request: pytest.FixtureRequest) -> Iterator[Timer]:
        """Runs the rounds of a case, through the `benchmark` fixture if the test uses that itself."""
        from asrlab_pytest.inference.on_demand import call_rounds

        is_used = "benchmark" in request.fixturenames
        yield from _through(request.getfixturevalue("benchmark")) if is_used else (call_rounds,)


class BenchmarkTiming:
    """Plugin for runs with pytest-benchmark: each round is one round of its pedantic mode."""

    @pytest.fixture
    def asr_timer(self, benchmark: BenchmarkFixture) -> Iterator[Timer]:
        """Runs the rounds of a case through the `benchmark` fixture."""
        yield from _through(benchmark)


def _through(benchmark: BenchmarkFixture) -> Iterator[Timer]:
    from asrlab_pytest.inference.on_demand import call_rounds

    def run(target: Callable[[], None], rounds: int) -> None:
        if benchmark.disabled:
            call_rounds(target, rounds)
        else:
            benchmark.pedantic(target, rounds=rounds, iterations=1)  # type: ignore[no-untyped-call]

    yield run
    # A case that was transcribed before, or whose clip cannot be read, is never timed: that is not a mistake.
    benchmark.skipped = True
