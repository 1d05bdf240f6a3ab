"""Whether a model can run here, without loading it."""

from __future__ import annotations

from contextlib import suppress

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engine import engine, engine_names
from asrlab_pytest.models.licence import with_licence
from asrlab_pytest.models.spec import Device, ModelSpec, Readiness, Status
from asrlab_pytest.secrets import missing_variables


def model_status(spec: ModelSpec, requested: Device) -> Status:
    """Status of a model on the device that is asked for. Looks at files only; never raises for a model's fault."""
    try:
        adapter = engine(spec.engine)
    except ModelError as error:
        return Status(Readiness.PACKAGE_MISSING, error.problem, error.mend)
    tasks = getattr(adapter, "tasks", ("recognition",))
    if spec.task not in tasks:
        return Status(
            Readiness.UNSUPPORTED,
            f"{spec.engine} does no {spec.task}, only {', '.join(tasks)}",
            f"correct tasks in [tool.asrlab.models.{spec.name}]",
        )
    if requested != "auto" and requested not in adapter.devices:
        return Status(
            Readiness.UNSUPPORTED,
            f"{spec.engine} has no {requested} build, only {', '.join(adapter.devices)}",
            f'--asr-device auto, or device = "cpu" in [tool.asrlab.models.{spec.name}]; '
            f"engines for {requested}: {', '.join(_engines_for(requested)) or 'none'}",
        )
    for name, variable in missing_variables(spec.options):
        return Status(
            Readiness.BROKEN,
            f"its option {name} is env:{variable}, and the environment has no {variable}",
            f"set the environment variable {variable}",
        )
    status = adapter.status(spec)
    return with_licence(spec, status) if status.readiness is Readiness.WEIGHTS_MISSING else status


def _engines_for(device: Device) -> list[str]:
    """The installed engines that have a build for a device; one that does not load has none."""
    found = []
    for name in engine_names():
        with suppress(ModelError):
            found += [name] if device in engine(name).devices else []
    return found
