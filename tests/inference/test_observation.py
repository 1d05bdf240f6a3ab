"""Observations as they are made, and as plain JSON."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.inference.observing import Case, Costs, Output, observed, transcript_of
from asrlab_pytest.models.engine import Segment, Transcript, Word
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.observation import FIRST, observation_of
from asrlab_pytest.records.plain import plain

LOADED = LoadedModel(
    model="polly",
    engine="parrot",
    engine_version="1",
    weights_sha256=None,
    weights_revision=None,
    device_requested="auto",
    device="cpu",
    compute_type="float32",
    settings={"temperature": [0.0, 0.2]},
    profile="fair",
    decoding=None,
    load_s=1.0,
    warmup_s=0.5,
)
COSTS = Costs(
    latencies_s=(0.5, 0.1, 0.2),
    cpu_s=(0.5, 0.1, 0.2),
    cpu_percent=100.0,
    load_per_core=None,
    peak_rss_bytes=1,
    device_memory_bytes=None,
)
WRITTEN = Transcript(text="hello", segments=(Segment(text="hello", start=0.0, end=1.0, details={"p": 0.5}),))


@dataclass(frozen=True)
class Sample:
    id: str = "one"
    text: str = "Hello."
    language: str = "en"
    normalization: str | None = None
    tags: tuple[str, ...] = ("read",)
    group: str | None = None
    entities: None = None
    keywords: tuple[str, ...] = ()
    quarantined: bool = False


def observation(written=WRITTEN):
    case = Case(task="asr", sample=Sample(), corpus="clips", key="2" * 64, made_in=FIRST)
    output = Output(
        reference="Hello.",
        transcript=transcript_of(written),
        audio_s=2.0,
        audio_sha256="0" * 64,
        pcm_sha256="1" * 64,
    )
    return observed(LOADED, case, output, COSTS)


def test_latency_is_the_median():
    """The latency is the median over the rounds, and the RTF that over the clip's length."""
    made = observation()

    assert (made.latency_s, made.rtf) == (0.2, 0.1)


def test_a_flat_row_of_plain_json():
    """The line reads back from JSON as it was, with what was loaded beside what was observed."""
    made = observation()
    line = made.as_json()

    assert observation_of(json.loads(json.dumps(line, allow_nan=False))) == made
    assert (line["model"], line["clip"], line["hypothesis"], line["latency_s"], line["rtf"]) == (
        "polly",
        "one",
        "hello",
        0.2,
        0.1,
    )
    assert (line["tags"], line["latencies_s"], line["settings"]) == (
        ["read"],
        [0.5, 0.1, 0.2],
        {"temperature": [0.0, 0.2]},
    )


def test_numbers_of_an_engine():
    """Numpy's numbers become Python's own, because xdist can send no others."""
    details = {"a": np.float32(0.5), "b": np.int64(3), "c": np.float64("nan"), "d": np.bool_(True)}
    transcript = Transcript(text=np.str_("hello"), segments=(Segment(text="hello", start=0, end=1, details=details),))

    line = observation(transcript).as_json()

    found = line["transcript"]["segments"][0]["details"]
    assert found == {"a": 0.5, "b": 3, "c": None, "d": True}
    assert [type(found[key]) for key in "abd"] == [float, int, bool]
    assert type(line["hypothesis"]) is str
    assert observation_of(line).as_json() == line


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_no_number_is_none(value):
    """JSON has no word for NaN and infinity: they become null."""
    assert plain({"a": [value]}) == {"a": [None]}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_plain_values_stay(value):
    """What is plain JSON already is not changed."""
    assert plain(value) == value
    assert json.dumps(plain(value)) == json.dumps(value)


def test_a_secret_in_an_answer(monkeypatch):
    """A secret that an engine returns is in no part of what a record keeps of its answer: text, language, details."""
    monkeypatch.setenv("MY_API_KEY", "sk-Kq8Lm2Zp9Vt4Xw7abc")
    key = "sk-Kq8Lm2Zp9Vt4Xw7abc"
    word = Word(text=key, start=0.0, end=1.0)
    segment = Segment(text=key, start=0.0, end=1.0, words=(word,), details={f"d {key}": 1.0})

    kept = transcript_of(Transcript(text=f"a {key}", language=f"key {key}", segments=(segment,)))

    assert key not in repr(kept)
    assert (kept.text, kept.language, kept.segments[0].details) == ("a ***", "key ***", {"d ***": 1.0})
