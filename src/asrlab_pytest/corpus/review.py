"""What a person decided about a clip that the audit found, as it is in the manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from asrlab_pytest.validation import STRICT

Decision: TypeAlias = Literal["accept", "text", "quarantine", "drop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A decision of ``asrlab audit --review``."""

    __pydantic_config__ = STRICT

    date: str
    """ISO 8601."""
    decision: Decision
    """The text is right; it was corrected; the clip is scored apart; the clip is left out."""
    reason: str = ""
    checks: tuple[str, ...] = ()
    """The checks that had found something. Accepted findings are not shown again."""
    before: str | None = None
    """The text as it was, where it was corrected."""
