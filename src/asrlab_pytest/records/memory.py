"""Peak memory of a model in a process of its own, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TypedDict, cast


class PlainMemory(TypedDict):
    """What `PeakMemory` writes."""

    clip: str
    device: str
    rss_bytes: int
    device_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakMemory:
    """What a process took that loaded a model and transcribed one clip."""

    clip: str
    device: str
    rss_bytes: int
    """Resident memory of the whole process, Python and libraries included, at its peak."""
    device_bytes: int | None = None
    """Memory on the accelerator, at its peak; None if there is no counter."""

    def as_json(self) -> PlainMemory:
        """As plain JSON."""
        return cast("PlainMemory", asdict(self))


def peak_memory(row: Mapping[str, object]) -> PeakMemory:
    """Peak memory from its plain JSON.

    Raises:
        ValueError: a key is missing, or its value of another type.
    """
    clip, device, rss, on_device = (row.get(key) for key in ("clip", "device", "rss_bytes", "device_bytes"))
    if not (isinstance(clip, str) and isinstance(device, str) and isinstance(rss, int)):
        raise ValueError("memory is given as clip, device and rss_bytes")  # noqa: TRY004 - one kind of damage
    if not isinstance(on_device, (int, type(None))):
        raise ValueError("device_bytes is neither a number nor null")  # noqa: TRY004
    return PeakMemory(clip=clip, device=device, rss_bytes=rss, device_bytes=on_device)
