"""Servers with the address ``/v1/audio/transcriptions``: vLLM, SGLang, llama.cpp, Speaches, Groq, OpenAI and others."""

from __future__ import annotations

import io
import json
import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from asrlab_pytest.errors import TranscriptionError
from asrlab_pytest.languages import primary
from asrlab_pytest.models.device import REMOTE
from asrlab_pytest.models.engine import Engine, Recognizer, Segment, Transcript, Weights, Word
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import refuse_unready
from asrlab_pytest.models.support.http import Client, Failure
from asrlab_pytest.secrets import host_of, remember, unset_variable, without_secrets
from asrlab_pytest.waveform import SAMPLE_RATE, Waveform, pcm16

FORMATS = ("json", "verbose_json")
_SHOWN = 10_000
"""Bytes of an answer that are searched for secrets before its first characters are quoted."""
_LONGEST = 1_000_000
"""Highest number in the options: a time limit beyond the range of the clock would fail in the middle of a run."""
_DETAILS = ("avg_logprob", "compression_ratio", "no_speech_prob", "temperature")


class OpenAIApi(Engine):
    """Weights are the model's name at the server. What a server runs under a name may change: no store answers for it.

    Options: ``base_url``, which ends before ``/audio/transcriptions``; ``api_key_env``, the environment variable that
    holds the key; ``response_format``, ``json`` or ``verbose_json`` (segments and words); ``temperature``; ``prompt``;
    ``timeout_s`` for one request; ``retries``; ``concurrency``, requests at once in a batch; ``max_seconds``, the
    longest audio of which the server transcribes all.
    """

    name = "openai-api"
    compute_types = (REMOTE,)
    is_remote = True
    options: ClassVar = {
        "base_url": "https://api.openai.com/v1",
        "api_key_env": str,
        "response_format": "json",
        "temperature": 0.0,
        "prompt": str,
        "timeout_s": 60.0,
        "retries": 4,
        "concurrency": 4,
        "max_seconds": float,
    }
    packages = ("asrlab-pytest",)

    def status(self, spec: ModelSpec) -> Status:
        fault = _fault(spec.options)
        if fault is not None:
            return Status(Readiness.BROKEN, fault, f"correct [tool.asrlab.models.{spec.name}.options]")
        variable = spec.options.get("api_key_env")
        if isinstance(variable, str) and not os.environ.get(variable, "").strip():
            return Status(Readiness.BROKEN, *unset_variable("api_key_env", variable))
        return READY

    def weights(self, spec: ModelSpec) -> Weights:
        refuse_unready(spec, self.status(spec))
        return Weights(location=Path(_host({**self.options, **spec.options})) / spec.weights)

    def load(self, spec: ModelSpec, device: Device) -> ApiRecognizer:
        refuse_unready(spec, self.status(spec))
        return ApiRecognizer(spec)


class ApiRecognizer(Recognizer):
    """A model behind a server. Each clip is sent as a WAV of 16 bits."""

    is_cyclic = False
    device: Device = REMOTE

    def __init__(self, spec: ModelSpec) -> None:
        options = spec.options
        self.settings = {**options, "base_url": _host(options)}
        self._fields = {
            "model": spec.weights,
            "response_format": options["response_format"],
            "temperature": f"{float(options['temperature']):g}",
            **({"prompt": options["prompt"]} if options.get("prompt") else {}),
        }
        self._is_verbose = options["response_format"] == "verbose_json"
        self._concurrency = options["concurrency"]
        self.max_seconds = options.get("max_seconds")
        self._client = Client(
            f"{str(options['base_url']).rstrip('/')}/audio/transcriptions",
            key=_key(options),
            timeout_s=options["timeout_s"],
            retries=options["retries"],
        )

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        fields = [*self._fields.items(), *([("language", primary(language))] if language else [])]
        if self._is_verbose:
            fields += [("timestamp_granularities[]", each) for each in ("segment", "word")]
        body, kind = multipart(fields, wav(samples))
        try:
            return transcript_of(self._client.post(body, kind), language)
        except Failure as failure:
            raise TranscriptionError(failure.problem, hint=failure.hint) from None

    def transcribe_batch(self, batch: Sequence[Waveform], language: str | None) -> list[Transcript]:
        with ThreadPoolExecutor(self._concurrency) as pool:
            return list(pool.map(lambda samples: self.transcribe(samples, language), batch))


