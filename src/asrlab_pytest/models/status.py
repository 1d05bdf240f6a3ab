"""Whether a model can run here, without loading it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from asrlab_pytest.errors import AsrlabError, ModelError
from asrlab_pytest.models.contained import EngineFault, asked, contained
from asrlab_pytest.models.device import has_device, place
from asrlab_pytest.models.engine import Engine, Weights, engine, engine_names, entry_point
from asrlab_pytest.models.licence import with_licence
from asrlab_pytest.models.options import correct_options, options_of
from asrlab_pytest.models.packaged import packaged_status
from asrlab_pytest.models.spec import Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import broken, hash_file, tilde
from asrlab_pytest.secrets import missing_variables, redacted, resolved, unset_variable
from asrlab_pytest.visible import error_words
from asrlab_pytest.wording import FAILED_DOWNLOAD


def model_status(spec: ModelSpec, requested: Device) -> Status:
    """Status of a model on the device that is asked for. Looks at files only; never raises for a model's fault."""
    try:
        adapter = engine(spec.engine)
    except ModelError as error:
        is_known = entry_point(spec.engine) is not None
        return Status(Readiness.BROKEN if is_known else Readiness.PACKAGE_MISSING, error.problem, error.hint)
    if spec.task not in adapter.tasks:
        return Status(
            Readiness.UNSUPPORTED,
            f"{spec.engine} does no {spec.task}, only {', '.join(adapter.tasks)}",
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
        return Status(Readiness.BROKEN, *unset_variable(name, f"env:{variable}"))
    status = _status_by_engine(adapter, spec)
    if status.is_ready:
        status = _with_device(adapter, spec, requested) or status
    if status.readiness in (Readiness.READY, Readiness.WEIGHTS_MISSING):
        status = _with_compute_type(adapter, spec, requested) or status
    return status


def _with_device(adapter: Engine, spec: ModelSpec, requested: Device) -> Status | None:
    """The status of a model that runs on none of the devices here; None if it runs on one."""
    if requested != "auto" or any(map(has_device, adapter.devices)):
        return None
    devices = " and ".join(adapter.devices)
    return Status(
        Readiness.UNSUPPORTED,
        f"{spec.engine} runs only on {devices}, which this machine does not have",
        f"run it on a machine with {devices}",
    )


def _with_compute_type(adapter: Engine, spec: ModelSpec, requested: Device) -> Status | None:
    """The status of a model whose table states a number format that its engine does not have; None if it has it."""
    # Some engines import their package to answer.
    if spec.compute_type is None or not any(map(has_device, adapter.devices)):
        return None
    try:
        compute_type_on(spec, place(requested, adapter.devices).used)
    except ModelError as error:
        return broken(spec, error)
    return None


def _status_by_engine(adapter: Engine, spec: ModelSpec) -> Status:
    """What the engine says of a model; broken where it cannot say, for the other models have a status too."""
    try:
        with contained():
            status = packaged_status(spec) or _stated(adapter.status(spec))
            if status.readiness is not Readiness.BROKEN:
                # Before what is missing, which is skipped: a mistake in the table is not.
                options_of(adapter.options, replace(spec, options=resolved(spec.options)))
            if status.readiness is Readiness.WEIGHTS_MISSING:
                return with_licence(spec, status)
            if not status.is_ready:
                return status
            return pinned_status(adapter, spec) or status
    except ModelError as error:
        return broken(spec, error)
    except EngineFault as error:
        return Status(
            Readiness.BROKEN, f"engine {spec.engine}: {error}", "correct the engine, or report it to its authors"
        )
    except Exception as error:  # noqa: BLE001 - an engine may raise anything
        hint = correct_options(spec) if spec.options else ""
        return Status(Readiness.BROKEN, f"engine {spec.engine} cannot tell: {error_words(error)}", hint)


def _stated(status: object) -> Status:
    """What an engine's `status` returned, if that is a status."""
    if not (isinstance(status, Status) and isinstance(status.readiness, Readiness)):
        raise EngineFault(f"its status must be a Status, not {status!r} (such as READY of asrlab_pytest.engines)")
    return replace(status, reason=str(status.reason or ""), hint=str(status.hint or ""))


def pinned_status(adapter: Engine, spec: ModelSpec) -> Status | None:
    """The status of a model whose weights are not those that its table pins; None if they are, or none are pinned.

    Raises:
        ModelError: the engine cannot say where the weights are.
    """
    if spec.weights_sha256 is None:
        return None
    path = Path(spec.weights)
    location = path if path.is_absolute() and path.exists() else adapter.weights(spec).location
    fault = next(_faults(location, spec.weights_sha256), None)
    if fault is None:
        return None
    correct = f"correct weights or weights_sha256 in [tool.asrlab.models.{spec.name}]"
    is_downloaded = adapter.download_url(spec) is not None
    return Status(
        Readiness.BROKEN, fault, f"asrlab pull --again {spec.name}, or {correct}" if is_downloaded else correct
    )


def _faults(location: Path, pinned: str | Mapping[str, str]) -> Iterator[str]:
    """What differs, in words."""
    if isinstance(pinned, str):
        if location.is_dir():
            yield f"weights_sha256 is one digest, and {tilde(location)} is a folder: write a table of one for each file"
            return
        pinned = {location.name: pinned}
    for name, expected in pinned.items():
        path = location / name if location.is_dir() else location.with_name(name)
        if not path.is_file():
            yield f"weights_sha256 lists {name}, and {tilde(path.parent)} has no such file"
        elif hash_file(path) != expected:
            yield f"{tilde(path)} is not the file that its table pins: sha256 {hash_file(path)}, expected {expected}"


def knows_language(spec: ModelSpec, language: str) -> bool:
    """Whether a model's weights support a language.

    Raises:
        ModelError: the engine cannot tell.
    """
    adapter = engine(spec.engine)
    what = f"whether it knows {language}"
    return asked(spec.id, spec.engine, what, lambda: bool(adapter.knows_language(spec, language)))


def compute_type_on(spec: ModelSpec, device: Device) -> str:
    """The number format that a model's engine will use on a device.

    Raises:
        ModelError: the engine has no such format, or cannot tell.
    """
    adapter = engine(spec.engine)
    return asked(spec.id, spec.engine, "the number format", lambda: str(adapter.resolve_compute_type(spec, device)))


def weights_of(spec: ModelSpec) -> Weights:
    """Which weights a model has on this machine, without secrets: an engine may state an address as a revision.

    Raises:
        ModelError: they are missing or corrupt, or the engine cannot tell.
    """
    adapter = engine(spec.engine)

    def stated() -> Weights:
        weights = adapter.weights(spec)
        return replace(weights, sha256=redacted(weights.sha256), revision=redacted(weights.revision))

    return asked(spec.id, spec.engine, "which weights these are", stated)


def pulled(spec: ModelSpec) -> Path | None:
    """Where a model's weights lie, downloaded by its engine; None if it does not say so.

    Raises:
        ModelError: the download failed.
    """
    try:
        with contained():
            return engine(spec.engine).pull(spec)
    except AsrlabError:
        raise
    except Exception as error:
        raise ModelError(
            f"model {spec.id}: {FAILED_DOWNLOAD}: {error_words(error)}", hint=f"try again: asrlab pull {spec.name}"
        ) from error


def is_mistake(spec: ModelSpec, status: Status) -> bool:
    """Whether a model that cannot run is one whose table is wrong: no download and no package would make it run."""
    if status.is_ready:
        return False
    try:
        adapter = engine(spec.engine)
    except ModelError:
        return True
    weights = Path(spec.weights)
    return (
        status.readiness is Readiness.BROKEN
        or (status.readiness is Readiness.WEIGHTS_MISSING and weights.is_absolute() and not weights.exists())
        or spec.task not in adapter.tasks
        or spec.device not in (None, "auto", *adapter.devices)
    )


def _engines_for(device: Device) -> list[str]:
    """The installed engines that have a build for a device; one that does not load has none."""
    names = []
    for name in engine_names():
        with suppress(ModelError):
            names += [name] if device in engine(name).devices else []
    return names
