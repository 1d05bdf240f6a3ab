"""Independent witnesses: what models hear in the clips before any model is judged on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError, ModelError, TranscriptionError
from asrlab_pytest.hints import runnable
from asrlab_pytest.inference.asr import LiveModel
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.on_demand import Recall, call_rounds
from asrlab_pytest.models.contained import fault_words
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.models.status import model_status
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.settings import READY
from asrlab_pytest.visible import visible
from asrlab_pytest.wording import many


def witnesses(registry: Registry, chosen: Sequence[str], named: Sequence[str]) -> list[ModelSpec]:
    """The models that are to listen.

    Args:
        registry: The project's models.
        chosen: Ids and globs of those that the project evaluates.
        named: Ids, or `READY` for those of the chosen that are ready.

    Raises:
        ModelError: there is no such model, it is not an ASR model, or it is not ready.
    """
    specs = [spec for name in named for spec in (_ready(registry, chosen) if name == READY else [registry[name]])]
    for spec in specs:
        _refuse_unfit(spec)
    return list({spec.id: spec for spec in specs}.values())


def _ready(registry: Registry, chosen: Sequence[str]) -> list[ModelSpec]:
    models = [spec for spec in registry.select(tuple(chosen)) if spec.task == "asr"]
    ready = [spec for spec in models if model_status(spec, spec.device or "auto").is_ready]
    if not ready:
        raise ModelError(
            f"no witness: none of {', '.join(spec.id for spec in models) or 'the chosen models'} is an ASR model that "
            "is ready",
            hint="see what there is: asrlab models",
        )
    return ready


def _refuse_unfit(spec: ModelSpec) -> None:
    if spec.task != "asr":
        raise ModelError(f"{spec.id} is not an ASR model and cannot be a witness", hint="see: asrlab models")
    status = model_status(spec, spec.device or "auto")
    if not status.is_ready:
        raise ModelError(f"the witness {spec.id}: {status}", hint=status.hint)


def unwitnessed(clips: Iterable[Clip], specs: Sequence[ModelSpec]) -> Iterator[str]:
    """How many clips no witness is for, in words."""
    alone = [clip for clip in clips if not any(spec.is_meant_for(clip) for spec in specs)]
    if alone:
        languages = ", ".join(sorted({clip.language or "no language" for clip in alone}))
        yield f"{len(alone)} clip{'s have' if len(alone) > 1 else ' has'} no witness ({languages})"


class Hearing(NamedTuple):
    """What a witness heard."""

    rows: list[Observation]
    failure: str | None
    """On how many clips it failed, and why on the first, in words; None if it failed on none."""


def hear(
    spec: ModelSpec,
    clips: Iterable[Clip],
    conditions: RunConditions,
    *,
    recall: Recall | None,
    keep: Callable[[Observation], None],
) -> Hearing:
    """Let a witness transcribe the clips that it is for. Clips that cannot be read are left out.

    Args:
        spec: The witness.
        clips: What to listen to.
        conditions: Those of a witness.
        recall: Where it is looked up what the witness has heard before.
        keep: Called with each observation as it is made; `recorded` says that it was looked up.

    Raises:
        ModelError: the witness does not load.
    """
    model = LiveModel(spec, conditions, recall)
    rows: list[Observation] = []
    failures: list[tuple[Clip, TranscriptionError]] = []
    try:
        for clip in filter(spec.is_meant_for, clips):
            try:
                # Whether its audio is what the manifest pins is a finding, not an obstacle.
                observation = model.observe(replace(clip, sha256=None, pcm_sha256=None), call_rounds)
            except ClipError:
                # The audit reports it.
                continue
            except TranscriptionError as error:
                failures.append((clip, error))
                continue
            keep(observation)
            rows.append(observation)
    finally:
        model.close()
    return Hearing(rows, _failure(spec, failures, len(rows) + len(failures)) if failures else None)


def _failure(spec: ModelSpec, failures: Sequence[tuple[Clip, TranscriptionError]], clips: int) -> str:
    clip, error = failures[0]
    name, reason = visible(clip.id), fault_words(error.__cause__ or error)
    words = f"the witness {spec.id} failed on {len(failures)} of {many(clips, 'clip')}, first on {name}: {reason}"
    return f"{words}\n  hint: try it on this clip: {runnable(f'asrlab audit --clip {name} --witness {spec.id}')}"
