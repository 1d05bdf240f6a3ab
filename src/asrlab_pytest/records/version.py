"""The version of the record's format. Its lines are described in `records.lines`, which only readers need."""

from __future__ import annotations

VERSION = (2, 0)
OLDEST = (0, 1)
"""The oldest version that is read."""
SCHEMA = f"asrlab-record/{VERSION[0]}.{VERSION[1]}"
