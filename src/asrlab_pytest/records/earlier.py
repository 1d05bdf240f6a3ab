"""What an interrupted call wrote to a record, so that the next call can continue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from asrlab_pytest.content import replacing
from asrlab_pytest.errors import ConfigError

_OTHERS: Mapping[str, str] = {
    "schema": "a different version of the format",
    "corpus": "a different corpus, or the corpus has changed",
    "plan": "different models or clips",
    "protocols": "different scoring rules",
    "language": "a different language of clips that state none",
}
"""What the first lines of two calls of a run have in common, and what it means if they do not. A different machine may
continue a run."""


class Origin(NamedTuple):
    """What an observation says of what determined its text."""

    key: str | None
    pcm_sha256: str
    language: str | None
    engine_version: str
    device: str
    device_requested: str
    configuration: str | None = None
    """None in a record of an older version."""


@dataclass
class Earlier:
    """What a record holds."""

    begun: str = ""
    """When, in ISO 8601; empty if there is no record yet."""
    observed: dict[tuple[str, str], str | None] = field(default_factory=dict)
    """SHA-256 of the audio file of each case that has an observation, by model and clip id."""
    failures: dict[tuple[str, str], str] = field(default_factory=dict)
    """Why a case has no observation, by model and clip id."""
    origins: dict[str, Origin] = field(default_factory=dict)
    """The origin of a model's first observation, by model id."""
    first_line: Mapping[str, object] = field(default_factory=dict, repr=False)
    size: int = 0
    """Bytes of the complete lines; the rest is an incomplete line."""
    is_ended: bool = False
    is_broken: bool = False
    """Whether a model did not load, so that its clips are still to be transcribed."""

    def refuse_other(self, path: Path, first_line: Mapping[str, object]) -> None:
        """Refuse to continue the record of a different run.

        Raises:
            ConfigError: it has different clips, models or rules.
        """
        from asrlab_pytest.records.plain import plain

        then, now = _in_common(self.first_line), _in_common(plain(first_line))
        for key, what in _OTHERS.items():
            if now[key] != then[key]:
                raise ConfigError(
                    f"{path} is the record of a different run: {what}",
                    hint="choose another file with -o, or replace it with --force",
                )

    def take(self, row: Mapping[str, Any]) -> None:
        """Add a line."""
        match row.get("kind"):
            case "environment":
                self.first_line = row
                self.begun = row["time"]
            case "observation":
                case = (row["model"], row["clip"])
                self.observed[case] = row["audio_sha256"]
                self.failures.pop(case, None)
                if row["model"] not in self.origins:
                    self.origins[row["model"]] = Origin(
                        key=row["key"],
                        pcm_sha256=row["pcm_sha256"],
                        language=row["language"],
                        engine_version=row["engine_version"],
                        device=row["device"],
                        device_requested=row["device_requested"],
                        configuration=row.get("configuration"),
                    )
            case "failure":
                self.failures[row["model"], row["clip"]] = row["problem"]
            case "end":
                self.is_ended = True
                self.is_broken = any(state["status"] == "broken" for state in (row["models"] or {}).values())


def _in_common(first_line: Mapping[str, Any]) -> dict[str, object]:
    return {key: first_line.get(key, first_line.get("settings", {}).get(key)) for key in _OTHERS}


def read_earlier(path: Path) -> Earlier:
    """The contents of a record. Damaged lines are ignored.

    Raises:
        OSError: it cannot be read.
    """
    earlier = Earlier()
    for line, row in _rows(path):
        earlier.size += len(line)
        if row is not None:
            earlier.take(row)
    return earlier


def without_failures(path: Path) -> Earlier:
    """Rewrite a record without its failures and its end, so that the cases are retried; returns its new contents.

    Raises:
        OSError: it cannot be written; it is then unchanged.
    """
    earlier = Earlier()
    with replacing(path) as file:
        for line, row in _rows(path):
            if row is not None and row.get("kind") in ("environment", "observation"):
                file.write(line)
                earlier.size += len(line)
                earlier.take(row)
    return earlier


def _rows(path: Path) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
    """The complete lines of a record, each with its contents; None for a damaged one."""
    from pydantic_core import from_json

    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                row = from_json(line)
            except ValueError:
                row = None
            yield line, row if isinstance(row, dict) else None
