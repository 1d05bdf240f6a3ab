"""Entity protocol: what a product needs right in a text, each with a value that is the same however it is said."""

from asrlab_pytest.protocols.entities.entity import (
    ANY_LANGUAGE,
    ENTITY_TYPES,
    Entity,
    EntityParameters,
    EntityType,
    ListedEntity,
    fault_of_value,
)
from asrlab_pytest.protocols.entities.extractor import extract, is_english, unsupported
from asrlab_pytest.protocols.entities.keywords import canonical_keyword
from asrlab_pytest.protocols.entities.listing import is_in, is_never_found, occurrences, spoken_form
from asrlab_pytest.protocols.entities.protocol import signature

__all__ = [
    "ANY_LANGUAGE",
    "ENTITY_TYPES",
    "Entity",
    "EntityParameters",
    "EntityType",
    "ListedEntity",
    "canonical_keyword",
    "extract",
    "fault_of_value",
    "is_english",
    "is_in",
    "is_never_found",
    "occurrences",
    "signature",
    "spoken_form",
    "unsupported",
]
