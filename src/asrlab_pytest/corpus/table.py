"""``[tool.asrlab.corpora.<name>]``: where a corpus is, and how to read it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from asrlab_pytest.languages import language_code
from asrlab_pytest.validation import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column of a table holds what; None for the first of the usual names that is there."""

    __pydantic_config__ = STRICT

    audio: str | None = None
    text: str | None = None
    id: str | None = None
    language: str | None = None
    group: str | None = None
    tags: str | None = None
    duration: str | None = None
    start: str | None = None
    end: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusTable:
    """How to read one corpus.

    `language`, `normalization`, `license`, `source` and `channel` are for the clips that state none; `tags` are added
    to each clip's own.
    """

    __pydantic_config__ = STRICT

    path: str
    """Folder or file; relative paths start from the project."""
    format: str | None = None
    """Name of the reader; None to detect it."""
    language: str | None = None
    tags: tuple[str, ...] = ()
    normalization: str | None = None
    license: str | None = None
    source: str | None = None
    channel: int | None = None
    """Which channel of the files the clips are, from 1; None for the mean of all."""
    audio: str | None = None
    """Folder that the audio paths of a listing start from; None for the listing's own."""
    split: str | None = None
    """Which part, where the folder holds several."""
    config: str | None = None
    """Which configuration of a data set on a hub."""
    revision: str | None = None
    """Commit of a data set on a hub."""
    ids: Literal["name", "path"] = "name"
    """What becomes a clip's id where the listing has none: the audio file's name, or its path without the ending."""
    columns: Columns = field(default_factory=Columns)
    delimiter: str | None = None
    """Between columns, a tab also as a backslash and a t; None for a tab in .tsv files and a comma in others."""
    quotes: bool = True
    """Whether a double quote at the beginning of a field encloses it."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """For the reader of an outside package, in its own words."""

    def __post_init__(self) -> None:
        if self.language is not None:
            object.__setattr__(self, "language", language_code(self.language))
        if self.delimiter == r"\t":
            object.__setattr__(self, "delimiter", "\t")
        if self.delimiter is not None and len(self.delimiter) != 1:
            raise ValueError(f"delimiter must be one character, not {self.delimiter!r}")
        fault = fault_of_channel(self.channel)
        if fault:
            raise ValueError(fault)

    def stated(self) -> frozenset[str]:
        """The keys for particular formats that differ from their defaults."""
        default = CorpusTable(path=self.path)
        names = (key.name for key in fields(self) if key.name not in COMMON_KEYS)
        return frozenset(name for name in names if getattr(self, name) != getattr(default, name))


ROUNDED = 0.501
"""Seconds by which a stated duration may differ from that between start and end: whole seconds, or an end after the
file's, of whose clip the real duration was measured."""
COMMON_KEYS = frozenset({"path", "format", "language", "tags", "normalization", "license", "source", "channel"})
"""Keys that mean the same for every format."""


def fault_of_channel(channel: int | None) -> str | None:
    """What is wrong with the number of a channel, in words; None if nothing is."""
    return None if channel is None or channel >= 1 else f"channel must be 1 or more, not {channel}"


def fault_of_times(start: float | None, end: float | None, duration: float | None = None) -> str | None:
    """What is wrong with the place of a clip in its file, in words; None if nothing is."""
    for name, value in (("start", start), ("end", end)):
        if value is not None and not (math.isfinite(value) and value >= 0):
            return f"{name} must be a number of seconds from 0 up, not {value!r}"
    if end is not None and end <= (start or 0.0):
        return f"end ({end!r}) must be after start ({start or 0.0!r})"
    if end is not None and duration is not None and abs(end - (start or 0.0) - duration) > ROUNDED:
        return f"duration ({duration!r}) is not that from start ({start or 0.0!r}) to end ({end!r})"
    return None
