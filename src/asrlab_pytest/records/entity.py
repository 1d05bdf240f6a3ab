"""Facts and listed entities in a record. Their classes are loaded when a record has some."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import GetPydanticSchema, Strict, ValidationError
from pydantic_core import core_schema

from asrlab_pytest.validation import adapter_of, faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from asrlab_pytest.corpus.fact import Fact
    from asrlab_pytest.protocols.entities import ListedEntity

    RecordedFact = Fact
    RecordedEntity = ListedEntity
else:

    def _read_by(read: Callable[[Any, Any], Any], write: Callable[[Any], Any], form: Any) -> Any:
        """A class that `read` makes of JSON of this form, and `write` makes JSON of."""
        written = core_schema.plain_serializer_function_ser_schema(write)
        return Annotated[
            Any,
            GetPydanticSchema(
                lambda _, handler: core_schema.no_info_wrap_validator_function(
                    read, handler.generate_schema(form), serialization=written
                )
            ),
        ]

    # A model of pydantic's would be built as this file is imported, also by runs that list no entities.
    @dataclass(frozen=True, slots=True, kw_only=True)
    class EntityLine:
        """An amount, a date, a name or the like that was said, as the manifest lists it."""

        __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "use_attribute_docstrings": True}

        type: Annotated[str, Strict()]
        value: Annotated[str, Strict()]
        text: Annotated[str, Strict()] | None = None
        """As it is in the reference."""

    def _entity(stored: Any, form: Callable[[Any], EntityLine]) -> Any:
        from asrlab_pytest.protocols.entities import ENTITY_TYPES, ListedEntity

        if isinstance(stored, ListedEntity):
            return stored
        line = form(stored)
        if line.type not in ENTITY_TYPES:
            raise ValueError(f"no entity type {line.type!r}; there are {', '.join(ENTITY_TYPES)}")
        return ListedEntity(type=line.type, value=line.value, text=line.text)

    def _fact(stored: Any, form: Callable[[Any], dict[str, object]]) -> Any:
        from asrlab_pytest.corpus.fact import Fact

        if isinstance(stored, Fact):
            return stored
        try:
            # Strict validation takes lists for tuples in JSON alone.
            return adapter_of(Fact).validate_json(json.dumps(form(stored)))
        except ValidationError as error:
            raise ValueError(faults(error)) from None

    RecordedEntity = _read_by(
        _entity, lambda entity: {"type": entity.type, "value": entity.value, "text": entity.text}, EntityLine
    )
    RecordedFact = _read_by(_fact, lambda fact: fact.as_json(), dict[str, object])
