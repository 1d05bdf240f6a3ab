"""Finds what is missing or damaged in files, which decoders skip without a word, or end before."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Mapping
from typing import BinaryIO

from asrlab_pytest.corpus import asf, matroska, mp4, ogg
from asrlab_pytest.corpus.stated_samples import at
from asrlab_pytest.corpus.stated_size import why_cut

_CONTAINERS: Mapping[bytes, Callable[[BinaryIO, int], str | None]] = {
    rb"OggS": ogg.why_damaged,
    rb"\x1a\x45\xdf\xa3": matroska.why_damaged,
    rb"\x30\x26\xb2\x75": asf.why_damaged,
    mp4.BEGINNING: mp4.why_damaged,
}
"""Containers by the first bytes of a file."""
_BEGINNING = 8


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
    head = at(file, 0, _BEGINNING)
    check = next((check for name, check in _CONTAINERS.items() if re.match(name, head, re.DOTALL)), None)
    try:
        why = check(file, length) if check else None
    except (struct.error, LookupError):
        why = None  # Its header is damaged, which the decoder says.
    file.seek(0)
    return why
