"""The pages of an Ogg file: whether one is missing or damaged, and whether a second stream follows the first.

Decoders skip a page that does not match its checksum, and read on after it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from asrlab_pytest.corpus.scanning import at, length_of
from asrlab_pytest.corpus.stated_samples import missing
from asrlab_pytest.corpus.track import LEAST_GAP, Gap

_LAST_PAGES = 1 << 17
"""Bytes at the end of a file in which its last page begins: a page has 65,307 at most."""
_PAGE = 27
"""Bytes at the head of a page, before the sizes of its segments."""
_FIRST_PACKET = _PAGE + 1
"""Where the first packet of a stream begins, which has a page of its own."""
_LONGEST_HEAD = 29
"""Bytes of the first packet up to what says how long those of Vorbis are."""
_HYBRID, _CELT = 12, 16
"""Modes of Opus from which packets have other durations."""
_NO_POSITION = (1 << 64) - 1
_CONTINUES, _IS_FIRST, _IS_LAST = 1, 2, 4
"""Whether a page begins with the rest of a packet, and is the first or the last of its stream."""
_CHECKSUM = slice(22, 26)
"""Bytes of a page, which count as zeros in it."""
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""The bits of each byte from the last to the first."""


class _Page(NamedTuple):
    flags: int
    position: int
    """Of its last sample; 0 of the pages with headers."""
    stream: int
    number: int
    """In its stream."""
    start: int
    """Offset in the file."""
    end: int


class Times(NamedTuple):
    """What the positions of pages say."""

    gap: Gap | None
    """The first one between them, which libsndfile counts as audio."""
    ends_early: bool
    """Whether a page of Opus but the last ends before its packets, as FFmpeg copies them: libsndfile refuses these."""
    are_split: bool = False
    """Whether a packet of Opus is on two pages: seeking in these, libsndfile fails or ends up elsewhere."""


def is_chained(file: BinaryIO) -> bool:
    """Whether an Ogg file holds a stream after the end of another."""
    is_over = False
    for page in _pages(file, length_of(file)):
        if is_over and page.flags & _IS_FIRST:
            return True
        # A stream that was broken off has no last page.
        is_over = is_over or bool(page.flags & _IS_LAST or page.position)
    return False


def why_cut(file: BinaryIO, length: int) -> str | None:
    """What an Ogg file lacks, in words; None if it lacks nothing."""
    tail = at(file, max(0, length - _LAST_PAGES), _LAST_PAGES)
    last = tail.rfind(b"OggS\0")
    is_end = last >= 0 and len(tail) > last + 5 and tail[last + 5] & _IS_LAST
    if not is_end:
        return "its last page is missing"
    count = tail[last + 26] if len(tail) > last + 26 else 0
    end = last + 27 + count + sum(tail[last + 27 : last + 27 + count])
    return missing(end, len(tail)) or _hole(file, length, last=length - len(tail) + last)


def why_damaged(file: BinaryIO, length: int) -> str | None:
    """Which page with audio does not match its checksum, in words; None if all do."""
    for page in _pages(file, length):
        content = at(file, page.start, page.end - page.start)
        if page.position and content[_CHECKSUM] != _checksum(content):
            return f"page {page.number}, at byte {page.start:,}, does not match its checksum"
    return None


def times(file: BinaryIO) -> Times:
    """What the positions of pages of Ogg Opus or Vorbis say."""
    rate, most = _coding(at(file, _FIRST_PACKET, _LONGEST_HEAD) if at(file, 0, 4) == b"OggS" else b"")
    gap, ends_early, are_split, samples, shift = None, False, False, 0, 0
    is_opus = most is _samples_of_opus
    for page in _timed(file, most) if most else ():
        ends_early = ends_early or (is_opus and page.step < page.most and not page.is_last)
        are_split = are_split or (is_opus and page.continues)
        shift += max(0, page.step - page.most)
        if gap is None and shift > LEAST_GAP * rate:
            gap = Gap(samples / rate, shift / rate)
        samples += min(page.most, page.step)
    return Times(gap, ends_early, are_split)


