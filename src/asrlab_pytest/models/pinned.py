"""Whether weights are the files whose sha256 their table states, found before anything is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from asrlab_pytest.models.engine import Engine
from asrlab_pytest.models.spec import ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import hash_file, tilde


def pinned_status(adapter: Engine, spec: ModelSpec) -> Status | None:
    """The status of a model whose weights are not those that its table pins; None if they are, or none are pinned.

    Raises:
        ModelError: the engine cannot say where the weights are.
    """
    if spec.weights_sha256 is None:
        return None
    path = Path(spec.weights)
    place = path if path.is_absolute() and path.exists() else adapter.weights(spec).location
    fault = next(_faults(place, spec.weights_sha256), None)
    if fault is None:
        return None
    correct = f"correct weights or weights_sha256 in [tool.asrlab.models.{spec.name}]"
    is_downloaded = adapter.download_url(spec) is not None
    return Status(
        Readiness.BROKEN, fault, f"asrlab pull --again {spec.name}, or {correct}" if is_downloaded else correct
    )


def _faults(place: Path, pinned: str | Mapping[str, str]) -> Iterator[str]:
    """What differs, in words."""
    if isinstance(pinned, str):
        if place.is_dir():
            yield f"weights_sha256 is one digest, and {tilde(place)} is a folder: write a table of one for each file"
            return
        pinned = {place.name: pinned}
    for name, expected in pinned.items():
        path = place / name if place.is_dir() else place.with_name(name)
        if not path.is_file():
            yield f"weights_sha256 lists {name}, and {tilde(path.parent)} has no such file"
        elif hash_file(path) != expected:
            yield f"{tilde(path)} is not the file that its table pins: sha256 {hash_file(path)}, expected {expected}"
