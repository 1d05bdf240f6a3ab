"""What determines the text that a model writes for a clip, and its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.models.device import place
from asrlab_pytest.models.engine import adapter_version, engine
from asrlab_pytest.models.source import source_digest
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.models.status import compute_type_on, weights_of
from asrlab_pytest.models.support.common import installed_version
from asrlab_pytest.progress import step
from asrlab_pytest.records.plain import plain
from asrlab_pytest.secrets import redacted


def model_fingerprint(
    spec: ModelSpec, conditions: RunConditions, *, by_name: bool = False
) -> Mapping[str, object] | None:
    """Everything that the text depends on except the clip, as plain JSON; None if the weights cannot be identified.

    Known without loading the model, so that a resumed run need not load one that has nothing left to do.

    Args:
        spec: The model.
        conditions: Device of the run.
        by_name: Whether the name in the model's table will do for weights that cannot be identified.

    Raises:
        ModelError: the weights are missing or corrupt.
    """
    adapter = engine(spec.engine)
    device = place(spec.device or conditions.device, adapter.devices).used
    with step(f"hashing the weights of {spec.id}"):
        weights = weights_of(spec)
    identity = weights.sha256 or weights.revision
    if identity is None and not by_name:
        return None
    packages = tuple(adapter.packages or (spec.engine,))
    source = source_digest(spec.engine, packages)
    decoding = {key: value for key, value in asdict(spec.profile).items() if key != "name"}
    fingerprint: dict[str, object] = plain(
        {
            "engine": spec.engine,
            "adapter": adapter_version(spec.engine),
            # A key of its own, so that what an engine of a released version wrote is found under the key it had.
            **({"source": source} if source else {}),
            "versions": {name: installed_version(name) for name in packages},
            "weights": {"named": spec.weights} if identity is None else identity,
            "decoding": decoding,
            "options": spec.options,
            # Only for batches: all earlier runs made single calls.
            **({"batch_size": spec.batch_size} if spec.batch_size > 1 else {}),
            "device": device,
            "compute_type": compute_type_on(spec, device),
        }
    )
    # A new password does not make another model of it.
    return redacted(fingerprint) if identity is None else fingerprint


def case_key(fingerprint: Mapping[str, object] | None, pcm_sha256: str, language: str | None) -> str | None:
    """Digest of a model's fingerprint, the samples and the language asked for; None if there is no fingerprint."""
    if fingerprint is None:
        return None
    return digest({**fingerprint, "pcm_sha256": pcm_sha256, "language": language})


def digest(parts: Mapping[str, object]) -> str:
    """sha256 of plain JSON, whatever the order of its keys."""
    return hashlib.sha256(_ENCODER.encode(parts).encode()).hexdigest()


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False)
