"""The model that transcribes synthesized speech."""

from __future__ import annotations

from collections.abc import Callable

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.registry import Registry, is_glob
from asrlab_pytest.models.spec import ModelSpec, Status
from asrlab_pytest.tasks import LABELS

ANOTHER = "choose another with --asr-judge"
"""How to repair a judge that cannot hear."""
JUDGES = (
    "faster-whisper-tiny.en",
    "whisper-tiny.en",
    "faster-whisper-base",
    "whisper-base",
    "pocketsphinx-en-us",
)
"""The default judge is the first of these that is ready, or the last one."""


def default_judge(registry: Registry, status: Callable[[ModelSpec], Status]) -> ModelSpec:
    """The judge where none is named.

    Raises:
        ModelError: the project makes the last of `JUDGES` a model that does not recognize speech.
    """
    *preferred, last = JUDGES
    known = [registry[name] for name in preferred if name in registry]
    able = (spec for spec in known if spec.task == "asr" and status(spec).is_ready)
    return next(able, None) or judge_of(registry, last)


def judge_of(registry: Registry, name: str) -> ModelSpec:
    """The model that transcribes speech, whatever else it does.

    Raises:
        ModelError: there is no such model, or it does not recognize speech.
    """
    try:
        specs = [registry[name]] if is_glob(name) else registry.select((name,))
    except ModelError as error:
        raise ModelError(f"the judge: {error.problem}", hint=f"{error.hint}; then {ANOTHER}") from None
    hearing = [spec for spec in specs if spec.task == "asr"]
    if hearing:
        return hearing[0]
    spec = specs[0]
    also_hears = "asr" in spec.tasks
    raise ModelError(
        f"the judge {name} is not an ASR model; its task is {' and '.join(LABELS[spec.task] for spec in specs)}",
        hint=f"name the same model for ASR: --asr-judge {spec.name}" if also_hears else ANOTHER,
    )
