"""Opens the file of a clip: regular files alone, so that no pipe hangs a run and no device feeds it for ever."""

from __future__ import annotations

import hashlib
import os
import stat
from functools import lru_cache
from io import BufferedReader
from pathlib import Path

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.names import is_ambiguous
from asrlab_pytest.corpus.seen import Held
from asrlab_pytest.errors import ClipError

SMALL = 1 << 22
"""Largest file, in bytes, that is read at once: the size of a block of samples."""
_POINTERS = (
    (b"version https://git-lfs.github.com/spec/", "Git LFS", "git lfs pull"),
    (b"version https://hawser.github.com/spec/", "Git LFS", "git lfs pull"),
    (b"/annex/objects/", "git-annex", "git annex get"),
)
"""First bytes of a file in place of the audio, what wrote it, and how to fetch the audio."""


def opened(clip: Clip) -> BufferedReader:
    """The file of a clip, at its beginning.

    Raises:
        ClipError: it is missing, empty, no regular file, or a pointer of Git LFS to the audio that is not here.
    """
    try:
        # Without O_NONBLOCK, opening a pipe would wait for its writer.
        file = open(clip.audio, "rb", opener=_without_waiting)  # noqa: SIM115 - Path.open takes no opener
    except FileNotFoundError:
        raise ClipError(f"{clip.label}: no file {clip.audio}", hint=_way_to(clip.audio)) from None
    except OSError as error:
        raise ClipError(f"{clip.label}: cannot read {clip.audio}: {error.strerror}") from None
    try:
        _refuse_no_audio(clip, file)
    except BaseException:
        file.close()
        raise
    return file


def pointer(head: bytes) -> tuple[str, str] | None:
    """What wrote a file in place of the one that is wanted, and how to fetch that; None if it is the file itself.

    Args:
        head: Its first bytes.
    """
    return next(((tool, command) for beginning, tool, command in _POINTERS if head.startswith(beginning)), None)


def in_memory(file: BufferedReader) -> BufferedReader | Held:
    """A small file loaded into memory, where seeking is much faster; a large file unchanged."""
    size = os.fstat(file.fileno()).st_size
    # Reading to the end would ask for the size twice more, and for what follows it.
    return Held(file.read(size)) if size <= SMALL else file


def hash_of(clip: Clip) -> str:
    """The sha256 of a clip's file.

    Raises:
        ClipError: it cannot be read.
    """
    with opened(clip) as file:
        return hash_of_open(clip, file)


def hash_of_open(clip: Clip, file: BufferedReader | Held) -> str:
    """The sha256 of a clip's file, computed once for all segments of the file. The file is left at its start.

    Args:
        clip: The clip.
        file: Its file, as `opened` opens it, or `in_memory`.
    """
    if clip.is_segment:
        status = clip.audio.stat()
        return _hash_of(clip.audio, status.st_size, status.st_mtime_ns)
    digest = hashlib.sha256(file.getbuffer()) if isinstance(file, Held) else hashlib.file_digest(file, "sha256")
    file.seek(0)
    return digest.hexdigest()


@lru_cache(maxsize=1024)
def _hash_of(path: Path, size: int, mtime_ns: int) -> str:  # noqa: ARG001 - a changed file is another key
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _way_to(missing: Path) -> str:
    if is_ambiguous(missing):
        return "several files there have this name in other Unicode forms: rename all but the right one"
    is_of_windows = "\\" in missing.name
    way = "write / in place of \\ in its path" if is_of_windows else "correct its path in the manifest or listing"
    return f"{way}, or put the file there"


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _refuse_no_audio(clip: Clip, file: BufferedReader) -> None:
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise ClipError(
            f"{clip.label}: {clip.audio} is not a regular file, but a {_kind(status.st_mode)}",
            hint="name an audio file",
        )
    if not status.st_size:
        raise ClipError(f"{clip.label}: {clip.audio} is empty (0 bytes)")
    tool, command = pointer(file.peek(64)) or (None, "")
    if tool is not None:
        raise ClipError(f"{clip.label}: {clip.audio} is a {tool} pointer, not the audio itself", hint=command)


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISFIFO, "pipe"), (stat.S_ISSOCK, "socket"), (stat.S_ISDIR, "folder"))
    return next((name for is_one, name in kinds if is_one(mode)), "device")
