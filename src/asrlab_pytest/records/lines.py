"""Lines of a record held against their schema, and that schema as JSON."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from asrlab_pytest.records.schema import SCHEMA, Line
from asrlab_pytest.validation import faults


@cache
def line_adapter() -> TypeAdapter[Any]:
    """Validates a line of any kind."""
    return TypeAdapter(Line)


def line_faults(row: dict[str, Any]) -> str | None:
    """What is wrong with a line of this version, key by key; None if nothing is."""
    if row.get("kind") not in _KINDS:
        return f"unknown kind {row.get('kind')!r}; there are {', '.join(_KINDS)}"
    try:
        line_adapter().validate_python(row)
    except ValidationError as error:
        return faults(error).replace(f"key '{row['kind']}.", "key '")
    return None


_KINDS = ("environment", "observation", "failure", "end")


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a line."""
    schema = line_adapter().json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, **schema}
