"""Servers that break HTTP or JSON, answer forever or return the key: a clear error within the time limit."""

import time

import numpy as np
import pytest

from asrlab_pytest.engines import ModelSpec, TranscriptionError
from asrlab_pytest.inference.boundary import loaded_by_engine
from asrlab_pytest.models.status import model_status

SERVER = "raw_server.py"
KEY = "k3y-of-ours-0123456789"
LIMIT = 0.5
SAMPLES = np.zeros(16, np.float32)
MUCH = np.zeros(3_000_000, np.float32)
"""More samples than the buffers of a connection can hold."""


@pytest.fixture(autouse=True)
def _environment(monkeypatch, no_proxy):
    monkeypatch.setenv("OUR_SERVER", KEY)


def spec_of(**options):
    options = {"base_url": "http://localhost/v1", "api_key_env": "OUR_SERVER", "retries": 0, **options}
    return ModelSpec(id="served", engine="openai-api", weights="whisper-1", options=options)


def failure(address, fault, samples=SAMPLES, **options):
    spec = spec_of(base_url=f"{address}/{fault}/v1", response_format="verbose_json", **options)
    with pytest.raises(TranscriptionError) as caught:
        loaded_by_engine(spec, "cpu")[0].transcribe(samples, "en")
    assert KEY not in str(caught.value)
    return caught.value.problem


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("head", "did not answer within 0.5 s"),
        ("status", "did not answer within 0.5 s"),
        ("continue", "did not answer within 0.5 s"),
        ("chunk", "did not answer within 0.5 s"),
        ("endless", "did not answer within 0.5 s"),
        ("unauthorized", "does not accept the key (HTTP 401)"),
    ],
)
def test_a_slow_answer_ends_at_the_limit(address, fault, words):
    """Whatever part of an answer is sent byte by byte, for 5 s here, the request ends at its time limit."""
    start = time.monotonic()

    assert words in failure(address, fault, timeout_s=LIMIT)
    assert time.monotonic() - start < 8 * LIMIT


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("ssh", "is not HTTP (BadStatusLine)"),
        ("headers", "is not HTTP (HTTPException)"),
        ("deep", "is not the JSON of a transcript"),
        ("inside", "is not the JSON of a transcript"),
        ("integer", "is not the JSON of a transcript"),
        ("segment", "is not the JSON of a transcript"),
        ("nothing", "is not the JSON of a transcript: ''"),
        ("cut", 'is not the JSON of a transcript: \'{"text": "hel\''),
        ("latin", "is not the JSON of a transcript"),
        ("gzip", "is not the JSON of a transcript"),
        ("text", "is not the JSON of a transcript: 'hello world'"),
        ("key", "is not the JSON of a transcript"),
        ("nested", "refuses the request (HTTP 400)"),
        ("target", "redirects to ***.example, and keys are not sent there (HTTP 302)"),
        ("nowhere", "redirects to no address"),
        ("forever", "limits the rate of requests (HTTP 429)"),
        ("chunks", "closed the connection too early (IncompleteRead)"),
        ("flood", "is larger than 32 MB"),
    ],
)
def test_a_broken_answer_is_a_sentence(address, fault, words):
    """Answers that are not HTTP or not a transcript are a clear error, and a returned key stays hidden."""
    problem = failure(address, fault)

    assert words in problem
    assert len(problem) < 400


def test_a_refusal_before_the_clip_is_sent(address):
    """If a server refuses a large clip before it has read it, the refusal is quoted, not the closed connection."""
    assert "says that the clip is too large (HTTP 413)" in failure(address, "early", MUCH)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"base_url": "http://localhost:port/v1"}, "not an http or https address"),
        ({"base_url": "http://local host/v1"}, "not an http or https address"),
        ({"base_url": "http://localhost/v\u00e9"}, "not an http or https address"),
        ({"base_url": "http://[::1/v1"}, "not an http or https address"),
        ({"base_url": "http://localhost/v1#a"}, "holds a user, a password or a query"),
        ({"timeout_s": float("nan")}, "timeout_s is nan"),
        ({"timeout_s": float("inf")}, "it must be at most 1000000"),
    ],
)
def test_options_that_no_request_can_have(options, words):
    """An address or a limit that would fail in the middle of a run is refused before any clip is sent."""
    status = model_status(spec_of(**options), "auto")

    assert status.readiness.value == "broken"
    assert words in status.reason


@pytest.mark.parametrize("key", ["first-0123456789\nsecond", "kéy-0123456789"])
def test_a_key_that_no_header_can_hold(monkeypatch, key):
    """A key with a line break or non-ASCII characters is refused, and not shown."""
    monkeypatch.setenv("OUR_SERVER", key)
    status = model_status(spec_of(), "auto")

    assert "the value of OUR_SERVER is not a key" in status.reason
    assert "0123456789" not in str(status)


@pytest.mark.parametrize("key", ["sk-ours-0123", "gsk_Abcdef0123456789", "hunter2", "AKIAIOSFODNN7EXAMPLE"])
@pytest.mark.parametrize("option", ["api_key_env", "prompt"])
def test_a_key_in_the_place_of_its_variable(key, option):
    """A key where the name of a variable belongs is not shown, and the hint says what belongs there."""
    written = key if option == "api_key_env" else f"env:{key.replace('-', '_')}"
    status = model_status(spec_of(**{"api_key_env": "PATH", option: written}), "auto")

    assert status.readiness.value == "broken"
    assert f"its option {option} is not the name of an environment variable" in status.reason
    assert status.hint.startswith("write the name of a variable")
    assert key.replace("-", "_") not in f"{status.reason} {status.hint}".replace("-", "_")


@pytest.mark.parametrize("variable", ["GROQ_API_KEY", "S3_KEY2", "TOKEN_1"])
def test_a_variable_that_is_not_set(monkeypatch, variable):
    """A variable that is not set is named."""
    monkeypatch.delenv(variable, raising=False)

    status = model_status(spec_of(api_key_env=variable), "auto")

    assert status.reason == f"its option api_key_env is {variable}, and the environment variable {variable} is not set"
    assert status.hint == f"set the environment variable {variable}"
