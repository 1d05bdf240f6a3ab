"""Which device a model runs on."""

import pytest

from asrlab_pytest.models import device
from asrlab_pytest.models.device import Placement, has_device, place

ALL = ("mps", "cuda", "cpu")


@pytest.fixture
def machine(monkeypatch):
    """Gives the machine these devices."""

    def give(*devices):
        monkeypatch.setattr(device, "has_device", devices.__contains__)

    return give


@pytest.mark.parametrize(
    ("here", "used"), [(ALL, "mps"), (("cuda", "cpu"), "cuda"), (("mps", "cpu"), "mps"), (("cpu",), "cpu")]
)
def test_auto(machine, here, used):
    """Left to choose, it takes mps, then cuda, then the processor, and calls none of them a fallback."""
    machine(*here)

    placement = place("auto", ALL)

    assert placement == Placement("auto", used)
    assert not placement.is_fallback


def test_auto_without_build(machine):
    """Left to choose, it passes over a device that the engine has no build for."""
    machine(*ALL)

    assert place("auto", ("cuda", "cpu")).used == "cuda"


def test_explicit(machine):
    """A device that was asked for and is there is used."""
    machine(*ALL)

    assert [place(name, ALL).used for name in ALL] == list(ALL)


def test_device_that_is_not_here(machine):
    """A device that the machine lacks falls back to the processor, and says so."""
    machine("cpu")

    placement = place("cuda", ALL)

    assert placement == Placement("cuda", "cpu", "no cuda device here")
    assert placement.is_fallback


def test_device_without_build(machine):
    """A device that the engine has no build for falls back to the processor, and says why."""
    machine(*ALL)

    assert place("mps", ("cuda", "cpu")) == Placement("mps", "cpu", "the engine has no mps build")


def test_processor_is_always_here():
    """Every machine has a processor."""
    assert has_device("cpu")
