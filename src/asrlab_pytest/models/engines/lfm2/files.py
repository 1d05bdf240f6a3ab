"""The files of an LFM2-Audio checkpoint, and whether they are all there; nothing is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.spec import READY, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import first_line, tilde, weights_missing
from asrlab_pytest.models.support.hub_files import (
    checkpoint_hint,
    is_folder,
    is_hub_id,
    not_downloaded,
    snapshot,
    weights_hint,
)

FILES = ("config.json", "tokenizer.json", "model.safetensors")
INDEX = "model.safetensors.index.json"
"""In the place of the third, where the weights are split."""
DETOKENIZER = ("audio_detokenizer/config.json", "audio_detokenizer/model.safetensors")
"""Turns codes into sound, from LFM2.5-Audio on."""
MIMI = "tokenizer-e351c8d8-checkpoint125.safetensors"
"""Does so for LFM2-Audio."""
LICENCE = "LICENSE"
"""What was accepted, stored next to the weights."""
ALLOWED = ("*.json", "*.jinja", "*.safetensors", f"{LICENCE}*")
"""What of a repository is downloaded."""
SECTIONS = ("preprocessor", "encoder", "lfm", "depthformer")


def folder_of(spec: ModelSpec) -> Path | None:
    """Where the weights are; None if they must be downloaded first."""
    return Path(spec.weights) if is_folder(spec) else snapshot(spec, spec.weights, FILES)


def files_status(spec: ModelSpec) -> Status:
    """Whether the weights are there, with what the spec's task needs."""
    if not is_folder(spec) and not is_hub_id(spec):
        reason = f"{spec.weights!r} is neither a hub id (owner/name) nor a folder"
        return Status(Readiness.BROKEN, reason, weights_hint(spec))
    folder = folder_of(spec)
    if folder is None:
        return not_downloaded(spec, spec.weights)
    lack = _lack(spec, folder)
    if lack and not is_folder(spec):
        return weights_missing(spec, lack)
    try:
        read_config(spec, folder)
    except ModelError as error:
        lack = lack or error.problem.removeprefix(f"model {spec.id}: ")
    return Status(Readiness.BROKEN, lack, checkpoint_hint(spec)) if lack else READY


def _lack(spec: ModelSpec, folder: Path) -> str:
    """What a folder lacks for the spec's task, in words; empty where it is complete."""
    absent = [name for name in FILES if not (folder / name).is_file()]
    if (folder / INDEX).is_file():
        absent = [name for name in absent if name != FILES[-1]]
    if absent:
        return f"{tilde(folder)} is not an LFM2-Audio folder: it lacks {', '.join(absent)}"
    if spec.task != "asr" and not has_speech(folder):
        return f"{tilde(folder)} cannot make speech: it has neither {DETOKENIZER[1]} nor {MIMI}"
    return ""


def has_speech(folder: Path) -> bool:
    """Whether one of the two decoders of speech is there."""
    return all((folder / name).is_file() for name in DETOKENIZER) or (folder / MIMI).is_file()


def read_config(spec: ModelSpec, folder: Path) -> dict[str, Any]:
    """The checkpoint's configuration.

    Raises:
        ModelError: it is damaged, or that of another kind of model.
    """
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"model {spec.id}: {tilde(path)} is damaged: {first_line(error)}", hint=checkpoint_hint(spec)
        ) from None
    absent = [name for name in SECTIONS if not isinstance(config, dict) or name not in config]
    if absent:
        raise ModelError(
            f"model {spec.id}: {tilde(path)} is not that of an LFM2-Audio model: it lacks {', '.join(absent)}",
            hint=checkpoint_hint(spec),
        )
    table: dict[str, Any] = config
    return table
