"""The samples of files whose header states fewer than they hold, as a writer leaves that was killed, or that streamed.

libsndfile plays no more than a header states.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, NamedTuple

from asrlab_pytest.corpus.binary import at
from asrlab_pytest.corpus.stated_size import UNKNOWN_64, chunks, is_big, named, wav_data

_MOST_32 = 0xFFFF_FFFE
_HEAD = 8
"""Bytes at the head of a chunk; fewer behind the samples only fill up the file."""
_TAGS = (b"TAG", b"ID3", b"APETAGEX", b"LYRICSBEGIN")
"""How tags begin that players write behind the samples of any file."""
_CHUNKS = frozenset(
    b"LIST id3 ID3 bext iXML cue smpl fact PEAK JUNK junk FLLR PAD afsp inst acid _PMX axml cart DISP "
    b"NAME AUTH ANNO COMT MARK INST MIDI AESD APPL CHAN info free strg uuid mark regn umid midi peak chan".split()
)
"""Chunks that are known behind samples: one that was cut is still none of them."""
_BLOCK = 1 << 16


class _Samples(NamedTuple):
    """Where the samples of a file are, and where it states their size."""

    start: int
    size: int
    place: int
    """Of the size."""
    form: str
    """Of the size."""
    chunk: str | None = None
    """Form of the head of a chunk behind them; None in a container without chunks."""


def size_of_unfinished(file: BinaryIO) -> tuple[int, bytes] | None:
    """The size of the samples of a file that states fewer than it holds: its offset in the file, and its bytes.

    The file is left at its beginning.
    """
    length = file.seek(0, os.SEEK_END)
    samples = _samples(file, length)
    size = None
    if samples is not None and samples.start + samples.size < length and not _is_end(file, samples, length):
        size = samples.place, struct.pack(samples.form, _largest(samples, length))
    file.seek(0)
    return size


def is_joined(file: BinaryIO) -> bool:
    """Whether another file of the same container follows the samples. The file is left at its beginning."""
    length = file.seek(0, os.SEEK_END)
    samples, magic = _samples(file, length), at(file, 0, 4)
    is_other = samples is not None and magic in _names_behind(file, samples, length)
    file.seek(0)
    return is_other


def _samples(file: BinaryIO, length: int) -> _Samples | None:
    head = at(file, 0, 12)
    find = next((find for name, find in _CONTAINERS.items() if re.match(name, head, re.DOTALL)), None)
    try:
        return find(file, length) if find else None
    except struct.error:
        return None


def _largest(samples: _Samples, length: int) -> int:
    size = length - samples.start
    return min(size, _MOST_32) if samples.form[1] == "I" else size


# ---------------------------------------------------------------------------------------------------------------------
# What is behind the samples


def _is_end(file: BinaryIO, samples: _Samples, length: int) -> bool:
    """Whether what is behind the samples that are stated is not more of them."""
    end = samples.start + samples.size
    if length - end < _HEAD:
        return samples.size > 0
    is_tag = at(file, end, max(map(len, _TAGS))).startswith(_TAGS)
    return is_tag or any(_names_behind(file, samples, length)) or (samples.size > 0 and _is_zero(file, end))


def _names_behind(file: BinaryIO, samples: _Samples, length: int) -> Iterator[bytes]:
    """The names of the chunks behind the samples, as far as they are chunks; the magic of a file counts as one."""
    end, magic = samples.start + samples.size, at(file, 0, 4)
    if samples.chunk is None:
        yield from filter(magic.__eq__, [at(file, end, 4)])
        return
    # Not every writer pads an odd size.
    for place in dict.fromkeys((end + end % 2, end)):
        names = []
        for chunk in chunks(file, length, place, samples.chunk):
            is_whole = _is_name(chunk.name) and chunk.start + chunk.size <= length
            if not (is_whole or chunk.name == magic or chunk.name.rstrip() in _CHUNKS):
                break
            names.append(chunk.name)
        if names:
            yield from names
            return


def _is_name(name: bytes) -> bool:
    return name.isascii() and name.decode("ascii").isprintable()


def _is_zero(file: BinaryIO, place: int) -> bool:
    """Whether a writer reserved what it did not fill."""
    while block := at(file, place, _BLOCK):
        if any(block):
            return False
        place += len(block)
    return True


# ---------------------------------------------------------------------------------------------------------------------
# Containers


def _wav(file: BinaryIO, length: int) -> _Samples | None:
    data, order = wav_data(file, length), ">" if is_big(file) else "<"
    return data and _Samples(data.start, data.size, data.start - 4, f"{order}I", f"{order}4sI")


def _rf64(file: BinaryIO, length: int) -> _Samples | None:
    known = {chunk.name: chunk for chunk in chunks(file, length, 12)}
    sizes, data = known.get(b"ds64"), known.get(b"data")
    if sizes is None or data is None:
        return None
    if data.size != 0xFFFF_FFFF:  # noqa: PLR2004
        return _Samples(data.start, data.size, data.start - 4, "<I", "<4sI")
    size = struct.unpack("<Q", at(file, sizes.start + 8, 8))[0]
    return _Samples(data.start, 0 if size >= UNKNOWN_64 else size, sizes.start + 8, "<Q", "<4sI")


def _aiff(file: BinaryIO, length: int) -> _Samples | None:
    data = named(chunks(file, length, 12, ">4sI"), b"SSND", b"BODY")
    return data and _Samples(data.start, data.size, data.start - 4, ">I", ">4sI")


def _caf(file: BinaryIO, length: int) -> _Samples | None:
    data = named(chunks(file, length, 8, ">4sq"), b"data")
    return data and _Samples(data.start, data.size, data.start - 8, ">q", ">4sq") if data and data.size >= 0 else None


def _au(file: BinaryIO, length: int) -> _Samples:  # noqa: ARG001 - as the others
    order = ">" if at(file, 0, 4) == b".snd" else "<"
    start, size = struct.unpack(f"{order}II", at(file, 4, 8))
    return _Samples(start, size, 8, f"{order}I")


_CONTAINERS: Mapping[bytes, Callable[[BinaryIO, int], _Samples | None]] = {
    rb"RIF[FX]....WAVE": _wav,
    rb"RF64....WAVE": _rf64,
    rb"FORM....(AIF[FC]|8SVX|16SV)": _aiff,
    rb"caff": _caf,
    rb"\.snd|dns\.": _au,
}
"""By how a file begins."""
