"""Finds the samples, and the field with their size, in containers that state it once (WAV, RF64, AIFF, CAF and AU)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from asrlab_pytest.corpus.scanning import Checks, at, of_container
from asrlab_pytest.wording import many

UNKNOWN_64 = 1 << 62
"""64-bit sizes from here up mean that the writer did not know the size."""
_IN_DS64 = 0xFFFF_FFFF
"""Size of the samples of RF64 if another chunk states it."""
_CAF_HEAD = ">4sq"


class Chunk(NamedTuple):
    """A part of a file that states its size."""

    name: bytes
    start: int
    """Offset of its content."""
    size: int


class StatedSamples(NamedTuple):
    """Position of a file's samples, and of the field that states their size."""

    start: int
    size: int
    """As stated; 0 if the writer did not know it."""
    place: int
    """Of the size."""
    form: str
    """Of the size."""
    chunk: str | None = None
    """Format of a chunk's header; None for a container without chunks."""

    @property
    def end(self) -> int:
        return self.start + self.size


def stated_samples(file: BinaryIO) -> StatedSamples | None:
    """The samples of a file; None if it is in another container, or damaged."""
    return of_container(file, CONTAINERS)


def chunks(file: BinaryIO, length: int, place: int, form: str = "<4sI") -> Iterator[Chunk]:
    """The chunks from an offset on, by headers of this format: name and size."""
    size_of_head = struct.calcsize(form)
    while place + size_of_head <= length:
        name, size = struct.unpack(form, at(file, place, size_of_head))
        yield Chunk(name, place + size_of_head, size)
        padding = 0 if form == _CAF_HEAD else size % 2
        place += size_of_head + max(0, size) + padding


def missing(end: int, length: int) -> str | None:
    """What a file of a length lacks whose samples should end there, in words; None if it lacks nothing."""
    count = end - length
    return f"{many(count, 'byte')} of its samples {'is' if count == 1 else 'are'} missing" if count > 0 else None


def _named(parts: Iterator[Chunk], *names: bytes) -> Chunk | None:
    return next((chunk for chunk in parts if chunk.name in names), None)


def _riff(file: BinaryIO, length: int, order: str, *names: bytes) -> StatedSamples | None:
    head = f"{order}4sI"
    data = _named(chunks(file, length, 12, head), *names)
    return data and StatedSamples(data.start, data.size, data.start - 4, f"{order}I", head)


def _wav(file: BinaryIO, length: int) -> StatedSamples | None:
    return _riff(file, length, ">" if at(file, 0, 4) == b"RIFX" else "<", b"data")


def _aiff(file: BinaryIO, length: int) -> StatedSamples | None:
    return _riff(file, length, ">", b"SSND", b"BODY")


def _rf64(file: BinaryIO, length: int) -> StatedSamples | None:
    samples, sizes = _wav(file, length), _named(chunks(file, length, 12), b"ds64")
    if samples is None or sizes is None or samples.size != _IN_DS64:
        return samples
    size = struct.unpack("<Q", at(file, sizes.start + 8, 8))[0]
    return samples._replace(size=0 if size >= UNKNOWN_64 else size, place=sizes.start + 8, form="<Q")


def _caf(file: BinaryIO, length: int) -> StatedSamples | None:
    data = _named(chunks(file, length, 8, _CAF_HEAD), b"data")
    return data and StatedSamples(data.start, max(0, data.size), data.start - 8, ">q", _CAF_HEAD)


def _au(file: BinaryIO, length: int) -> StatedSamples:  # noqa: ARG001 - as the others
    order = ">" if at(file, 0, 4) == b".snd" else "<"
    start, size = struct.unpack(f"{order}II", at(file, 4, 8))
    return StatedSamples(start, size, 8, f"{order}I")


CONTAINERS: Checks[StatedSamples] = {
    rb"RIF[FX]....WAVE": _wav,
    rb"(RF64|BW64)....WAVE": _rf64,
    rb"FORM....(AIF[FC]|8SVX|16SV)": _aiff,
    rb"caff": _caf,
    rb"\.snd|dns\.": _au,
}
