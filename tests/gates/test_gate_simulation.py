"""How often the gates are wrong, by the simulation that stands in `benchmarks/`."""

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "gate_simulation.py"
TRIALS = 200


@pytest.fixture(scope="module")
def simulation():
    spec = importlib.util.spec_from_file_location("gate_simulation", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["gate_simulation"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["gate_simulation"]


@pytest.fixture(scope="module")
def arms(simulation):
    found = [*simulation.null_arms(), *simulation.power_arms(), *simulation.speed_arms()]
    return {arm.name: arm for arm in found}


@pytest.mark.parametrize(
    "name",
    [
        "nothing changed: 50 clips",
        "nothing changed: 200 clips, runaways 0.5%",
        "nothing changed: 40 speakers x 20, sd 2 points",
        "nothing changed: unequal speakers, sd 2 points",
        "the same, margin 0: 50 clips",
        "the same, margin 0: 200 clips, runaways 0.5%",
        "the same, margin 0: 5 speakers x 40, sd 2 points",
        "the same, margin 0: unequal speakers, sd 2 points",
        "10 comparisons, margin 0: any fails",
        "-1 point: 200 clips",
        "speed A/A: neighbour 60%",
        "speed A/A: drift of 50%",
        "speed, +10% is allowed: neighbour 30% of the time",
        "speed -20%: quiet",
    ],
)
def test_false_alarms(simulation, arms, name):
    """Where nothing became worse than is allowed, a gate fails in 5 % of the runs at most."""
    assert arms[name].most_failures is not None
    assert simulation.run(arms[name], TRIALS, [7])


@pytest.mark.parametrize(
    "name", ["+1 point: 50 clips", "+1 point: 100 clips", "+1 point: 20 speakers x 20, sd 0.5", "speed +20%: quiet"]
)
def test_power(simulation, arms, name):
    """What became worse is found as often as the formulae say."""
    assert arms[name].least_failures is not None
    assert simulation.run(arms[name], TRIALS, [7])


def test_a_hundred_reruns(simulation):
    """A hundred reruns of one model, with some texts that change from run to run, give no false alarm."""
    assert simulation.reruns(1, seed=7)


def test_the_table(simulation, arms, monkeypatch, capsys):
    """The script prints a row for each arm, and its exit status says whether a bound is missed."""
    monkeypatch.setattr(sys, "argv", ["gate_simulation.py", "--trials", "2"])

    status = simulation.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in arms if not any(row.startswith(line) for row in lines)] == []
    assert status == (any("MISSED" in line for line in lines) or not lines[-1].endswith("0 false alarms (wanted: 0)"))
