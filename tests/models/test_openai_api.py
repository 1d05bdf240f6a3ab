"""What the engine of transcription servers sends, and what it makes of each answer; the server is a real process."""

import json
import urllib.request
from dataclasses import replace

import numpy as np
import pytest

from asrlab_pytest.engines import ModelSpec, TranscriptionError, Word
from asrlab_pytest.inference.boundary import loaded_by_engine
from asrlab_pytest.models import status as model_states
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.engines.openai_api import wav
from asrlab_pytest.models.support import http
from asrlab_pytest.secrets import redacted

SERVER = "faulty_server.py"
KEY = "sk-test-0123456789abcdef"
SAMPLES = np.array([0.5, -0.5, 1.0, -1.0], np.float32)


@pytest.fixture(autouse=True)
def _quick(monkeypatch, no_proxy):
    monkeypatch.setattr(http, "FIRST_WAIT_S", 0.01)
    monkeypatch.setenv("OUR_SERVER", KEY)


def spec_of(base_url, **options):
    return ModelSpec(id="served", engine="openai-api", weights="whisper-1", options={"base_url": base_url, **options})


def recognizer(address, fault, **options):
    return loaded_by_engine(spec_of(f"{address}/{fault}/v1", **options), "cpu")[0]


def log(address):
    with urllib.request.urlopen(address) as answer:
        return json.load(answer)


def failure(address, fault, **options):
    with pytest.raises(TranscriptionError) as caught:
        recognizer(address, fault, **{"retries": 1, **options}).transcribe(SAMPLES, "en")
    return caught.value


def test_what_is_sent_and_recorded(address):
    """A clip is sent with model, language and key; the record has the server's host, and no key."""
    loaded = recognizer(address, "plain", api_key_env="OUR_SERVER", prompt="names", temperature=0.2)
    transcript = loaded.transcribe(SAMPLES, "en-GB")
    seen = log(address)["seen"]["plain"]

    assert (transcript.text, transcript.segments) == ("hello world", ())
    assert seen["headers"]["Authorization"] == f"Bearer {KEY}"
    for name, value in {"model": "whisper-1", "language": "en", "prompt": "names", "temperature": "0.2"}.items():
        assert f'name="{name}"\r\n\r\n{value}\r\n' in seen["form"]
    assert wav(SAMPLES).decode("latin-1") in seen["form"]
    assert wav(SAMPLES)[-8:] == np.array([16384, -16384, 32767, -32768], "<i2").tobytes()
    assert (loaded.device, loaded.compute_type) == ("remote", "remote")
    assert loaded.settings["base_url"] == address.removeprefix("http://")
    assert KEY not in json.dumps(redacted(loaded.settings))


def test_a_server_that_reads_the_beginning_only(address):
    """Audio longer than `max_seconds` is sent in parts, and the cuts are in the transcript."""
    transcript = recognizer(address, "plain", max_seconds=1).transcribe(np.ones(40_000, np.float32), "en")

    assert len(transcript.cuts) >= 2
    assert transcript.text == " ".join(["hello world"] * (len(transcript.cuts) + 1))


def test_segments_and_words(address):
    """Verbose JSON gives segments with their details, and each word in its segment."""
    transcript = recognizer(address, "plain", response_format="verbose_json").transcribe(SAMPLES, None)
    first, second = transcript.segments

    assert (first.text, first.end, first.details["avg_logprob"]) == ("hello", 1.0, -0.5)
    assert first.words == (Word(text="hello", start=0.1, end=0.8),)
    assert [word.text for word in second.words] == ["world"]
    assert 'name="language"' not in log(address)["seen"]["plain"]["form"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (401, "does not accept the key"),
        (403, "forbids this key to use the model"),
        (404, "knows no such address or model"),
        (413, "says that the clip is too large"),
        (422, "refuses the request"),
        (429, "limits the rate of requests"),
        (500, "failed"),
        (503, "failed"),
    ],
)
def test_each_refusal_is_a_sentence(address, code, words):
    """A refusal names host, reason and status, with what the server says; the key is in none of it."""
    before = log(address)["counts"].get(str(code), 0)
    error = failure(address, code, api_key_env="OUR_SERVER")
    is_retried = code in {429, 500, 503}

    assert f"{words} (HTTP {code}): told by the server" in error.problem
    assert address.removeprefix("http://") in error.problem
    assert KEY not in str(error)
    assert log(address)["counts"][str(code)] - before == 1 + is_retried
    assert ("after 1 retry" in error.problem) == is_retried


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("hangs", "did not answer within 0.4 s, after 1 retry"),
        ("trickles", "did not answer within 0.4 s, after 1 retry"),
        ("drops", "closed the connection too early (RemoteDisconnected), after 1 retry"),
        ("short", "closed the connection too early (IncompleteRead), after 1 retry"),
        ("long", "it asks to wait 3600 s"),
        ("page", "is not the JSON of a transcript: '<html>sign in</html>'"),
        ("list", "has no text"),
        ("null", "has no text"),
        ("both", 'the server\'s JSON has an error beside the text: \'{"message": "stopped at 3 s"}\''),
        ("errors", "the server's JSON has an error beside the text: '[\"stopped at 3 s\"]'"),
        ("202", "has only accepted the request (HTTP 202)"),
        ("206", "sends a part of the answer (HTTP 206)"),
        ("226", "does not send a whole answer (HTTP 226)"),
        ("odd", "is not the JSON of a transcript"),
        ("moved", "redirects to elsewhere.invalid, and keys are not sent there (HTTP 307)"),
    ],
)
def test_each_fault_is_a_sentence(address, fault, words):
    """A server that hangs, breaks off or answers with something else is an error in a sentence, in limited time."""
    assert words in failure(address, fault, timeout_s=0.4).problem


