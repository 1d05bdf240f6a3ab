"""What the containers of audio state of their own size, so that a truncated file is detected.

libsndfile and FFmpeg read a file that was cut as if it were a shorter one. PAF, PVF and IRCAM state nothing, and are
read to their end.
"""

from __future__ import annotations

import re
import struct
from typing import BinaryIO

from asrlab_pytest.corpus import asf, flac, matroska, mp4, ogg
from asrlab_pytest.corpus.scanning import Checks, at, of_container
from asrlab_pytest.corpus.stated_samples import CONTAINERS, UNKNOWN_64, missing, stated_samples
from asrlab_pytest.corpus.wave64 import wave64_samples

_LATER = ((0x7F00_0000, 0x7F00_0100), (0x7FFF_0000, 0x8000_0100), (0xFFFF_0000, 0xFFFF_FFFF))
"""Placeholders of streaming writers (sox, FFmpeg and others) for a size that they never filled in."""


def why_cut(file: BinaryIO) -> str | None:
    """What a file lacks by what its container states, in words; None if it lacks nothing or states nothing."""
    return of_container(file, _CONTAINERS)


def _of_samples(file: BinaryIO, length: int) -> str | None:
    samples = stated_samples(file)
    if samples is None or not samples.size or any(low <= samples.size <= high for low, high in _LATER):
        return None
    return missing(samples.end, length)


def _w64(file: BinaryIO, length: int) -> str | None:
    data = wave64_samples(file, length)
    return missing(data.start + data.size, length) if data and data.size < UNKNOWN_64 - 24 else None


def _sphere(file: BinaryIO, length: int) -> str | None:
    start = int(at(file, 8, 8))
    fields = dict(re.findall(rb"^(\w+) -\w+ (.*?)\s*$", at(file, 0, start), re.MULTILINE))
    if b"," in fields.get(b"sample_coding", b"pcm"):
        return None  # Compressed, so that its size does not follow from the count of its samples.
    counts = (fields[name] for name in (b"sample_count", b"sample_n_bytes") if name in fields)
    size = int(fields.get(b"channel_count", b"1"))
    for count in counts:
        size *= int(count)
    return missing(start + size, length) if b"sample_count" in fields else None


# ---------------------------------------------------------------------------------------------------------------------
# Old programs


def _avr(file: BinaryIO, length: int) -> str | None:
    is_stereo, bits, frames = struct.unpack(">HH10xI", at(file, 12, 18))
    return missing(128 + frames * (bits // 8) * (2 if is_stereo else 1), length)


def _mpc(file: BinaryIO, length: int) -> str | None:
    is_stereo, frames = struct.unpack("<B8xI", at(file, 21, 13))
    return missing(42 + frames * 2 * (2 if is_stereo else 1), length)


def _voc(file: BinaryIO, length: int) -> str | None:
    place = struct.unpack("<H", at(file, 20, 2))[0]
    while place + 4 <= length and (head := at(file, place, 4))[0]:
        place += 4 + int.from_bytes(head[1:], "little")
    return missing(place, length)


def _psion(file: BinaryIO, length: int) -> str | None:
    return missing(32 + int.from_bytes(at(file, 18, 4)), length)


def _htk(file: BinaryIO, length: int) -> str | None:
    return missing(12 + 2 * int.from_bytes(at(file, 0, 4)), length)


def _midi(file: BinaryIO, length: int) -> str | None:
    """Packets of 127 bytes, of which 120 are samples: 7 bits of them in each."""
    head = at(file, 0, 13)
    samples = head[10] | head[11] << 7 | head[12] << 14
    in_packet = 120 // -(-head[6] // 7)
    return missing(21 + 127 * -(-samples // in_packet), length)


def _instrument(file: BinaryIO, length: int) -> str | None:
    """Of FastTracker: the heads of its samples, and then all of them."""
    count = struct.unpack("<H", at(file, 296, 2))[0]
    sizes = (struct.unpack("<I", at(file, 298 + 40 * sample, 4))[0] for sample in range(count))
    return missing(298 + 40 * count + sum(sizes), length)


def _matlab_4(file: BinaryIO, length: int) -> str | None:
    place = 0
    while place + 20 <= length:
        order = ">" if at(file, place, 2) == b"\0\0" and at(file, place, 4) != bytes(4) else "<"
        kind, rows, columns, is_complex, name = struct.unpack(f"{order}5I", at(file, place, 20))
        values = rows * columns * (2 if is_complex else 1)
        place += 20 + name + values * (8, 4, 4, 2, 2, 1)[kind // 10 % 10]
    return missing(place, length)


def _matlab_5(file: BinaryIO, length: int) -> str | None:
    """A file of matrices, each of flags, shape, name and values; libsndfile states 8 bytes too many for the whole."""
    order = "<" if at(file, 126, 2) == b"IM" else ">"
    place = end = 128
    while place + 8 <= length:
        size = struct.unpack(f"{order}4xI", at(file, place, 8))[0]
        end = place + 8
        for _ in range(4):
            end += _matlab_5_element(at(file, end, 8), order)
        place += 8 + size
    return missing(end, length)


def _matlab_5_element(head: bytes, order: str) -> int:
    """Bytes of an element, padded to a multiple of 8; a short one has its size next to its type."""
    kind, size = struct.unpack(f"{order}2I", head)
    return 8 if kind >> 16 else 8 + size + -size % 8


_CONTAINERS: Checks[str] = {
    **dict.fromkeys(CONTAINERS, _of_samples),
    rb"riff\x2e\x91\xcf\x11": _w64,
    rb"NIST_1A\n": _sphere,
    rb"OggS": ogg.why_cut,
    rb"\x1a\x45\xdf\xa3": matroska.why_cut,
    mp4.BEGINNING: mp4.why_cut,
    rb"\x30\x26\xb2\x75": asf.why_cut,
    rb"fLaC": flac.why_cut,
    rb"2BIT": _avr,
    rb"\x01\x04.{40}": _mpc,
    rb"Creative Voice File\x1a": _voc,
    rb"ALawSoundFile\*\*\0": _psion,
    rb"\xf0\x7e.\x01": _midi,
    rb"Extended Instrument: ": _instrument,
    rb"(\0\0\0\0|\0\0\x03\xe8).{4}(\0\0\0\x01|\x01\0\0\0).{8}samplerate\0": _matlab_4,
    rb"MATLAB 5\.0 MAT-file": _matlab_5,
    rb".{4}(?!\0{4}).{4}\0\x02\0\0": _htk,
}
