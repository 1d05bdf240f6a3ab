"""Requests to a server of models: a limit of time, retries with back-off, and each failure in a sentence."""

from __future__ import annotations

import http.client
import math
import random
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any, Self
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import (
    BaseHandler,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
    getproxies,
    proxy_bypass,
)

from asrlab_pytest.secrets import host_of, without_secrets

FIRST_WAIT_S = 0.5
"""Before the first retry; twice as long before each further one."""
LONGEST_WAIT_S = 30.0
"""A server that asks for more is not waited for."""
LARGEST_ANSWER = 32 << 20
"""Bytes."""
_BLOCK = 1 << 16
_WHOLE = (200, 201, 203)
_RETRIED = (408, 409, 425, 429, 500, 502, 503, 504)
_HINTS: Mapping[int, str] = {
    401: "name the environment variable that holds a valid key in the option api_key_env",
    403: "use a key that may use this model",
    404: "correct the option base_url, which ends with /v1 for most servers, or weights, the model's name there",
    413: "use shorter clips, or raise the server's limit of uploads",
    429: "run fewer at once, or later",
}
_WORDS: Mapping[int, str] = {
    202: "has only accepted the request",
    206: "sends a part of the answer",
    400: "refuses the request",
    401: "does not accept the key",
    403: "forbids this key to use the model",
    404: "knows no such address or model",
    408: "gave up waiting for the request",
    413: "says that the clip is too large",
    422: "refuses the request",
    429: "limits the rate of requests",
}


