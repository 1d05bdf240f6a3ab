"""The contract: its version, its signature, and the golden vectors that hold it to its word."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from asrlab_pytest.protocols.entities.entity import DEFAULT, EntityParameters
from asrlab_pytest.protocols.entities.extractor import extract, is_english

PROTOCOL = "asrlab-entities/1.0"
_PACKAGE = "asrlab_pytest.protocols.entities"
_GOLDEN = "golden.jsonl"


class Failure(NamedTuple):
    """A golden vector whose entities are not the expected ones, each as (type, value, text)."""

    text: str
    expected: list[tuple[str, str, str]]
    found: list[tuple[str, str, str]]


def signature(language: str | None = "en", parameters: EntityParameters = DEFAULT) -> str:
    """What a score is stamped with: protocol, version, rules, parameters that are not the default, fingerprint."""
    rules = "en" if is_english(language) else "und"
    stated = [
        f"{name}={getattr(parameters, name)}"
        for name in ("currency", "date_order")
        if getattr(parameters, name) != getattr(DEFAULT, name)
    ]
    return f"{PROTOCOL}+{','.join([rules, *stated])}#{fingerprint()[:8]}"


@cache
def fingerprint() -> str:
    """SHA-256 over the rules, the vocabulary and the golden vectors, as they are installed."""
    total = hashlib.sha256()
    sources = (file for file in files(_PACKAGE).iterdir() if file.name.endswith((".py", ".jsonl")))
    for file in sorted(sources, key=lambda file: file.name):
        content = file.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{file.name} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def golden_vectors() -> list[dict[str, Any]]:
    """The golden vectors: each a text, its entities and, where they are not the default, how it is read."""
    lines = files(_PACKAGE).joinpath(_GOLDEN).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def failures() -> list[Failure]:
    """The golden vectors that the installed rules do not give."""
    failed = []
    for vector in golden_vectors():
        expected = [(entity["type"], entity["value"], entity["text"]) for entity in vector["entities"]]
        found = _found(vector)
        if found != expected:
            failed.append(Failure(vector["text"], expected, found))
    return failed


def digest() -> str:
    """SHA-256 over what the installed rules find in the golden texts. Another one needs another version."""
    output = [[vector["text"], _found(vector)] for vector in golden_vectors()]
    return hashlib.sha256(json.dumps(output, ensure_ascii=True).encode()).hexdigest()


def _found(vector: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    found = extract(
        vector["text"],
        language=vector.get("language", "en"),
        parameters=EntityParameters(**vector.get("parameters", {})),
        keywords=vector.get("keywords", ()),
    )
    return [(entity.type, entity.value, entity.text) for entity in found]
