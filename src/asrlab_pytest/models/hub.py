"""Whether a hub answers, found within a second."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from asrlab_pytest.secrets import host_of

PATIENCE_SECONDS = 1.0
SCHEMES = ("http", "https", "file")


class NoAnswer(NamedTuple):
    """Why weights cannot be had from an address."""

    problem: str
    is_wrong: bool = True
    """Whether the address is: another network would not help."""


def no_answer(url: str) -> NoAnswer | None:
    """Why weights cannot be had from this address; None if they can. Asked once a host and process."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        return NoAnswer(f"the scheme of download_url is {parts.scheme!r}, and none of {', '.join(SCHEMES)}")
    return _no_answer(parts.netloc or url, url)


@cache
def _no_answer(host: str, url: str) -> NoAnswer | None:
    """The request runs in a thread of its own, because looking up a name knows no time limit."""
    results: list[NoAnswer | None] = []
    thread = threading.Thread(target=lambda: results.append(_answer(url)), name=f"asrlab-ask-{host}", daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    return results[0] if results else _unreachable(url)


def _unreachable(url: str) -> NoAnswer:
    return NoAnswer(f"{host_of(url)} cannot be reached", is_wrong=False)


def _answer(url: str) -> NoAnswer | None:
    import urllib.error
    import urllib.request

    if url.startswith("file:"):
        path = urllib.request.url2pathname(urlsplit(url).path)
        return None if Path(path).exists() else NoAnswer(f"there is no {path}, the file of download_url")
    request = urllib.request.Request(  # noqa: S310 - the schemes are the engines' own
        url, method="HEAD", headers={"User-Agent": "asrlab-pytest"}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS):  # noqa: S310
            return None
    except urllib.error.HTTPError as error:
        with error:
            words = "does not have the weights" if error.code in _ABSENT else "refuses to send the weights"
            return NoAnswer(f"{host_of(url)} {words} (HTTP {error.code})", is_wrong=error.code in _ABSENT)
    except (OSError, ValueError):
        return _unreachable(url)


_ABSENT = (404, 410)
"""Statuses of HTTP."""
