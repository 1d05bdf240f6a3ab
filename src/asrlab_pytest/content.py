"""Files that somebody named: read unless they are devices, which may have no end, and written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO

from asrlab_pytest.errors import ConfigError


def real_path(path: Path | str) -> Path:
    """The absolute path without links. Links that lead to themselves stay, so that whoever opens the file says it.

    `Path.resolve` raises RuntimeError for them before Python 3.13.
    """
    return Path(os.path.realpath(path))


def expanded_path(path: Path | str) -> Path:
    """The path in which ``~`` or ``~user`` at the beginning is replaced by the home folder.

    Raises:
        ConfigError: the home folder is unknown, as that of a user who does not exist.
    """
    path = Path(path) if isinstance(path, str) else path
    try:
        return path.expanduser()
    except RuntimeError:
        raise ConfigError(
            f"{path}: the home folder {path.parts[0]} does not exist", hint="write the absolute path"
        ) from None


def refuse_device(path: Path) -> None:
    """Raise where a path is a device.

    Raises:
        OSError: it is one, or is not there.
    """
    mode = path.stat().st_mode
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise OSError(errno.EINVAL, "it is a device, not a file", str(path))


def files_below(folder: Path, is_entered: Callable[[Path], bool], above: Collection[Path] = ()) -> Iterator[Path]:
    """The files of a folder and those below it, also where links lead to them. A circle of links ends.

    Args:
        folder: The folder.
        is_entered: Whether a folder below it counts.
        above: The folders, without links, that led to it.
    """
    above = {*above, real_path(folder)}
    for path in folder.iterdir():
        if path.is_dir():
            if real_path(path) not in above and is_entered(path):
                yield from files_below(path, is_entered, above)
        elif path.is_file():
            yield path


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `path` when all of it is on the disk: a reader sees the older one or the new one.

    A link stays, and what it leads to is replaced; the new file has the older one's permissions.

    Raises:
        OSError: it cannot be written.
    """
    path = real_path(path)
    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path.parent)) from None
    _remove_leftovers(path)
    new = path.with_name(f".{path.name}.asrlab-{os.getpid()}")
    try:
        with new.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            new.chmod(stat.S_IMODE(path.stat().st_mode))
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _remove_leftovers(path: Path) -> None:
    """Remove what processes that were killed left beside a file: they were to replace it."""
    for process, left in _leftovers(path.parent).get(path.name, ()):
        from psutil import pid_exists

        with suppress(OSError):
            # A process of another machine, or of another container, may write it now.
            if not pid_exists(process) and time.time() - left.stat().st_mtime > _UNTOUCHED_SECONDS:
                left.unlink()


@cache
def _leftovers(folder: Path) -> dict[str, list[tuple[int, Path]]]:
    """Process and path of what lies unfinished in a folder, by the name of the file: looked for once a process."""
    leftovers: dict[str, list[tuple[int, Path]]] = {}
    with suppress(PermissionError):
        for path in folder.iterdir():
            if match := _LEFTOVER.fullmatch(path.name):
                leftovers.setdefault(match[1], []).append((int(match[2]), path))
    return leftovers


_LEFTOVER = re.compile(r"\.(.+)\.asrlab-(\d{1,9})")
_UNTOUCHED_SECONDS = 600
