"""Whether a hub answers, found within a second."""

from __future__ import annotations

import threading
from functools import cache
from urllib.parse import urlsplit

PATIENCE_SECONDS = 1.0


def answers(url: str) -> bool:
    """Whether weights can be had from the host of this address. Asked once a host and process."""
    return _answers(urlsplit(url).netloc, url)


@cache
def _answers(host: str, url: str) -> bool:
    """The request runs in a thread of its own, because looking up a name knows no time limit."""
    answered = threading.Event()
    thread = threading.Thread(target=_ask, args=(url, answered), name=f"asrlab-ask-{host}", daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    return answered.is_set()


def _ask(url: str, answered: threading.Event) -> None:
    import urllib.request

    request = urllib.request.Request(  # noqa: S310 - the schemes are the engines' own
        url, method="HEAD", headers={"User-Agent": "asrlab-pytest"}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS):  # noqa: S310
            answered.set()
    except (OSError, ValueError):
        return
