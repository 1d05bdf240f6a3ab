"""Loads weights in another process first, for libraries that end or crash the process over damaged files."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.spec import ModelSpec


def try_apart(spec: ModelSpec, code: str, *arguments: str, hint: str) -> None:
    """Run code that loads a model's weights, once a process.

    Args:
        spec: The model.
        code: Python, which finds the arguments in ``sys.argv``.
        arguments: Its arguments.
        hint: What fixes weights that do not load.

    Raises:
        ModelError: the process fails.
    """
    fault = _fault(code, arguments)
    if fault is not None:
        raise ModelError(f"model {spec.id}: {spec.engine} does not load {spec.weights}: {fault}", hint=hint)


@cache
def _fault(code: str, arguments: tuple[str, ...]) -> str | None:
    """The last line of what the process said, or how it ended; None if it succeeded."""
    command = [sys.executable, "-c", code, *arguments]
    trial = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if not trial.returncode:
        return None
    return (trial.stderr.strip().splitlines() or [f"exit status {trial.returncode}"])[-1].strip()
