"""Manifests to read."""

import json

import pytest


@pytest.fixture
def manifest(tmp_path):
    """Writes a manifest, given as bytes or as the objects of its lines."""

    def write(*lines):
        path = tmp_path / "manifest.jsonl"
        encoded = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        path.write_bytes(b"\n".join(encoded))
        return path

    return write
