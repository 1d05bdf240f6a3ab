"""Times two commands in turn, A B A B ..., and compares them pair by pair: these ratios hold on a noisy machine."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process, in seconds."""

    wall: float
    cpu: float
    """User and system time, of children too."""


def run(command: Sequence[str], cwd: str | None = None, env: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end.

    Raises:
        SystemExit: it failed; its output is the message.
    """
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs of A and B, taken in turn."""

    a: list[Run]
    b: list[Run]

    def ratio(self, figure: str) -> str:
        """Median of A/B over the pairs, with the smallest and largest."""
        ratios = [getattr(a, figure) / getattr(b, figure) for a, b in zip(self.a, self.b, strict=True)]
        return f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"

    def difference_ms(self, figure: str) -> str:
        """Median of A-B over the pairs, in milliseconds, with the quartiles."""
        found = [1000 * (getattr(a, figure) - getattr(b, figure)) for a, b in zip(self.a, self.b, strict=True)]
        low, middle, high = statistics.quantiles(found, n=4)
        return f"{middle:+.1f} ms (quartiles {low:+.1f} to {high:+.1f})"

    def medians(self, figure: str) -> str:
        """Median of A and of B, in seconds."""
        a, b = (statistics.median(getattr(one, figure) for one in runs) for runs in (self.a, self.b))
        return f"{a:.2f} s, {b:.2f} s"


def compare(a: Sequence[str], b: Sequence[str], pairs: int, cwd: str | None = None) -> Comparison:
    """Run both once to warm up, then in turn."""
    run(a, cwd)
    run(b, cwd)
    results: tuple[list[Run], list[Run]] = ([], [])
    for number in range(pairs):
        order = ((a, results[0]), (b, results[1]))
        for command, found in order if number % 2 == 0 else reversed(order):
            found.append(run(command, cwd))
    return Comparison(*results)
