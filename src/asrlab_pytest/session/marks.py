"""The `asr` marks of a test, which state thresholds, in the order in which they count."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import pytest


def closest_marks(item: pytest.Item) -> Iterator[tuple[object, pytest.Mark]]:
    """The `asr` marks of a test, the closest first, with what they are on.

    Of the marks that a class has from its bases and of its own, pytest puts those of the bases first.
    """
    for _, marks in groupby(item.iter_markers_with_node("asr"), key=itemgetter(0)):
        yield from sorted(marks, key=lambda marked: _generation(*marked))


def _generation(node: object, mark: pytest.Mark) -> int:
    """How many bases up a class has a mark from; 0 for its own, and for one of a function or a module."""
    classes = node.obj.__mro__ if isinstance(node, pytest.Class) else ()
    return next((number for number, cls in enumerate(classes) if mark in _stated(cls)), 0)


def _stated(cls: type) -> list[object]:
    """The marks that a class states itself, by decorators or as `pytestmark`."""
    stated = vars(cls).get("pytestmark", ())
    listed = stated if isinstance(stated, (list, tuple)) else [stated]
    return [getattr(mark, "mark", mark) for mark in listed]