class _Timed(NamedTuple):
    """A page on which packets end."""

    step: int
    """Samples since the page before, by their positions; at most those of the packets on the first."""
    most: int
    """Samples of the packets, or more."""
    is_last: bool
    continues: bool
    """Whether its first packet begins on the page before."""


def _coding(head: bytes) -> tuple[int, Callable[[bytes], int] | None]:
    """Positions per second, and how many a packet takes at most by its first bytes; None of another codec.

    Args:
        head: The first packet.
    """
    if head.startswith(b"\x01vorbis") and len(head) >= _LONGEST_HEAD:
        rate, most = int.from_bytes(head[12:16], "little"), (1 << (head[28] >> 4)) >> 1
        return rate, (lambda _: most) if rate and most else None
    return 48_000, _samples_of_opus if head.startswith(b"OpusHead") else None


def _samples_of_opus(packet: bytes) -> int:
    """Samples at 48 kHz, by the first two bytes (RFC 6716, section 3.1)."""
    if not packet:
        return 0
    mode, code = packet[0] >> 3, packet[0] & 3
    if mode < _HYBRID:
        size = (480, 960, 1920, 2880)[mode & 3]
    else:
        size = (480, 960)[mode & 1] if mode < _CELT else 120 << (mode & 3)
    return size * ((packet[1:] or b"\0")[0] & 0x3F if code == 3 else min(code + 1, 2))  # noqa: PLR2004


def _timed(file: BinaryIO, most: Callable[[bytes], int]) -> Iterator[_Timed]:
    """The pages of the first stream with a position."""
    head, last, stream = b"", None, None
    for page in _pages(file, length_of(file)):
        stream = page.stream if stream is None else stream
        if page.stream != stream:
            continue
        if not page.position:
            # It ends a header, which may have begun on pages without a position: a picture in the tags.
            head = b""
            continue
        packets, head = _packets(at(file, page.start, page.end - page.start), head)
        # No packet ends on a page without a position.
        if packets and page.position != _NO_POSITION:
            samples = sum(map(most, packets))
            step = min(page.position, samples) if last is None else page.position - last
            yield _Timed(step, samples, bool(page.flags & _IS_LAST), bool(page.flags & _CONTINUES))
            last = page.position


def _packets(page: bytes, head: bytes) -> tuple[list[bytes], bytes]:
    """The first two bytes of the packets that end on a page, and those of the one that does not.

    Args:
        page: It.
        head: Those of the packet that the page before ends with; empty if it ended.
    """
    packets = []
    start = place = _PAGE + page[26]
    for size in page[_PAGE:start]:
        head = head or page[place : place + min(size, 2)]
        place += size
        if size < 0xFF:  # noqa: PLR2004 - the packet ends
            packets.append(head)
            head = b""
    return packets, head


def _hole(file: BinaryIO, length: int, last: int) -> str | None:
    """What is missing between the pages of an Ogg file. A recorded broadcast begins in the middle of its stream.

    Args:
        file: It.
        length: Of the file in bytes.
        last: Offset of its last page.
    """
    before: dict[int, _Page] = {}
    end = 0
    for page in _pages(file, length):
        other = before.get(page.stream)
        if other and other.position and page.number != other.number + 1:
            return f"page {page.number} follows page {other.number} at byte {end:,}"
        before[page.stream] = page
        end = page.end
    return f"a part is missing before byte {end:,}" if end <= last else None


def _pages(file: BinaryIO, length: int) -> Iterator[_Page]:
    """The pages from the start of a file on that follow one another."""
    start = 0
    while start + _PAGE <= length:
        head = at(file, start, _PAGE)
        if head[:4] != b"OggS":
            return
        end = start + _PAGE + head[26] + sum(at(file, start + _PAGE, head[26]))
        flags, position, stream, number = struct.unpack("<5xBQII", head[:22])
        yield _Page(flags, position, stream, number, start, end)
        start = end


def _checksum(page: bytes) -> bytes:
    """The CRC-32 of zip, but not inverted, and with the bits of each byte from the last to the first."""
    bare = page[: _CHECKSUM.start] + bytes(4) + page[_CHECKSUM.stop :]
    remainder = zlib.crc32(bare.translate(_REVERSED), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return remainder.to_bytes(4).translate(_REVERSED)
