"""The samples of files whose header states too few, because their writer was killed or streamed them.

libsndfile plays no more than a header states.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from asrlab_pytest.corpus.scanning import at, length_of
from asrlab_pytest.corpus.stated_samples import StatedSamples, chunks, stated_samples

_MOST_32 = 0xFFFF_FFFE
_HEAD = 8
"""Size of a chunk's header in bytes; fewer bytes after the samples are padding."""
_TAGS = (b"TAG", b"ID3", b"APETAGEX", b"LYRICSBEGIN")
"""Starts of the tags that players append to any file."""
_CHUNKS = frozenset(
    b"LIST id3 ID3 bext iXML cue smpl fact PEAK JUNK junk FLLR PAD afsp inst acid _PMX axml cart DISP "
    b"NAME AUTH ANNO COMT MARK INST MIDI AESD APPL CHAN info free strg uuid mark regn umid midi peak chan".split()
)
"""Chunks that may follow the samples: even a truncated one is not audio."""
_STATING_BOTH = (b"RIFF", b"RIFX", b"FORM", b"RF64", b"BW64")
_BLOCK = 1 << 16


def size_of_unfinished(file: BinaryIO) -> tuple[int, bytes] | None:
    """The corrected size field of a file that states too few samples: its offset in the file, and its bytes."""
    samples, length = stated_samples(file), length_of(file)
    if samples is None or samples.end >= length or _is_end(file, samples, length):
        return None
    return samples.place, struct.pack(samples.form, _largest(samples, length))


def is_finished(file: BinaryIO) -> bool:
    """Whether a file ends with the samples that it states."""
    samples = stated_samples(file)
    return samples is not None and samples.size > 0 and samples.end == length_of(file)


def is_joined(file: BinaryIO) -> bool:
    """Whether another file of the same container follows the samples."""
    samples = stated_samples(file)
    return samples is not None and at(file, 0, 4) in _names_behind(file, samples, length_of(file))


def _largest(samples: StatedSamples, length: int) -> int:
    size = length - samples.start
    return min(size, _MOST_32) if samples.form[1] == "I" else size


# ---------------------------------------------------------------------------------------------------------------------
# What follows the samples


def _is_end(file: BinaryIO, samples: StatedSamples, length: int) -> bool:
    """Whether the bytes after the stated samples are something other than samples."""
    end = samples.end
    if length - end < _HEAD:
        return samples.size > 0
    if _is_confirmed(file, samples) or at(file, end, max(map(len, _TAGS))).startswith(_TAGS):
        return True
    return any(_names_behind(file, samples, length)) or (samples.size > 0 and _is_zero(file, end))


def _is_confirmed(file: BinaryIO, samples: StatedSamples) -> bool:
    """Whether WAV or AIFF states its own size, too, and ends with the samples: what follows is not part of it."""
    is_stated = samples.size > 0 and at(file, 0, 4) in _STATING_BOTH
    # RF64 states both sizes side by side.
    place, size = (samples.place - 8, 8) if samples.form == "<Q" else (4, 4)
    stated = at(file, place, size)
    return is_stated and struct.unpack(samples.form, stated)[0] + _HEAD in {samples.end, samples.end + 1}


def _names_behind(file: BinaryIO, samples: StatedSamples, length: int) -> Iterator[bytes]:
    """The names of the chunks after the samples, as far as they are valid; the magic of a file counts as one."""
    end, magic = samples.end, at(file, 0, 4)
    if samples.chunk is None:
        yield from filter(magic.__eq__, [at(file, end, 4)])
        return
    # Not every writer pads to an even size, and some pad to 4 bytes.
    for place in dict.fromkeys((end + end % 2, end, end + -end % 4)):
        names = []
        for chunk in chunks(file, length, place, samples.chunk):
            is_named = chunk.name.isascii() and chunk.name.decode("ascii").isprintable()
            is_whole = is_named and chunk.start + chunk.size <= length
            if not (is_whole or chunk.name == magic or chunk.name.rstrip() in _CHUNKS):
                break
            names.append(chunk.name)
        if names:
            yield from names
            return


def _is_zero(file: BinaryIO, place: int) -> bool:
    """Whether a writer reserved space that it did not fill."""
    while block := at(file, place, _BLOCK):
        if any(block):
            return False
        place += len(block)
    return True
