"""What a run is doing at the moment, for a person who waits.

Any layer may report; a pytest session on a terminal shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
listeners: list[Callable[[str], None]] = []
"""Who shows it. An empty text says that the step is over."""


@contextmanager
def step(text: str) -> Iterator[None]:
    """Tell of something that takes more than a moment, until it is over."""
    tell(text)
    try:
        yield
    finally:
        tell("")


def counted(items: Sequence[Item], text: str) -> Iterator[Item]:
    """The items one by one, telling how many of them are done, as "auditing clips: 3 of 40"."""
    for number, item in enumerate(items, start=1):
        tell(f"{text}: {number} of {len(items)}")
        yield item
    tell("")


def tell(text: str) -> None:
    """Tell what is going on now."""
    for listener in listeners:
        listener(text)
