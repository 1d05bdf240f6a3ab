"""Which CUDA device a process uses, on made-up machines."""

import os

import pytest

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.models import gpus
from asrlab_pytest.models.gpus import VISIBLE, choose_gpu, chosen_gpu, visible_gpus
from asrlab_pytest.settings import validated

THREE = ("0", "1", "2")


@pytest.fixture(autouse=True)
def _forgotten():
    visible_gpus.cache_clear()
    yield
    visible_gpus.cache_clear()


@pytest.fixture
def machine(monkeypatch):
    """Makes a machine with so many CUDA devices, of which some may be visible."""

    def make(count, visible=None):
        monkeypatch.setattr(gpus, "_gpu_count", lambda: count)
        monkeypatch.delenv(VISIBLE, raising=False)
        if visible is not None:
            monkeypatch.setenv(VISIBLE, visible)

    return make


def test_workers_take_turns():
    """Worker k runs on device k mod n."""
    assert [chosen_gpu(THREE, None, worker) for worker in range(5)] == ["0", "1", "2", "0", "1"]


def test_a_device_by_number():
    """A device that was asked for is that of every worker."""
    assert {chosen_gpu(THREE, 1, worker) for worker in (None, 0, 2)} == {"1"}


@pytest.mark.parametrize(("devices", "gpu", "worker"), [(THREE, None, None), ((), 1, 0), ((), None, 3)])
def test_no_choice(devices, gpu, worker):
    """Without workers the engines choose, and without devices there is nothing to choose."""
    assert chosen_gpu(devices, gpu, worker) is None


def test_a_number_that_is_not_there(machine):
    """A number beyond the last device is an error that says which there are."""
    machine(2)

    with pytest.raises(ConfigError, match="no device cuda:2: this machine has cuda:0 to cuda:1"):
        choose_gpu(2, None)


def test_one_device_is_seen(machine):
    """A worker sees its device alone, also where a scheduler lets the run see only some of them."""
    machine(8, visible="4,5")

    choose_gpu(None, 3)
    assert os.environ[VISIBLE] == "5"
    # Chosen again in the same process, it is the same.
    choose_gpu(None, 3)
    assert os.environ[VISIBLE] == "5"


@pytest.mark.parametrize("visible", ["", "-1", "NoDevFiles"])
def test_devices_that_are_hidden(machine, visible):
    """Where the devices of a machine are hidden there are none."""
    machine(8, visible=visible)

    assert visible_gpus() == ()


def test_no_library_of_the_driver(monkeypatch):
    """A machine without a driver has no devices, and its environment stays as it is."""
    monkeypatch.delenv(VISIBLE, raising=False)
    monkeypatch.setattr(gpus.ctypes, "CDLL", lambda _: (_ for _ in ()).throw(OSError()))

    choose_gpu(1, 0)

    assert VISIBLE not in os.environ


@pytest.mark.parametrize(
    ("table", "device"),
    [({"device": "cuda:1"}, ("cuda", 1)), ({"device": "cuda"}, ("cuda", None)), ({}, ("auto", None))],
)
def test_the_setting(table, device):
    """A device with a number is its kind and the number."""
    settings = validated(table, source="here")

    assert (settings.device, settings.gpu) == device
