"""The tables of models that ship with the package, as they are in its file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def catalog() -> dict[str, dict[str, object]]:
    """A table for each model, by id."""
    return tomllib.loads(files("asrlab_pytest.models").joinpath("catalog.toml").read_text(encoding="utf-8"))
