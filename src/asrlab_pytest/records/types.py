"""What the classes of a record have in common: how pydantic reads them, and the types of their numbers."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, Strict

Int = Annotated[int, Strict()]
Float = Annotated[float, Strict()]
Bool = Annotated[bool, Strict()]
Seconds = Annotated[float, Strict(), Field(ge=0)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Part:
    """A part of a record.

    Reading one validates it; making one does not. Keys of later minor versions are left out.
    """

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, object]] = {
        "use_attribute_docstrings": True,
        "json_schema_extra": {"additionalProperties": True},
    }


class Extensible(BaseModel):
    """A part of a record that keeps the keys of later minor versions.

    Making one validates it, as reading does.
    """

    model_config = ConfigDict(strict=True, extra="allow", use_attribute_docstrings=True, defer_build=True)

    def as_json(self) -> dict[str, Any]:
        """As plain JSON, without the keys that it was made without."""
        return self.model_dump(by_alias=True, exclude_unset=True)


def _of_a_line(schema: dict[str, Any]) -> None:
    """A line is told by its kind, which therefore is in every one."""
    schema["additionalProperties"] = True
    schema["required"] = ["kind", *schema["required"]]
    del schema["properties"]["kind"]["default"]


LINE: dict[str, object] = {"use_attribute_docstrings": True, "json_schema_extra": _of_a_line}
"""How pydantic reads a class that is a whole line."""
