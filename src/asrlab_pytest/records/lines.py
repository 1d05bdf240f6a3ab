"""Lines of a record held against their schema, and that schema as JSON.

A record is JSON Lines: an environment, then observations and failures as they are made, then an end. A run that was
killed has no end. Scores are not stored: they follow from reference, hypothesis and protocol.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema

from asrlab_pytest.records.environment import Cluster, Environment, Listing
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.state import EndLine, ModelState
from asrlab_pytest.records.upgrading import SCHEMA
from asrlab_pytest.validation import faults

Line = Environment | Observation | Failure | EndLine
"""A line of any kind."""


@cache
def line_adapter() -> TypeAdapter[Line]:
    """Validates a line of any kind."""
    return TypeAdapter(Annotated[Line, Field(discriminator="kind")])


def read_line(row: dict[str, object]) -> Line:
    """A line of this version, by its kind.

    Raises:
        ValueError: it is none; the message says what is wrong, key by key.
    """
    if row.get("kind") not in _KINDS:
        raise ValueError(f"unknown kind {row.get('kind')!r}; there are {', '.join(_KINDS)}")
    try:
        return line_adapter().validate_python(row)
    except ValidationError as error:
        raise ValueError(faults(error).replace(f"key '{row['kind']}.", "key '")) from None


_KINDS = ("environment", "observation", "failure", "end")


def json_schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of a line."""
    schema = line_adapter().json_schema(by_alias=True, schema_generator=_Published)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, **schema}


class _Published(GenerateJsonSchema):
    """Names each definition as its title does, which stays what it was first published as."""

    def normalize_name(self, name: str) -> str:
        return super().normalize_name(_TITLES.get(name, name))


_TITLES = {kind.__name__: str(kind.model_config["title"]) for kind in (Environment, Listing, Cluster, ModelState)}
