"""The table of models: the catalog that ships with the package, and the user's own on top."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from asrlab_pytest.content import real_path
from asrlab_pytest.errors import ConfigError, ModelError
from asrlab_pytest.models.catalog import catalog
from asrlab_pytest.models.packaged import is_packaged, located
from asrlab_pytest.models.profile import FAIR, PROFILES, Profile
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.thresholds import metric_names
from asrlab_pytest.validation import Kind, adapter_of, faults
from asrlab_pytest.wording import some

DEFAULT_MODELS = ("pocketsphinx-en-us", "whisper-base", "faster-whisper-base")
"""What runs where neither the command line nor the project names models."""
_TELLING = 2
"""Characters from which on a part of an id tells which model is meant."""


class Registry:
    """Model specs by id, in the catalog's order, then the project's.

    Args:
        tables: The project's ``[tool.asrlab.models.<id>]`` tables.
        profiles: The project's ``[tool.asrlab.profiles.<name>]`` tables.
        profile: Name of the profile of every model that states none.
        batch_size: The batch size of every model that states none.
        root: The folder that relative paths of weights start from.

    Raises:
        ConfigError: a table has an unknown or wrong key, or adds a model without engine and weights.
    """

    def __init__(
        self,
        tables: Mapping[str, Mapping[str, object]] | None = None,
        root: Path = Path(),
        *,
        profiles: Mapping[str, Mapping[str, object]] | None = None,
        profile: str = FAIR.name,
        batch_size: int = 1,
    ) -> None:
        known_models = catalog()
        project_tables = {name: {**known_models.get(name, {}), **table} for name, table in (tables or {}).items()}
        known = {name: {**asdict(PROFILES[name]), "name": name} for name in PROFILES}
        known |= {name: _profile(name, table) for name, table in (profiles or {}).items()}
        of_all = {"profile": profile, "batch_size": batch_size}
        shipped = {} if profiles else {name: _shipped(name, profile, batch_size) for name in known_models}
        listed = {
            name: _spec(name, _with_profile(name, {**of_all, **table}, known))
            for name, table in {**known_models, **project_tables}.items()
            if name not in shipped or name in project_tables
        }
        self._specs = {name: _located(spec, root).by_task[0] for name, spec in {**shipped, **listed}.items()}
        self._tables = {*project_tables}
        self._refuse_shared_ids()
        self._by_task = {its.id: its for spec in self._specs.values() for its in spec.by_task}
        self._by_full_id = {spec.full_id: spec for spec in self._by_task.values()}

    def __iter__(self) -> Iterator[ModelSpec]:
        """Each model once, for the first of its tasks."""
        return iter(self._specs.values())

    def __contains__(self, model_id: str) -> bool:
        return model_id in self._by_task

    def __getitem__(self, model_id: str) -> ModelSpec:
        """A model for one of its tasks: that of the id, or its first.

        Raises ModelError, with the ids that look like it, where there is none.
        """
        if model_id not in self._by_task:
            raise ModelError(f"no model {model_id!r}; {self._near(model_id)}", hint=_LIST)
        return self._by_task[model_id]

    def _near(self, name: str) -> str:
        """The ids that a name may mean, in words: those that look like it, or that it is a part of; else the first."""
        parts = [known for known in self._specs if len(name) >= _TELLING and name.casefold() in known.casefold()]
        same = [known for known in self._by_task if known.casefold() == name.casefold()]
        near = same or get_close_matches(name, self._by_task, n=3) or parts[:3]
        if near:
            return f"did you mean {' or '.join(near)}?"
        return f"known: {some(sorted(self._specs, key=lambda known: known not in self._tables), 5)}"

    def _refuse_shared_ids(self) -> None:
        for spec in self._specs.values():
            for its in spec.by_task:
                if its.full_id in self._specs:
                    raise ConfigError(
                        f"[tool.asrlab.models.{json.dumps(its.full_id)}]: the id is that of {spec.id} for {its.task}",
                        hint="give the model another id",
                    )

    def select(self, patterns: tuple[str, ...]) -> list[ModelSpec]:
        """The models that ids or globs name, each once for each of its tasks, in the order of the patterns.

        An id with a task, such as ``X:tts``, chooses that task alone, also where it is the model's first.

        Raises:
            ModelError: a pattern matches nothing.
        """
        chosen: dict[str, ModelSpec] = {}
        for pattern in patterns:
            if pattern in self._specs:
                chosen.update({spec.id: spec for spec in self._specs[pattern].by_task})
                continue
            if pattern in self._by_full_id or not is_glob(pattern):
                spec = self._by_full_id.get(pattern) or self[pattern]
                chosen[spec.id] = spec
                continue
            # A glob without a colon is of models alone: nobody means the end of "asr" by "*n".
            is_of_tasks = ":" in pattern
            matches = {
                spec.id: spec
                for spec in self._by_task.values()
                if fnmatchcase(spec.name, pattern) or (is_of_tasks and fnmatchcase(spec.full_id, pattern))
            }
            if not matches:
                raise ModelError(f"no model matches {pattern!r}; {self._near(pattern.strip('*-'))}", hint=_LIST)
            chosen.update(matches)
        return list(chosen.values())


_LIST = "list the models with: asrlab models"


def is_glob(pattern: str) -> bool:
    """Whether a pattern has wildcards, so that it asks for no model by name."""
    return any(mark in pattern for mark in "*?[")


def _spec(name: str, table: Mapping[str, object]) -> ModelSpec:
    if "task" in table:
        raise ConfigError(f"[tool.asrlab.models.{name}]: key 'task': not for tables", hint='write tasks = ["..."]')
    known = (*ModelSpec.__dataclass_fields__, *metric_names())
    return _checked(ModelSpec, f"models.{name}", {**table, "id": name}, known)


@cache
def _shipped(name: str, profile: str, batch_size: int) -> ModelSpec:
    """A model of the catalog, in one of our own profiles: checking its table takes longer than all else here."""
    known = {its.name: {**asdict(its), "name": its.name} for its in PROFILES.values()}
    table = {"profile": profile, "batch_size": batch_size, **catalog()[name]}
    return _spec(name, _with_profile(name, table, known))


def _profile(name: str, table: Mapping[str, object]) -> dict[str, object]:
    """A decoding profile of the project, as a part of a model's table.

    Raises:
        ConfigError: it has an unknown key or a wrong value.
    """
    profile = {**table, "name": name}
    known = tuple(key for key in Profile.__dataclass_fields__ if key != "name")
    _checked(Profile, f"profiles.{name}", profile, known, hint=f"a profile takes {', '.join(known)}")
    return profile


def _checked(kind: type[Kind], table: str, value: Mapping[str, object], known: tuple[str, ...], hint: str = "") -> Kind:
    """A table as what it describes.

    Raises:
        ConfigError: it has an unknown key or a wrong value.
    """
    try:
        # As JSON, in which strict mode takes a list for a tuple.
        return adapter_of(kind).validate_json(json.dumps(value, default=str))
    except ValidationError as error:
        problem = f"[tool.asrlab.{table}]: {faults(error, known=known, of=kind, noun='table')}"
        raise ConfigError(problem, hint=hint) from None


def _with_profile(model: str, table: dict[str, object], known: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """The table with the profile's keys in the place of its name."""
    profile = table["profile"]
    if not isinstance(profile, str):
        return table
    if profile not in known:
        raise ConfigError(
            f"model {model}: no decoding profile {profile!r}; known: {', '.join(known)}",
            hint=f"choose one of them, or define [tool.asrlab.profiles.{profile}]",
        )
    return {**table, "profile": known[profile]}


