"""The packets of a WMA file (ASF): whether one is missing at the end, or is damaged in the middle.

FFmpeg skips what it does not understand in a packet, and an object of which it has only parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

from asrlab_pytest.corpus.scanning import at
from asrlab_pytest.corpus.stated_samples import UNKNOWN_64, missing

_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
"""Name of the object in the header that states the size of all packets."""
_STREAM = bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
"""Name of the objects that describe a stream: some are in others."""
_AUDIO = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")
"""What it describes."""
_HEAD, _DATA_HEAD = 30, 50
"""Bytes before the first object of the header, and before the first packet."""
_CORRECTION = 0x82
"""What begins a packet, before two bytes for the correction of errors, which a packet may lack."""
_SIZES = (0, 1, 2, 4)
"""Bytes of a number, by two bits of the flags."""
_OF_SMALL = 1
"""Size of the repeated bytes that marks a payload of several small objects."""
_STATING_SIZE = 8
"""From here up, the repeated bytes begin with the size of the object."""


class _Payload(NamedTuple):
    """A part of an object, which is what a decoder takes at once."""

    stream: int
    place: int
    """In the object."""
    end: int
    size: int
    """Of the object."""


class _Fields:
    """Reads the numbers of a packet one after another. Raises IndexError where it ends before."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.place = 0

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def take(self, size: int) -> bytes:
        self.place += size
        if self.place > len(self.content):
            raise IndexError
        return self.content[self.place - size : self.place]


def why_cut(file: BinaryIO, length: int) -> str | None:
    """What a WMA file lacks, in words; None if it lacks nothing or states nothing."""
    start, size = _data(file)
    return missing(start + size, length) if size else None


def why_damaged(file: BinaryIO, length: int) -> str | None:
    """Where a packet of a WMA file is damaged or lacks a part of its audio, in words; None if none does."""
    start, size = _data(file)
    header = at(file, 0, start)
    packet_size, streams = _packet_size(header), _streams(header)
    count = int.from_bytes(at(file, start + 40, 8), "little")
    end = min(length, start + _DATA_HEAD + count * packet_size if count else start + (size or length))
    parts: dict[int, _Payload] = {}
    fault = None
    for place in range(start + _DATA_HEAD, end - packet_size + 1, packet_size or end):
        payloads = _payloads(at(file, place, packet_size))
        if payloads is None or not all(_is_next(payload, parts, streams) for payload in payloads):
            fault = fault or f"the packet at byte {place:,} is damaged, or one before it is missing"
        # What follows the last packet of a stream is not one.
        if fault and (count or payloads):
            return fault
    return None


def _data(file: BinaryIO) -> tuple[int, int]:
    """Where the object with the packets begins, and its size; 0 if its writer did not know it."""
    start = int.from_bytes(at(file, 16, 8), "little")
    size = int.from_bytes(at(file, start + 16, 8), "little")
    return start, size if size < UNKNOWN_64 else 0


def _packet_size(header: bytes) -> int:
    """The size of all packets; 0 if it varies."""
    place = header.find(_PROPERTIES)
    least, most = header[place + 92 : place + 96], header[place + 96 : place + 100]
    return int.from_bytes(least, "little") if place >= 0 and least == most else 0


def _streams(header: bytes) -> dict[int, bool]:
    """Whether each stream is audio, by its number."""
    places = [match.start() for match in re.finditer(re.escape(_STREAM), header)]
    return {header[place + 72] & 0x7F: header[place + 24 : place + 40] == _AUDIO for place in places}


def _payloads(packet: bytes) -> list[_Payload] | None:
    """What a packet holds; None if it is damaged."""
    try:
        return list(_read(_Fields(packet)))
    except IndexError:
        return None


def _read(fields: _Fields) -> Iterator[_Payload]:
    flags = fields.number(1)
    if flags == _CORRECTION:
        fields.take(2)
        flags = fields.number(1)
    sizes = fields.number(1)
    packet_size = fields.number(_SIZES[flags >> 5 & 3]) or len(fields.content)
    fields.take(_SIZES[flags >> 1 & 3])
    padding = fields.number(_SIZES[flags >> 3 & 3])
    fields.take(6)  # When it is to be sent, and for how long.
    if flags & 0x80 or sizes >> 6 != 1:
        raise IndexError
    end = min(packet_size, len(fields.content)) - padding
    several = fields.number(1) if flags & 1 else None
    for _ in range(1 if several is None else several & 0x3F):
        yield _payload(fields, sizes, 0 if several is None else _SIZES[several >> 6], end)


def _payload(fields: _Fields, sizes: int, size_size: int, packet_end: int) -> _Payload:
    """The next payload.

    Args:
        fields: Of the packet.
        sizes: Of the numbers in it.
        size_size: Bytes of its own size; 0 if it ends with the packet.
        packet_end: Where the padding begins.
    """
    stream = fields.number(1) & 0x7F
    fields.take(_SIZES[sizes >> 4 & 3])
    place = fields.number(_SIZES[sizes >> 2 & 3])
    repeated = fields.take(fields.number(_SIZES[sizes & 3]))
    size = fields.number(size_size) if size_size else packet_end - fields.place
    if not stream or size < 0:
        raise IndexError
    fields.take(size)
    if len(repeated) == _OF_SMALL:
        return _Payload(stream, 0, size, size)
    of = int.from_bytes(repeated[:4], "little") if len(repeated) >= _STATING_SIZE else place + size
    if place + size > of:
        raise IndexError
    return _Payload(stream, place, place + size, of)


def _is_next(payload: _Payload, parts: dict[int, _Payload], streams: Mapping[int, bool]) -> bool:
    """Whether a payload is of a stream that there is, and continues its last object, or begins one after it.

    Args:
        payload: It.
        parts: The last payload of each stream, which becomes this one.
        streams: Whether each stream is audio. A lost picture is no fault.
    """
    last = parts.get(payload.stream)
    parts[payload.stream] = payload
    if last is None or not streams.get(payload.stream, True):
        # A file may begin within an object.
        return payload.stream in streams or not streams
    return payload.place == (0 if last.end == last.size else last.end)
