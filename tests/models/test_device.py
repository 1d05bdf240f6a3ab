"""Which device a model runs on."""

import pytest

from asrlab_pytest.models import device
from asrlab_pytest.models.device import Placement, computes_in_bfloat16, cuda_generation, has_device, place

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


@pytest.mark.parametrize(("generation", "good"), [(7, False), (8, True), (9, True), (None, True)])
def test_bfloat16(monkeypatch, generation, good):
    """CUDA devices compute in bfloat16 from Ampere on, Apple's do, and on a processor it is no gain."""
    monkeypatch.setattr(device, "cuda_generation", lambda: generation)

    assert [computes_in_bfloat16(name) for name in ALL] == [True, good, False]


def test_generation_of_the_device_here():
    """The driver's account of the CUDA device is torch's; without a device there is none."""
    if not has_device("cuda"):
        assert cuda_generation() is None
        return
    torch = pytest.importorskip("torch")

    assert cuda_generation() == torch.cuda.get_device_capability(0)[0]
    assert computes_in_bfloat16("cuda") == torch.cuda.is_bf16_supported(including_emulation=False)
