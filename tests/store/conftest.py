"""Lines of a record, made up and valid."""

import pytest

from asrlab_pytest.store.schema import SCHEMA

ENVIRONMENT = {
    "kind": "environment",
    "schema": SCHEMA,
    "time": "2026-11-22T12:00:00+00:00",
    "git": {"commit": "c0ffee", "dirty": False},
    "python": "CPython 3.11.7",
    "os": "Linux",
    "cpu": "a processor",
    "cores": {"physical": 2, "logical": 4},
    "memory_bytes": 8_000_000_000,
    "load_average": [0.1, 0.2, 0.3],
    "accelerator": None,
    "packages": {"asrlab-pytest": "0.1.0"},
    "thread_variables": {},
    "settings": {},
    "corpus": {"name": "clips", "manifest_sha256": "a" * 64},
    "protocols": {"normalization": ["n/1.0"], "entities": ["e/1.0"]},
    "plan": {"polly": ["one", "two"]},
    "seeds": {"order": 0},
}
OBSERVATION = {
    "kind": "observation",
    "model": "polly",
    "engine": "parrot",
    "engine_version": "",
    "weights_sha256": "0" * 64,
    "weights_revision": None,
    "device_requested": "auto",
    "device": "cpu",
    "compute_type": "squawk8",
    "settings": {},
    "profile": "fair",
    "decoding": None,
    "load_s": 0.1,
    "warmup_s": 0.1,
    "clip": "one",
    "corpus": "clips",
    "group": None,
    "tags": [],
    "language": "en",
    "audio_s": 2.0,
    "audio_sha256": "b" * 64,
    "pcm_sha256": "c" * 64,
    "key": "d" * 64,
    "repeat": 0,
    "order": "given",
    "recorded": False,
    "reference": "hello there",
    "reference_entities": None,
    "keywords": [],
    "clip_normalization": None,
    "hypothesis": "hello there",
    "transcript": {"text": "hello there", "segments": [], "language": "en"},
    "latencies_s": [0.2],
    "cpu_s": [0.2],
    "latency_s": 0.2,
    "rtf": 0.1,
    "cpu_percent": 100.0,
    "peak_rss_bytes": 1000,
    "device_memory_bytes": None,
}


@pytest.fixture
def environment():
    return dict(ENVIRONMENT)


@pytest.fixture
def observation():
    """Makes an observation with other values for some keys."""
    return lambda **keys: {**OBSERVATION, **keys}
