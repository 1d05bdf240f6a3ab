"""Files that a run is asked to write: none that is somebody else's is replaced, and none that another run writes."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO
from weakref import WeakSet

from asrlab_pytest.content import replacing
from asrlab_pytest.errors import ConfigError

_HEAD = 65_536
"""Bytes by which a file is known."""
_FAR = 1 << 40
"""Where the byte lies that is locked on Windows, which keeps others from reading what is locked."""


def refuse_foreign(path: Path, is_ours: Callable[[bytes], bool], *, what: str, option: str) -> None:
    """Say that a file is not replaced, unless it is empty or of the kind that will be written, and nobody needs it.

    Args:
        path: The file.
        is_ours: Whether a file that begins so is of the kind.
        what: The kind, in words.
        option: The option that names the file.

    Raises:
        ConfigError: it is somebody else's, a record of a store, or another process is writing it.
    """
    refuse_needed(path, option=option)
    if not path.exists():
        return
    if not path.is_file():
        raise ConfigError(
            f"{path} cannot be written: it is not a regular file", hint=f"choose another one with {option}"
        )
    with refusing_unwritable(path, option=option), path.open("rb") as file:
        head = file.read(_HEAD)
    if head and not is_ours(head):
        raise ConfigError(
            f"{path} already exists and is not a {what} of asrlab, so it is not replaced",
            hint=f"choose another file with {option}, or remove this one",
        )


def refuse_needed(path: Path, *, option: str) -> None:
    """Refuse to write to a record of a store, and to one that another process is writing.

    Args:
        path: The file.
        option: The option that names it.

    Raises:
        ConfigError: it is such a record, or cannot be read.
    """
    from asrlab_pytest.records.store import in_store

    if in_store(path):
        raise ConfigError(
            f"{option} {path}: the file is a record of the store, and would be overwritten",
            hint=f"choose another file with {option}",
        )
    if path.is_file():
        with refusing_unwritable(path, option=option), path.open("rb") as file:
            if not _locked(file):
                raise _in_use(path, option)


@contextmanager
def refusing_unwritable(path: Path, *, option: str, what: str = "") -> Iterator[None]:
    """Say why a file cannot be written or read, and which option names another.

    Args:
        path: The file.
        option: The option that names it.
        what: What it is, in words.

    Raises:
        ConfigError: an OSError was raised within.
    """
    try:
        yield
    except OSError as error:
        raise ConfigError(
            f"{what} {path} cannot be written: {error.strerror}".lstrip(), hint=f"choose another file with {option}"
        ) from None


def refuse_input(path: Path, inputs: Iterable[Path], *, option: str) -> None:
    """Refuse to write to an input file, under whatever name: anything that is not written again would be lost.

    Args:
        path: The file.
        inputs: What is read.
        option: The option that names the file.

    Raises:
        ConfigError: it is one of them.
    """
    if path.exists() and any(other.exists() and path.samefile(other) for other in inputs):
        raise ConfigError(
            f"{option} {path}: the file is an input, and would be overwritten",
            hint=f"choose another file with {option}",
        )


def is_record(head: bytes) -> bool:
    """Whether a file begins as a record does: with the environment, or with half of that line."""
    return _kind(head) == "environment"


def is_baseline_or_record(head: bytes) -> bool:
    """Whether a file starts like one that a run can be compared with."""
    return _kind(head) in ("environment", "baseline")


def _kind(head: bytes) -> str | None:
    """The kind of the first line, which may be incomplete."""
    line, newline, _ = head.partition(b"\n")
    cut = _CUT.match(line) if not newline else None
    if cut:
        return cut[1].decode()
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row.get("kind") if isinstance(row, dict) else None


_CUT = re.compile(rb'\{"kind": "(environment|baseline)"')


def held(path: Path, *, option: str) -> BinaryIO:
    """A file that this process alone writes, for as long as it is open; made where there is none.

    Args:
        path: The file.
        option: The option that names it.

    Raises:
        ConfigError: another process holds it.
        OSError: it cannot be opened.
    """
    file = path.open("ab")
    if not _locked(file):
        file.close()
        raise _in_use(path, option)
    return file


def separate(path: Path) -> None:
    """Make a file that has another name, as a hard link, one of its own: what is about to be replaced is this name.

    Raises:
        OSError: it cannot be copied; it is then as it was.
    """
    if path.exists() and path.stat().st_nlink > 1:
        with path.open("rb") as file, replacing(path) as copy:
            shutil.copyfileobj(file, copy)


def _in_use(path: Path, option: str) -> ConfigError:
    return ConfigError(
        f"{path} is being written by another run", hint=f"wait for it, or choose another file with {option}"
    )


if sys.platform == "win32":
    import msvcrt

    def _locked(file: IO[bytes]) -> bool:
        try:
            file.seek(_FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    _locked_files: WeakSet[IO[bytes]] = WeakSet()

    def _locked(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # A file system without locks: two runs cannot be distinguished there.
            return True
        _locked_files.add(file)
        return True

    def _close_in_child() -> None:
        """Close the files in a forked child: a lock lasts as long as any process has the file open."""
        for file in [*_locked_files]:
            file.close()

    os.register_at_fork(after_in_child=_close_in_child)