def wav(samples: Waveform) -> bytes:
    """Mono audio at 16 kHz as a WAV file of 16 bits, which every server reads; exact for audio that had 16 bits."""
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, pcm16(samples), SAMPLE_RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def multipart(fields: Sequence[tuple[str, Any]], audio: bytes) -> tuple[bytes, str]:
    """A form with a file, and its content type."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="clip.wav"\r\nContent-Type: audio/wav'
    parts += [f"--{boundary}\r\n{head}\r\n\r\n".encode(), audio, f"\r\n--{boundary}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def transcript_of(answer: bytes, language: str | None) -> Transcript:
    """The transcript in a server's JSON.

    Raises:
        Failure: it is not a JSON, has no text, or has an error.
    """
    try:
        said = json.loads(answer)
        if not isinstance(said, dict) or not isinstance(said.get("text"), str):
            raise Failure(f"the server's JSON has no text: {_shortened(answer)}")
        if fault := said.get("error") or said.get("errors"):
            raise Failure(f"the server's JSON has an error beside the text: {_shortened(json.dumps(fault).encode())}")
        return Transcript(text=said["text"], segments=tuple(_segments(said)), language=language)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise Failure(f"the server's answer is not the JSON of a transcript: {_shortened(answer)}") from None


def _segments(said: Mapping[str, Any]) -> Iterator[Segment]:
    """The segments of verbose JSON, each with its words; the words alone where a server leaves the segments out."""
    words = [
        Word(text=_text(each["word"]), start=float(each["start"]), end=float(each["end"]))
        for each in said.get("words") or ()
    ]
    segments = said.get("segments") or ()
    if words and not segments:
        yield Segment(text=said["text"], start=words[0].start, end=words[-1].end, words=tuple(words))
    for number, each in enumerate(segments):
        start, end = float(each["start"]), float(each["end"])
        after = float("inf") if number == len(segments) - 1 else float(segments[number + 1]["start"])
        before = float("-inf") if number == 0 else start
        yield Segment(
            text=_text(each["text"]),
            start=start,
            end=end,
            words=tuple(word for word in words if before <= word.start < after),
            details={name: float(each[name]) for name in _DETAILS if isinstance(each.get(name), (int, float))},
        )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _shortened(answer: bytes, limit: int = 80) -> str:
    # Secrets are removed before it is shortened: no pattern matches a part of a key.
    text = without_secrets(answer[:_SHOWN].decode(errors="replace"))
    return repr(text if len(text) <= limit else f"{text[:limit]}...")


def _fault(options: Mapping[str, Any]) -> str | None:
    """Problems of a model's options, other than their types."""
    base_url, variable = str(options.get("base_url", "https://host")), options.get("api_key_env")
    if not _is_address(base_url):
        return "base_url is not an http or https address, such as http://localhost:8000/v1"
    address = urlsplit(base_url)
    if address.username or address.password or address.query or address.fragment:
        return "base_url holds a user, a password or a query; name the variable of a key in api_key_env"
    if options.get("response_format", "json") not in FORMATS:
        return f"response_format is {options['response_format']!r}, not {' or '.join(FORMATS)}"
    for name, least in (("timeout_s", 0.1), ("retries", 0), ("concurrency", 1), ("max_seconds", 1)):
        value = options.get(name, least)
        if isinstance(value, (int, float)) and not least <= value <= _LONGEST:
            return f"{name} is {value}; it must be at {f'least {least}' if value < least else f'most {_LONGEST}'}"
    return _fault_of_key(variable) if isinstance(variable, str) else None


def _fault_of_key(variable: str) -> str | None:
    """Why the value of a variable cannot be a key; never shows the value."""
    key = os.environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()):
        return f"the value of {variable} is not a key: no header can hold its line breaks or non-ASCII characters"
    return None


def _is_address(text: str) -> bool:
    if not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        address = urlsplit(text)
        return address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        return False


def _key(options: Mapping[str, Any]) -> str | None:
    """The key, which is blotted out of whatever is shown or recorded from now on."""
    if not options.get("api_key_env"):
        return None
    key = os.environ[options["api_key_env"]].strip()
    remember(key)
    return key


def _host(options: Mapping[str, Any]) -> str:
    return host_of(str(options["base_url"]))
