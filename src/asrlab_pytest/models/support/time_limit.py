"""A time limit for a whole request: a socket's timeout applies to each read, so a slow server never exceeds it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from types import TracebackType
from typing import Any, Self
from urllib.request import BaseHandler, HTTPHandler, HTTPSHandler, OpenerDirector, Request, build_opener


class Limit:
    """Closes a connection after a time, so that reading from it ends."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
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
    return build_opener(_Http(limit), _Https(limit), *handlers)


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


class _Http(HTTPHandler):
    def __init__(self, limit: Limit) -> None:
        super().__init__()
        self._limit = limit

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_Connection, limit=self._limit), req)


class _Https(HTTPSHandler):
    def __init__(self, limit: Limit) -> None:
        super().__init__()
        self._limit = limit

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_SecureConnection, limit=self._limit), req)