@pytest.mark.parametrize("fault", ["fine", "201"])
def test_a_whole_answer(address, fault):
    """A transcript with an empty error, or of another status that says it is whole, is a transcript."""
    assert recognizer(address, fault).transcribe(SAMPLES, "en").text == "hello world"


def test_faults_that_pass(address):
    """A fault that passes costs retries, and no clip; the wait that a server asks for is kept."""
    assert recognizer(address, "flaky", retries=2).transcribe(SAMPLES, "en").text == "hello world"
    assert recognizer(address, "patient").transcribe(SAMPLES, "en").text == "hello world"


@pytest.mark.parametrize("proxy", ["http://me:pass-word1@127.0.0.1:9", "socks5://127.0.0.1:9"])
def test_a_proxy_that_refuses(monkeypatch, proxy):
    """An error of the proxy that the environment names is said of it, without its password, and not of the server."""
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)

    refused = failure("http://example.invalid", "plain")

    assert "example.invalid cannot be reached through the proxy 127.0.0.1:9" in refused.problem
    assert "HTTP_PROXY" in refused.hint
    assert "pass-word1" not in refused.problem


def test_nobody_listens():
    """An address at which nothing listens is said at once, and one that speaks no TLS is not retried."""
    assert "no server listens at 127.0.0.1:9" in failure("http://127.0.0.1:9", "plain").problem


def test_no_tls(address):
    """A server without TLS behind an https address is said to be one."""
    assert "does not speak TLS" in failure(address.replace("http", "https"), "plain").problem


def test_a_batch(address):
    """A batch keeps the order, with no more requests at once than the option allows, and more than one."""
    loaded = recognizer(address, "together", concurrency=3)

    assert [each.text for each in loaded.transcribe_batch([SAMPLES] * 7, "en")] == ["hello world"] * 7
    assert 1 < log(address)["counts"]["most"] <= 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"base_url": "localhost:8000"}, "not an http or https address"),
        ({"base_url": "http://me:secret@host/v1"}, "holds a user, a password or a query"),
        ({"api_key_env": "NOT_SET_HERE"}, "the environment variable NOT_SET_HERE is not set"),
        ({"response_format": "srt"}, "response_format is 'srt', not json or verbose_json"),
        ({"retries": -1}, "retries is -1"),
        ({"concurrency": 0}, "concurrency is 0"),
        ({"timeout_s": "long"}, "timeout_s of engine openai-api takes a number"),
        ({"api_key": "x"}, "did you mean api_key_env?"),
    ],
)
def test_wrong_options(options, words):
    """A wrong option is said before any clip is sent, without asking a server."""
    spec = replace(spec_of("http://localhost/v1"), options={"base_url": "http://localhost/v1", **options})
    status = model_states.model_status(spec, "auto")

    assert status.readiness.value == "broken"
    assert words in status.reason


def test_no_store_answers_for_a_server():
    """What a server runs under a name may change: its weights are told from others by nothing."""
    weights = engine("openai-api").weights(spec_of("http://localhost:8000/v1"))

    assert (weights.sha256, weights.revision) == (None, None)


def test_the_scorecard_compares_no_times_with_a_server(address, project):
    """A server's model has its errors and its device in the scorecard, and in the place of RTF why there is none."""
    project.clip("one", "hello world")
    project.configure(
        'model = ["polly", "served"]\nreference = "polly"',
        tables=f'[tool.asrlab.models.served]\nengine = "openai-api"\nweights = "whisper-1"\n'
        f'options = {{ base_url = "{address}/plain/v1" }}\n',
    )
    project.evals("accuracy", "corpus")
    result = project.run()

    assert result.ret == 0
    shown = result.stdout.str()
    assert "remote" in shown
    assert "includes the network" in " ".join(shown.split())
