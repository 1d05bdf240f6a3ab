"""Which arms of the simulation in `benchmarks/` run."""

import subprocess
import sys
from pathlib import Path

SIMULATION = Path(__file__).parents[2] / "benchmarks" / "gate_simulation.py"


def test_no_arm_of_that_name():
    """A name that no arm has is an error, for a table without a line holds all of its bounds."""
    ended = subprocess.run(
        [sys.executable, SIMULATION, "--only", "equal moles"], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert "no arm has 'equal moles' in its name" in ended.stderr