class Failure(Exception):
    """Why there is no answer, in a sentence; and what to do."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.problem, self.hint = problem, hint


class _Again(Exception):
    """A failure that may pass by itself."""

    def __init__(self, failure: Failure, wait_s: float | None = None) -> None:
        super().__init__(failure.problem)
        self.failure, self.wait_s = failure, wait_s


class _NoRedirect(HTTPRedirectHandler):
    """A key must not follow a redirect to another host."""

    def redirect_request(self, *_: object) -> None:
        return None


class Client:
    """Posts to one address.

    Args:
        url: The address.
        key: Sent as a bearer token.
        timeout_s: The limit for one request, with its answer.
        retries: How often a failure that may pass is tried again.
    """

    def __init__(self, url: str, *, key: str | None, timeout_s: float, retries: int) -> None:
        self._url, self._key, self._timeout_s, self._retries = url, key, timeout_s, retries
        self._host = host_of(url)

    def post(self, body: bytes, content_type: str) -> bytes:
        """The body of the answer.

        Raises:
            Failure: there is none.
        """
        for number in range(self._retries + 1):
            try:
                return self._answer(body, content_type)
            except _Again as again:
                # Spread out, so that clients which failed together do not come back together.
                wait = again.wait_s or FIRST_WAIT_S * 2**number * random.uniform(0.75, 1.25)  # noqa: S311
                if number == self._retries or (again.wait_s or 0) > LONGEST_WAIT_S:
                    raise self._given_up(again, number) from None
                time.sleep(min(wait, LONGEST_WAIT_S))
        raise AssertionError

    def _given_up(self, again: _Again, retries: int) -> Failure:
        asked = f"; it asks to wait {again.wait_s:.0f} s" if again.wait_s else ""
        tried = f", after {retries} {'retry' if retries == 1 else 'retries'}" if retries else ""
        return Failure(f"{again.failure.problem}{asked}{tried}", again.failure.hint)

    def _answer(self, body: bytes, content_type: str) -> bytes:
        headers = {"Content-Type": content_type, "Accept": "application/json", "User-Agent": "asrlab-pytest"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = Request(self._url, body, headers)  # noqa: S310 - the engine takes http and https alone
        with Limit(self._timeout_s) as limit:
            try:
                with opener(limit, _NoRedirect).open(request, timeout=self._timeout_s) as answer:
                    if answer.status not in _WHOLE:
                        words = _WORDS.get(answer.status, "does not send a whole answer")
                        raise Failure(f"{self._host} {words} (HTTP {answer.status})")
                    return self._body(answer, limit)
            except HTTPError as error:
                with error:
                    raise self._refused(error) from None
            except (http.client.HTTPException, OSError) as error:
                reason = error.reason if isinstance(error, URLError) else error
                if limit.is_over or isinstance(reason, TimeoutError):
                    slow = f"{self._host} did not answer within {self._timeout_s:g} s"
                    raise _Again(Failure(slow, "raise the option timeout_s")) from None
                raise self._broken(reason) from None

    def _body(self, answer: http.client.HTTPResponse, limit: Limit) -> bytes:
        """The whole body."""
        parts, size = [], 0
        while part := answer.read1(_BLOCK):
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER:
                raise Failure(f"the answer of {self._host} is larger than {LARGEST_ANSWER >> 20} MB")
        if limit.is_over:
            raise TimeoutError
        stated = answer.headers.get("Content-Length")
        if stated is not None and stated.isdigit() and size < int(stated):
            raise http.client.IncompleteRead(b"", int(stated) - size)
        return b"".join(parts)

    def _refused(self, error: HTTPError) -> Exception:
        said = ""
        with suppress(OSError, http.client.HTTPException):
            said = _message(error.read(_BLOCK))
        words = _WORDS.get(error.code) or ("failed" if error.code >= 500 else "refuses the request")  # noqa: PLR2004
        if 300 <= error.code < 400:  # noqa: PLR2004
            words = f"redirects to {self._target(error.headers.get('Location'))}, and keys are not sent there"
        failure = Failure(
            f"{self._host} {words} (HTTP {error.code}){f': {said}' if said else ''}", _HINTS.get(error.code, "")
        )
        return _Again(failure, _retry_after(error.headers.get("Retry-After"))) if error.code in _RETRIED else failure

    def _target(self, location: str | None) -> str:
        """The host of a redirect, whose target may be any text."""
        return host_of(urljoin(self._url, without_secrets(location))) if location else "no address"

    def _broken(self, reason: object) -> Exception:
        """Why there is no answer at all."""
        if isinstance(reason, ssl.SSLCertVerificationError):
            why = f"the certificate of {self._host} is not valid: {reason.verify_message}"
            return Failure(why, "name the file of its authority in the environment variable SSL_CERT_FILE")
        if isinstance(reason, ssl.SSLError):
            return Failure(f"{self._host} does not speak TLS: {reason.reason}", "write http:// in the option base_url")
        if isinstance(reason, ConnectionRefusedError):
            return self._unreached(f"no server listens at {self._host}", "start the server, or ")
        if isinstance(reason, (ConnectionError, http.client.IncompleteRead)):
            return _Again(Failure(f"{self._host} closed the connection too early ({type(reason).__name__})"))
        if isinstance(reason, http.client.HTTPException):
            why = f"the answer of {self._host} is not HTTP ({type(reason).__name__})"
            return Failure(why, "correct the option base_url")
        return self._unreached(f"{self._host} cannot be reached: {reason}")

    def _unreached(self, why: str, other_hint: str = "") -> Failure:
        """What is wrong with the proxy that the environment names for this server or, without one, with the server."""
        address = urlsplit(self._url)
        proxy = None if proxy_bypass(address.netloc) else getproxies().get(address.scheme)
        if proxy is None:
            return Failure(why, f"{other_hint}correct the option base_url")
        behind = f"{self._host} cannot be reached through the proxy {host_of(proxy)}"
        return Failure(behind, f"correct the environment variable {address.scheme.upper()}_PROXY, or set NO_PROXY")


def _message(body: bytes) -> str:
    """What a server says of an error: its message, or the first line of its text."""
    import json

    text = body.decode(errors="replace").strip()
    with suppress(ValueError, RecursionError):
        said = json.loads(text)
        for name in ("error", "message", "detail"):
            said = said.get(name, said) if isinstance(said, dict) else said
        text = said if isinstance(said, str) else text
    is_page = text.startswith("<")
    return "" if is_page or not text else without_secrets(text.splitlines()[0])[:200]


def _retry_after(stated: str | None) -> float | None:
    """Seconds to wait, as a number or until a date; None if it states nothing that can be read."""
    if stated is None:
        return None
    with suppress(ValueError):
        return max(0.0, float(stated)) if math.isfinite(float(stated)) else None
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(stated) - datetime.now(UTC)).total_seconds())
    return None


class Limit:
    """Closes a connection after a time; a socket's timeout applies to each read, so a slow server never exceeds it."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, connected: socket.socket) -> None:
        """The connection to close."""
        with self._lock:
            self._socket = connected
        if self.is_over:
            self._end()

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            if self._socket is not None:
                with suppress(OSError):
                    # Not SSLSocket's own shutdown, after which the reader would continue without TLS.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def opener(limit: Limit, *handlers: type[BaseHandler]) -> OpenerDirector:
    """Opens http and https addresses, within the limit."""
    return build_opener(_Limited(limit), *handlers)


class _Connection(HTTPConnection):
    """A connection with a time limit. If a server refuses a request before it has read it all, its answer counts."""

    def __init__(self, *args: Any, limit: Limit, **options: Any) -> None:
        super().__init__(*args, **options)
        self._limit = limit

    def connect(self) -> None:
        super().connect()
        self._limit.watch(self.sock)

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        with suppress(BrokenPipeError, ConnectionResetError):
            super().send(data)


class _SecureConnection(_Connection, HTTPSConnection):
    """The same, encrypted."""


class _Limited(HTTPHandler, HTTPSHandler):
    def __init__(self, limit: Limit) -> None:
        super().__init__()
        self._limit = limit

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_Connection, limit=self._limit), req)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_SecureConnection, limit=self._limit), req)
