"""The model that hears what others speak."""

from __future__ import annotations

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.registry import Registry, is_glob
from asrlab_pytest.models.spec import ModelSpec

ANOTHER = "choose another by --asr-judge"
"""What mends a judge that cannot hear."""


def judge_of(registry: Registry, name: str) -> ModelSpec:
    """The model that hears, for recognition whatever else it does.

    Raises:
        ModelError: there is no such model, or it does not recognize speech.
    """
    try:
        specs = [registry[name]] if is_glob(name) else registry.select((name,))
    except ModelError as error:
        raise ModelError(f"the judge: {error.problem}", mend=f"{error.mend}; then {ANOTHER}") from None
    hearing = [spec for spec in specs if spec.task == "recognition"]
    if hearing:
        return hearing[0]
    spec = specs[0]
    also_hears = "recognition" in spec.tasks
    raise ModelError(
        f"the judge {name} is a model of {' and '.join(one.task for one in specs)}, and does not hear",
        mend=f"let the same model hear by --asr-judge {spec.name}" if also_hears else ANOTHER,
    )
