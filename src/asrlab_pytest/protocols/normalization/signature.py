"""Signatures: what a score was made by, such that no rule, table or dependency can change unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from asrlab_pytest.protocols.normalization.rules import digest_of
from asrlab_pytest.protocols.normalization.step import Step
from asrlab_pytest.protocols.normalization.whisper import rule_files

PROTOCOL = "asrlab-norm/1.1"
"""Name and version. A change of any output needs a new version."""


def signature(name: str, fingerprint: str) -> str:
    """Such as ``asrlab-norm/1.1+en#7c25f240``."""
    return f"{PROTOCOL}+{name}#{fingerprint}"


def fingerprint(profile: str, steps: Sequence[Step], others: Sequence[Callable[..., object]]) -> str:
    """Eight digits over what the rules of a profile do, and the packages they stand on.

    Args:
        profile: Its name.
        steps: Of which what they do counts, and not what they are called.
        others: The functions that make words and characters of the text.
    """
    return _digest([PROTOCOL, profile, digest_of([*(step.apply for step in steps), *others]), *_dependencies(profile)])


def extended(fingerprint: str, content: str) -> str:
    """The fingerprint of a profile that a user has added something to."""
    return _digest([fingerprint, content])


def golden_file(profile: str) -> Traversable:
    """The golden vectors of a profile."""
    return files(__package__) / "goldens" / f"{profile}.jsonl"


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]


def _dependencies(profile: str) -> list[str]:
    if profile in ("en", "en-whisper"):
        return [hashlib.sha256(file.read_bytes()).hexdigest() for file in rule_files()]
    if profile in ("de", "fr", "es", "it", "pt", "nl"):
        return [f"text2num {version('text2num')}"]
    return []
