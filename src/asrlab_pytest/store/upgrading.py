"""Reads lines of older versions of the record's format as lines of this one."""

from __future__ import annotations

from typing import Any

from asrlab_pytest.store.schema import SCHEMA, VERSION

_ADDED_IN_1_0: dict[str, Any] = {
    "pcm_sha256": None,
    "key": None,
    "repeat": 0,
    "order": "given",
    "recorded": False,
    "cpu_s": [],
    "clip_normalization": None,
    "reference_entities": None,
    "keywords": [],
    "quarantined": False,
}
_ENVIRONMENT_ADDED_IN_1_0: dict[str, Any] = {"protocols": None, "plan": None, "seeds": None}
_ADDED_IN_1_1: dict[str, Any] = {"task": "recognition", "spoken": None}


def upgraded(line: dict[str, Any], version: tuple[int, int]) -> dict[str, Any]:
    """A line of an older version in the words of this one."""
    if version >= VERSION or line.get("kind") not in ("environment", "observation"):
        return line
    if line["kind"] == "environment":
        return {**({} if version >= (1, 0) else _ENVIRONMENT_ADDED_IN_1_0), **line, "schema": SCHEMA}
    return {**({} if version >= (1, 0) else _ADDED_IN_1_0), **_ADDED_IN_1_1, **line}
