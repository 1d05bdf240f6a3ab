"""Finds what is missing or damaged in files, which decoders skip without a word, or end before."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Mapping
from typing import BinaryIO

from asrlab_pytest.corpus import asf, matroska, mp4, ogg
from asrlab_pytest.corpus.stated_samples import at
from asrlab_pytest.corpus.stated_size import why_cut

_CONTAINERS: Mapping[tuple[int, bytes], Callable[[BinaryIO, int], str | None]] = {
    (0, b"OggS"): ogg.why_damaged,
    (0, b"\x1a\x45\xdf\xa3"): matroska.why_damaged,
    (0, b"\x30\x26\xb2\x75"): asf.why_damaged,
    (4, b"ftyp"): mp4.why_damaged,
}
"""Containers by four bytes at a place of the file."""


def fault(file: BinaryIO) -> str | None:
    """In which way a file is truncated or damaged, by what its container says; None if it is intact.

    The file is left at its beginning.
    """
    cut = why_cut(file)
    if cut is not None:
        return f"truncated: {cut}"
    damage = _why_damaged(file)
    return f"damaged: {damage}" if damage is not None else None


def _why_damaged(file: BinaryIO) -> str | None:
    length = file.seek(0, os.SEEK_END)
    check = next((check for (place, name), check in _CONTAINERS.items() if at(file, place, 4) == name), None)
    try:
        why = check(file, length) if check else None
    except (struct.error, LookupError):
        why = None  # Its header is damaged, which the decoder says.
    file.seek(0)
    return why
