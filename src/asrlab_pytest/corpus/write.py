"""Writes our manifest: clips as lines, and lines of an existing manifest with something added."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TypeAlias

from asrlab_pytest import content
from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.errors import ClipError, CorpusError
from asrlab_pytest.validation import adapter_of

Keys: TypeAlias = Mapping[str, object]
"""Keys of a line, and their values as plain JSON."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


_KEYS = (
    *("id", "audio", "text", "language", "normalization", "duration", "start", "end", "channel"),
    *("sample_rate", "sha256", "pcm_sha256", "tags", "group", "thresholds", "entities", "keywords"),
    *("license", "source", "review"),
)
"""Keys of a line in the order in which they are written."""


def line_of(clip: Clip, folder: Path) -> dict[str, object]:
    """A clip as the line of a manifest in a folder, without the keys that have their default.

    Reading the line in that folder gives the same clip; in place of its limit, it has a start if the file is longer.
    The audio's path is relative to the folder.
    """
    stated = adapter_of(Clip).dump_python(clip, exclude_defaults=True)
    stated["audio"] = relative(clip.audio, folder)
    if _is_beginning(clip):
        stated["start"] = 0.0
    return {key: stated[key] for key in _KEYS if key in stated}


def _is_beginning(clip: Clip) -> bool:
    """Whether a clip with a limit is a part of its file, which can be read and is longer."""
    from asrlab_pytest.corpus.audio import LONGER, header

    if clip.limit is None:
        return False
    try:
        return header(replace(clip, limit=None))[0] - clip.limit > LONGER
    except ClipError:
        return False


def relative(audio: Path, folder: Path) -> str:
    """The path of a file as it reads from a folder, links in the folder's own path resolved."""
    return Path(os.path.relpath(audio, real_path(folder))).as_posix()


def encoded(line: Keys) -> bytes:
    """A line as bytes, without line end."""
    return json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass")


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `path` when all of it is written, and only then.

    Raises:
        CorpusError: it cannot be written.
    """
    try:
        with content.replacing(path) as file:
            yield file
    except OSError as error:
        raise CorpusError(f"{path} cannot be written: {error.strerror}", hint="choose another folder") from None


def write_manifest(path: Path, clips: Iterable[Clip]) -> None:
    """Write clips as they come, one a line.

    Raises:
        CorpusError: the file cannot be written.
    """
    with replacing(path) as file:
        for clip in clips:
            file.write(encoded(line_of(clip, path.parent)) + b"\n")


def backed_up(path: Path, ending: str = ".bak") -> Path:
    """Keep a copy of a file beside it, under a name that no older copy has.

    Args:
        path: The file.
        ending: What its name gets; a number is added where there is such a copy.

    Returns:
        The copy.

    Raises:
        CorpusError: it cannot be written.
    """
    names = (path.with_name(f"{path.name}{ending}{n or ''}") for n in range(10_000))
    backup = next(name for name in names if not name.exists())
    try:
        with content.replacing(backup) as file:
            file.write(path.read_bytes())
    except OSError as error:
        raise CorpusError(f"{backup} cannot be written: {error.strerror}") from None
    return backup


def set_keys(manifest: Path, changes: Callable[[Clip], Keys | None], language: str | None = None) -> None:
    """Set keys of the lines that `changes` gives some for; every other line stays as it is, byte for byte.

    Args:
        manifest: The file.
        changes: What to set in the line of a clip.
        language: Of the clips that state none.

    Raises:
        CorpusError: the manifest is wrong, or cannot be written.
    """
    corpus = read_manifest(manifest, language)
    set_line_keys(corpus.manifest, map(changes, corpus.samples))


def set_line_keys(file: Path, changes: Iterable[Keys | None]) -> None:
    """Set keys of the lines of a file; a line without changes stays as it is, byte for byte.

    Args:
        file: Lines of JSON, as `asrlab_pytest.corpus.json_lines` reads them.
        changes: Of each line that is not blank, what to set: ``turns.0.sha256`` is a key of the first of its turns.

    Raises:
        CorpusError: the file cannot be written.
    """
    content = file.read_bytes()
    mark = BYTE_ORDER_MARK if content.startswith(BYTE_ORDER_MARK) else b""
    left = iter(changes)
    lines = content.removeprefix(mark).split(b"\n")
    changed = [_changed(line, next(left)) if line.strip() else line for line in lines]
    with replacing(file) as new:
        new.write(mark + b"\n".join(changed))


def _changed(line: bytes, keys: Keys | None) -> bytes:
    if not keys:
        return line
    ending = b"\r" if line.endswith(b"\r") else b""
    entry = json.loads(line)
    for key, value in keys.items():
        *way, last = key.split(".")
        inner = entry
        for step in way:
            inner = inner[int(step) if isinstance(inner, list) else step]
        inner[last] = value
    return encoded(entry) + ending
