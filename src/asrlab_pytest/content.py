"""The content of a file that somebody named: of a file or a pipe, and not of a device, which may have no end."""

from __future__ import annotations

import errno
import stat
from pathlib import Path


def content_of(path: Path) -> bytes:
    """All bytes.

    Raises:
        OSError: it cannot be read, or is a device.
    """
    refuse_device(path)
    return path.read_bytes()


def refuse_device(path: Path) -> None:
    """Raise where a path is a device.

    Raises:
        OSError: it is one, or is not there.
    """
    mode = path.stat().st_mode
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise OSError(errno.EINVAL, "it is a device, and no file", str(path))
