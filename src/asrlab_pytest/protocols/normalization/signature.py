"""Signatures: what a score was made by, such that no rule, table or dependency can change unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from asrlab_pytest.protocols.normalization.whisper import rule_files

PROTOCOL = "asrlab-norm/1.1"
"""Name and version. A change of any output needs a new version."""

_OWN = files(__package__)
_COMMON = ("step.py", "profile.py", "characters.py", "unicode.json", "other.py")
_ENGLISH = ("__init__.py", "marks.py", "numbers.py", "symbols.py", "text.py", "written.py")


def signature(name: str, fingerprint: str) -> str:
    """Such as ``asrlab-norm/1.1+en#7c25f240``."""
    return f"{PROTOCOL}+{name}#{fingerprint}"


@cache
def fingerprint(profile: str) -> str:
    """Eight digits over a profile's rules, tables and golden vectors, and the files of the dependency it stands on."""
    return _fingerprint(profile)


def _fingerprint(profile: str) -> str:
    digest = hashlib.sha256(f"{PROTOCOL}+{profile}".encode())
    for name, file in _files(profile):
        digest.update(f"\n{name} {hashlib.sha256(file.read_bytes()).hexdigest()}".encode())
    return digest.hexdigest()[:8]


def extended(fingerprint: str, content: str) -> str:
    """The fingerprint of a profile that a user has added something to."""
    return hashlib.sha256(f"{fingerprint}\n{content}".encode()).hexdigest()[:8]


def golden_file(profile: str) -> Traversable:
    """The golden vectors of a profile."""
    return _OWN / "goldens" / f"{profile}.jsonl"


def _files(profile: str) -> Iterator[tuple[str, Traversable]]:
    yield from ((name, _OWN / name) for name in _COMMON)
    if profile in ("en", "en-whisper"):
        yield "whisper.py", _OWN / "whisper.py"
        yield from ((f"whisper-normalizer/{file.name}", file) for file in rule_files())
    if profile == "en":
        yield from ((f"english/{name}", _OWN / "english" / name) for name in _ENGLISH)
    yield "goldens", golden_file(profile)
