"""Tiny checkpoints for the real engines, sounds to hear, and handles that are closed when a test ends."""

import os
import socket
import subprocess
import sys
import textwrap
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest
from under_test import Pair, import_package

from asrlab_pytest.inference.asr import LiveModel
from asrlab_pytest.inference.handle import ModelHandle
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.models import convert
from asrlab_pytest.models.convert import convert_checkpoint
from checkpoints import Shape, random_checkpoint, scripted_checkpoint

SAMPLE_RATE = 16_000
BUILDERS = {
    "random": random_checkpoint,
    "endless": partial(random_checkpoint, tokens=400),
    "scripted": scripted_checkpoint,
}


@pytest.fixture(scope="session")
def tokenizers_made_once():
    """A vocabulary's tokenizer is rebuilt at its first conversion, and is the same in every other."""
    made = {}
    rebuild = convert._tokenizer_json

    def once(encoding):
        key = (encoding.name, encoding.n_vocab)
        return made[key] if key in made else made.setdefault(key, rebuild(encoding))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convert, "_tokenizer_json", once)
        yield


@pytest.fixture(scope="session")
def pair(tmp_path_factory, tokenizers_made_once):
    """Makes the pair of a kind, "random", "endless" or "scripted", and a vocabulary; each once a session."""
    root = tmp_path_factory.mktemp("checkpoints")

    @cache
    def make(kind, vocabulary="multilingual"):
        build = BUILDERS[kind]
        checkpoint = build(root / f"{kind}-{vocabulary}.pt", shape=Shape(vocabulary))
        return Pair(checkpoint, convert_checkpoint(checkpoint, root / f"{kind}-{vocabulary}"))

    return make


@pytest.fixture(scope="session")
def sounds():
    """Sounds of three seconds, by name."""
    time = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    noise = np.random.default_rng(0).standard_normal(time.size)
    made = {
        "noise": 0.1 * noise,
        "tone": 0.3 * np.sin(2 * np.pi * 440 * time),
        "chirp": 0.3 * np.sin(2 * np.pi * (100 + 400 * time) * time),
        "silence": np.zeros(time.size),
    }
    return {name: samples.astype(np.float32) for name, samples in made.items()}


@pytest.fixture
def handle():
    """Makes handles, and closes them when the test is over."""
    made = []

    def make(spec, **conditions):
        import_package(spec.engine)
        made.append(ModelHandle(LiveModel(spec, RunConditions(corpus="test", warmup=0, **conditions)), []))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def no_network(monkeypatch):
    """Any attempt to reach another machine is an error that nothing catches as a failed connection."""

    def refuse(*args, **kwargs):
        message = f"reached for the network: {args[1:]}"
        raise AssertionError(message)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def address(request):
    """The address of a running server: the program next to this file that the test module names as `SERVER`."""
    command = [sys.executable, str(Path(__file__).with_name(request.module.SERVER))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.kill()


@pytest.fixture
def no_proxy(monkeypatch):
    """Unsets the variables of HTTP proxies, which would also get requests to this machine."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run_python(tmp_path):
    """Runs code in a process of its own, in which some packages may be hidden, and returns what it printed."""

    def run(code, *, hidden=()):
        (tmp_path / "sitecustomize.py").write_text(HIDE.format(hidden=set(hidden) or "()"), encoding="utf-8")
        paths = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)],
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


HIDE = """
import importlib.machinery, sys

class WithoutSome(importlib.machinery.PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in {hidden} else super().find_spec(name, path, target)

sys.meta_path[:] = [WithoutSome if f is importlib.machinery.PathFinder else f for f in sys.meta_path]
"""
"""A `sitecustomize` under which packages are as good as not installed."""
