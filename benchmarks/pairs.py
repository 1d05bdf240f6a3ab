"""Times two commands in turn, A B A B ..., and compares them pair by pair: these ratios hold on a noisy machine."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process, in seconds."""

    wall: float
    cpu: float
    """User and system time, of children too."""
    peak_bytes: int = 0
    """The most memory that was resident."""


def run(command: Sequence[str], cwd: str | None = None, env: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end.

    Raises:
        SystemExit: it failed; its output is the message.
    """
    # Whoever uses the plugin has its bytecode on disk: without it most of a short run is the compiler's.
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env={**usual, **(env or {})}, stdout=output, stderr=output)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{output.read().decode(errors='replace')[-3000:]}")
    peak = used.ru_maxrss if sys.platform == "darwin" else 1024 * used.ru_maxrss
    return Run(wall, used.ru_utime + used.ru_stime, peak)


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

    def fastest_ms(self, figure: str) -> str:
        """Difference of the fastest run of each, in milliseconds: what other work on the machine affects least."""
        a, b = (min(getattr(one, figure) for one in runs) for runs in (self.a, self.b))
        return f"{1000 * (a - b):+.1f} ms"

    def medians(self, figure: str) -> str:
        """Median of A and of B, in seconds."""
        a, b = (statistics.median(getattr(one, figure) for one in runs) for runs in (self.a, self.b))
        return f"{a:.2f} s, {b:.2f} s"


def compare(
    a: Sequence[str], b: Sequence[str], pairs: int, cwd: str | None = None, env: Mapping[str, str] | None = None
) -> Comparison:
    """Run both once to warm up, then in turn."""
    run(a, cwd, env)
    run(b, cwd, env)
    results: tuple[list[Run], list[Run]] = ([], [])
    for number in range(pairs):
        order = ((a, results[0]), (b, results[1]))
        for command, found in order if number % 2 == 0 else reversed(order):
            found.append(run(command, cwd, env))
    return Comparison(*results)
