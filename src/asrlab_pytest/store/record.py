"""The JSONL record of a run: a line of environment, then a line for each observation as it is made."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from asrlab_pytest.errors import ConfigError

SCHEMA = "asrlab-record/0.1"


def start_record(path: Path, environment: dict[str, Any]) -> None:
    """Begin a record; an older file of this name is replaced.

    Raises:
        ConfigError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
        append(path, {"kind": "environment", "schema": SCHEMA, **environment})
    except OSError as error:
        raise ConfigError(
            f"the record {path} cannot be written: {error.strerror}", mend="name another file by --asr-record"
        ) from None


def append(path: Path, row: dict[str, Any]) -> None:
    """Append a row as one line, in one write and synced, so that a kill leaves whole lines only.

    Several processes may append to one file.
    """
    line = json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line.encode("utf-8"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