def _located(spec: ModelSpec, root: Path) -> ModelSpec:
    """The spec with weights that are a path made absolute: its own, and those of its parts."""
    options = {name: _part_located(value, root) for name, value in spec.options.items()}
    weights = _absolute(spec.weights, root)
    if (weights, options) == (spec.weights, spec.options):
        return spec  # A replacement is checked again, which takes longer than all else here.
    return replace(spec, weights=weights, options=options)


def _part_located(value: Any, root: Path) -> Any:
    """The value of an option; where it is the table of a model that is a part of another, with its path absolute."""
    is_part = isinstance(value, Mapping) and "engine" in value and isinstance(value.get("weights"), str)
    return {**value, "weights": _absolute(value["weights"], root)} if is_part else value


def _absolute(weights: str, root: Path) -> str:
    """Weights that are a path or in a package, as an absolute path; a size or a hub's id as it is."""
    if is_packaged(weights):
        return located(weights)
    path = Path(os.path.expanduser(weights))  # noqa: PTH111 - of an unknown user, they are missing
    is_path = _looks_like_a_path(weights) or ("/" in weights and (root / path).exists())
    return str(real_path(root / path)) if is_path else weights


def _looks_like_a_path(weights: str) -> bool:
    """Whether weights are a path even where nothing is there; ``owner/name/voice.onnx`` is a hub's."""
    suffix = Path(weights).suffix
    is_file = suffix in _SUFFIXES or (suffix == ".onnx" and weights.count("/") <= 1)
    return is_file or weights.startswith((".", "/", "~"))


_SUFFIXES = (".pt", ".jsonl", ".bin", ".gguf")
"""Of weights that are a file, also where they are named without a folder."""
