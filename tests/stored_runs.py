"""Makes records line by line, for tests of what reads them."""

import json

from hypothesis import strategies as st

from asrlab_pytest.corpus.fact import Fact
from asrlab_pytest.protocols.entities import ListedEntity
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.observation import observation_of
from asrlab_pytest.records.upgrading import SCHEMA

HASH = "0" * 64
_TEXTS = st.sampled_from(["", "hello there", "it cost $5 at ten past two", "hello hello there", "goodbye"])
DRAWN = {
    "model": st.sampled_from(["polly", "kakapo"]),
    "clip": st.sampled_from("abcdefgh"),
    "group": st.sampled_from([None, "ann", "bob"]),
    "reference": _TEXTS,
    "hypothesis": _TEXTS,
}
"""Keys of `row`, as tests with hypothesis draw them."""


def environment(*, manifest=HASH, plan=None, settings=None, **keys):
    """The first line of a record."""
    return {
        "kind": "environment",
        "schema": SCHEMA,
        "time": "2026-11-22T10:00:00+00:00",
        "git": None,
        "python": "CPython 3.13.0",
        "os": "Linux",
        "cpu": "abacus",
        "cores": {"physical": 1, "logical": 2},
        "memory_bytes": 1_000_000,
        "load_average": None,
        "accelerator": None,
        "packages": {"torch": "2.9"},
        "thread_variables": {},
        "settings": settings or {},
        "corpus": {"name": "clips", "manifest_sha256": manifest},
        "protocols": {"normalization": ["asrlab-norm/1.0+en#11111111"], "entities": ["asrlab-entities/1.0+en#2222"]},
        "plan": plan,
        "seeds": {"order": 0},
        **keys,
    }


def environment_of(**keys):
    """The environment that a first line states."""
    return Environment.model_validate(environment(**keys))


def row(model="polly", clip="one", hypothesis="hello there", **keys):
    """An observation."""
    return {
        "kind": "observation",
        "model": model,
        "task": "asr",
        "engine": "parrot",
        "engine_version": "0.1",
        "weights_sha256": HASH,
        "weights_revision": None,
        "device_requested": "auto",
        "device": "cpu",
        "compute_type": "squawk8",
        "settings": {},
        "profile": "fair",
        "decoding": None,
        "load_s": 1.0,
        "warmup_s": 0.5,
        "clip": clip,
        "corpus": "clips",
        "group": None,
        "tags": [],
        "language": "en",
        "audio_s": 2.0,
        "audio_sha256": HASH,
        "pcm_sha256": HASH,
        "key": HASH,
        "repeat": 0,
        "order": "given",
        "recorded": False,
        "reference": "hello there",
        "reference_entities": None,
        "keywords": [],
        "clip_normalization": None,
        "quarantined": False,
        "hypothesis": hypothesis,
        "transcript": {"text": hypothesis, "segments": [], "language": "en"},
        "latencies_s": [1.0],
        "cpu_s": [1.0],
        "latency_s": 1.0,
        "rtf": 0.5,
        "cpu_percent": 100.0,
        "spoken": None,
        "peak_rss_bytes": 1_000_000,
        "device_memory_bytes": None,
        **keys,
    }


def failure(model="polly", clip="one", problem="no file", **keys):
    """A case without an observation."""
    return {"kind": "failure", "model": model, "clip": clip, "problem": problem, **keys}


def end(**models):
    """The last line; by default the models are not named."""
    return {"kind": "end", "time": "2026-11-22T10:01:00+00:00", "models": models}


def write(path, *lines):
    """Write a record; lines that are bytes are written as they are."""
    path.write_bytes(b"".join(one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n" for one in lines))
    return path


def older(line):
    """A line as version 0.1 had it."""
    later = (
        "pcm_sha256",
        "key",
        "repeat",
        "order",
        "recorded",
        "cpu_s",
        "clip_normalization",
        "reference_entities",
        "quarantined",
    )
    later += ("keywords", "quarantined", "protocols", "plan", "seeds")
    kept = {key: value for key, value in line.items() if key not in later}
    return {**kept, "schema": "asrlab-record/0.1"} if line["kind"] == "environment" else kept


def benchmark(*rows, **own):
    """A pytest-benchmark JSON of these observations, as text."""
    cases = [{"name": "test_accuracy", "extra_info": {"asr": {**one, "wer": 0.0, "outcome": "passed"}}} for one in rows]
    return json.dumps({"benchmarks": cases, "asrlab": own})


SOUND = {
    "seconds": 2.0,
    "sample_rate": 16_000,
    "pcm_sha256": HASH,
    "finite": True,
    "peak": 0.5,
    "rms": -20.0,
    "clipped": 0.0,
    "clipped_runs": 0,
    "offset": 0.0,
    "speech_s": 1.2,
    "voiced_s": 1.0,
    "leading_silence_s": 0.1,
    "trailing_silence_s": 0.1,
    "longest_pause_s": 0.2,
    "ends_in_speech": False,
    "repeats": [],
}
"""Speech of a dozen letters without a fault."""
HEARER = {
    "model": "polly",
    "engine": "parrot",
    "engine_version": "0.1",
    "weights_sha256": HASH,
    "weights_revision": None,
    "device": "cpu",
    "compute_type": "squawk8",
}


def utterance(first_audio_s=(0.3,), **sound):
    """Speech as it is in a record."""
    return {"sound": {**SOUND, **sound}, "file": None, "first_audio_s": list(first_audio_s)}


def said(text, heard, *, recording_heard=None, first_audio_s=(0.3,), sound=None, **keys):
    """An observation of a prompt."""
    speech = utterance(first_audio_s, **(sound or {}))
    spoken = {"hearer": HEARER, "voice": None, "utterance": speech, "recording_heard": recording_heard, "turns": []}
    keys = {"model": "coco", "task": "tts", "corpus": "prompts", "spoken": spoken, "reference": text, **keys}
    return row(hypothesis=heard, **keys)


def turn(answer, heard=None, *, speech=True, first_token_s=(0.1,), **keys):
    """A turn of a dialogue, whose speech is heard as it was written; `speech` has what is not common about it."""
    return {
        "question": "who are you",
        "question_sha256": HASH,
        "answer": answer,
        "heard": answer if heard is None else heard,
        "utterance": utterance(**({} if speech is True else speech)) if speech else None,
        "latencies_s": [1.0],
        "first_token_s": list(first_token_s),
        "facts": [],
        "forbidden": [],
        **keys,
    }


def held(*turns, **keys):
    """An observation of a dialogue."""
    spoken = {"hearer": HEARER, "voice": None, "utterance": None, "recording_heard": None, "turns": list(turns)}
    texts = {kind: "\n".join(one[kind] for one in turns) for kind in ("answer", "heard")}
    keys = {"model": "coco", "task": "conversation", "corpus": "dialogues", "spoken": spoken, **keys}
    return row(**{"hypothesis": texts["heard"], "reference": texts["answer"], **keys})


def observed(*args, **keys):
    """The observation that a line states."""
    return observation_of(row(*args, **keys))


def prompt(*args, **keys):
    """The observation of a prompt."""
    return observation_of(said(*args, **keys))


def dialogue(*turns, **keys):
    """The observation of a dialogue."""
    return observation_of(held(*turns, **keys))


def fact_of(stored):
    """The fact that `Fact.as_json` made this of."""
    keys = dict(stored)
    if "any" in keys:
        keys["any"] = tuple(keys["any"])
    if "entity" in keys:
        keys["entity"] = ListedEntity(**keys["entity"])
    return Fact(**keys)
