"""Finds what is missing or damaged in files, which decoders skip without a word, or end before."""

from __future__ import annotations

from typing import BinaryIO

from asrlab_pytest.corpus import asf, matroska, mp4, ogg
from asrlab_pytest.corpus.scanning import Checks, of_container
from asrlab_pytest.corpus.stated_size import why_cut

_CONTAINERS: Checks[str] = {
    rb"OggS": ogg.why_damaged,
    rb"\x1a\x45\xdf\xa3": matroska.why_damaged,
    rb"\x30\x26\xb2\x75": asf.why_damaged,
    mp4.BEGINNING: mp4.why_damaged,
}


def fault(file: BinaryIO) -> str | None:
    """In which way a file is truncated or damaged, by what its container says; None if it is intact."""
    cut = why_cut(file)
    if cut is not None:
        return f"truncated: {cut}"
    damage = of_container(file, _CONTAINERS)
    return f"damaged: {damage}" if damage is not None else None
