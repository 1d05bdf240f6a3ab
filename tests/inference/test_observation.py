"""The raw row as plain JSON."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.models.engine import Segment, Transcript
from asrlab_pytest.records.observation import LoadedModel, Observation, plain

OBSERVATION = Observation(
    loaded=LoadedModel(
        model="polly",
        engine="parrot",
        engine_version="1",
        weights_sha256=None,
        weights_revision=None,
        device_requested="auto",
        device="cpu",
        compute_type="float32",
        settings={"temperature": (0.0, 0.2)},
        profile="fair",
        decoding=None,
        load_s=1.0,
        warmup_s=0.5,
    ),
    clip="one",
    corpus="clips",
    group=None,
    tags=("read",),
    language="en",
    audio_s=2.0,
    audio_sha256="00",
    pcm_sha256="1" * 64,
    key="2" * 64,
    reference="Hello.",
    transcript=Transcript(text="hello", segments=(Segment(text="hello", start=0.0, end=1.0, details={"p": 0.5}),)),
    latencies_s=(0.5, 0.1, 0.2),
    cpu_percent=100.0,
    peak_rss_bytes=1,
    device_memory_bytes=None,
)


def test_latency_is_the_median():
    """The latency is the median over the rounds, and the RTF that over the clip's length."""
    assert (OBSERVATION.latency_s, OBSERVATION.rtf) == (0.2, 0.1)


def test_a_flat_row_of_plain_json():
    """The row reads back from JSON as it was, with what was loaded beside what was observed."""
    row = OBSERVATION.as_json()

    assert json.loads(json.dumps(row, allow_nan=False)) == row
    assert (row["model"], row["clip"], row["hypothesis"], row["latency_s"], row["rtf"]) == (
        "polly",
        "one",
        "hello",
        0.2,
        0.1,
    )
    assert (row["tags"], row["latencies_s"], row["settings"]) == (
        ["read"],
        [0.5, 0.1, 0.2],
        {"temperature": [0.0, 0.2]},
    )


def test_numbers_of_an_engine():
    """Numpy's numbers become Python's own, because xdist can send no others."""
    details = {"a": np.float32(0.5), "b": np.int64(3), "c": np.float64("nan"), "d": np.bool_(True)}
    transcript = Transcript(text=np.str_("hello"), segments=(Segment(text="hello", start=0, end=1, details=details),))

    row = replace(OBSERVATION, transcript=transcript).as_json()

    found = row["transcript"]["segments"][0]["details"]
    assert found == {"a": 0.5, "b": 3, "c": None, "d": True}
    assert [type(found[key]) for key in "abd"] == [float, int, bool]
    assert type(row["hypothesis"]) is str


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
