"""Tiny checkpoints of LFM2-Audio, where liquid-audio is installed: `uv sync --extra lfm2` on Python 3.12 or later."""

from functools import cache

import numpy as np
import pytest

from asrlab_pytest.models import engine
from asrlab_pytest.models.engines.lfm2.engine import Lfm2Audio
from asrlab_pytest.models.spec import ModelSpec

RATE = 16_000


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory):
    """A folder of random weights."""
    from lfm_checkpoint import build

    return build(tmp_path_factory.mktemp("lfm2") / "random")


@pytest.fixture(scope="session")
def answering(checkpoint, tmp_path_factory):
    """Makes a folder whose weights always answer with the given tokens; each once a session."""
    from lfm_checkpoint import scripted

    root = tmp_path_factory.mktemp("scripted")

    @cache
    def make(*tokens):
        return scripted(root / str(len(list(root.iterdir()))), checkpoint, tokens)

    return make


@pytest.fixture
def load():
    """Loads a folder for a task, computing in one thread, and releases it when the test ends."""
    made = []

    def make(folder, task="asr", device="cpu", compute_type=None, **options):
        spec = model(folder, task, compute_type=compute_type, **options)
        made.append(engine.load(Lfm2Audio(), spec, device))
        return made[-1]

    def let_go():
        while made:
            made.pop().close()

    make.let_go = let_go
    yield make
    let_go()


def model(weights, task="asr", *, name="tiny", compute_type=None, **options):
    """A model that computes in one thread."""
    return ModelSpec(
        id=name,
        engine="lfm2-audio",
        weights=str(weights),
        task=task,
        compute_type=compute_type,
        options={"threads": 1, **options},
    )


@pytest.fixture(scope="session")
def spec():
    """Makes specs of the engine."""
    return model


@pytest.fixture(scope="session")
def noise():
    """Makes noise of so many seconds."""

    def make(seconds):
        return (0.1 * np.random.default_rng(0).standard_normal(int(seconds * RATE))).astype(np.float32)

    return make
