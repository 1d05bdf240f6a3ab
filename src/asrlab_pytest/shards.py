"""Which part of a corpus each of several machines takes: always the same, and of about the same length as the others.

Each clip prefers shards in an order that its id alone decides, and takes the first that has room for it: consistent
hashing with bounded loads (Mirrokni, Thorup & Zadimoghaddam 2018). So a clip that is added moves few of the others.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from asrlab_pytest.errors import ConfigError

SLACK = 1.05
"""A shard takes at most so many times its equal part of the seconds."""
AUTO = "auto"
MOST = 1_000_000
"""Maximum number of shards: the room in each of them is in memory."""
_FORM = re.compile(r"(\d{1,18})/(\d{1,18})")
_INDICES = (
    ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP"),
    ("CI_NODE_INDEX", "CI_NODE_TOTAL", "1", "1"),
    ("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", "0", "1"),
    ("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", "0", "1"),
    ("BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", "0", "1"),
    ("MATRIX_INDEX", "MATRIX_TOTAL", "0", "1"),
)
"""Variables with the index of this job and with the number of jobs, then the first index and the step of indices, or
the variables that have them: of Slurm arrays, GitLab, indexed jobs of Kubernetes, CircleCI, Buildkite, and a matrix of
GitHub. What Kubernetes and GitHub do not set themselves (JOB_COMPLETIONS, MATRIX_*), the job sets."""


class Timed(Protocol):
    """What has an id and, where it is known, a length."""

    @property
    def id(self) -> str: ...
    @property
    def seconds(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Shard:
    """One part of several."""

    index: int
    """From 1."""
    count: int

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


def shard_of(text: str, environ: Mapping[str, str] | None = None, *, option: str = "--asr-shard") -> Shard:
    """The shard that an option asks for.

    Args:
        text: ``i/n`` with i from 1, or ``auto`` for the one that the scheduler of this job says.
        environ: The environment; this process's by default.
        option: The option of the command that was called, for the hint.

    Raises:
        ConfigError: it is neither, one of too many, or no scheduler says which job this is.
    """
    if text == AUTO:
        return _scheduled(os.environ if environ is None else environ, f"pass it: {option} 1/4")
    match = _FORM.fullmatch(text.strip())
    shard = Shard(int(match[1]), int(match[2])) if match else None
    if shard is None or not 1 <= shard.index <= shard.count:
        raise ConfigError(
            f"the shard {text!r} is not of the form i/n with i from 1 to n", hint="write it as in 1/4, or auto"
        )
    if shard.count > MOST:
        raise ConfigError(f"the shard {text!r} is one of more than {MOST:,}", hint="choose a smaller number of shards")
    return shard


def _scheduled(environ: Mapping[str, str], hint: str) -> Shard:
    for index, count, first, step in _INDICES:
        if index in environ and count in environ:
            at = _place([environ[index], environ[count], environ.get(first, first), environ.get(step, step)])
            if at is None:
                raise ConfigError(
                    f"{index}={environ[index]} and {count}={environ[count]} say no shard",
                    hint=hint,
                )
            return Shard(at + 1, int(environ[count]))
    known = ", ".join(index for index, *_ in _INDICES)
    raise ConfigError(
        f"no scheduler says which shard this is: none of {known} is set together with its total",
        hint=hint,
    )


def _place(numbers: Sequence[str]) -> int | None:
    """Which job this is, from 0, by its index, how many there are, the first index and the step; None for nonsense."""
    if not all(number.isdecimal() for number in numbers):
        return None
    index, count, first, step = map(int, numbers)
    at, odd = divmod(index - first, step or 1)
    return at if 0 <= at < count <= MOST and not odd else None


def part_of(samples: Sequence[Timed], shard: Shard) -> frozenset[str]:
    """Ids of the samples of one shard. The parts of all shards are disjoint, and together everything.

    Args:
        samples: All that is shared out; the length of one that states none is taken for the median of the others.
        shard: Which part.
    """
    seconds = {sample.id: sample.seconds for sample in samples}
    ordered = sorted((_digest(sample_id), sample_id) for sample_id in seconds)
    lengths = (seconds[sample_id] for _, sample_id in ordered)
    room = Room.of(list(seconds.values()), shard.count)
    taken = (room.take(digest, length) for (digest, _), length in zip(ordered, lengths, strict=True))
    return frozenset(
        sample_id for (_, sample_id), index in zip(ordered, taken, strict=True) if index == shard.index - 1
    )


class Room:
    """The remaining capacity of each shard, while samples are assigned in the order of the digests of their ids.

    Args:
        total: Seconds of all samples.
        longest: Seconds of the longest.
        usual: Seconds of a sample that states no length.
        count: Number of shards.
    """

    def __init__(self, *, total: float, longest: float, usual: float, count: int) -> None:
        self._usual = usual
        self._room = [SLACK * total / count + longest] * count

    @classmethod
    def of(cls, seconds: Sequence[float | None], count: int) -> Room:
        """The capacity for samples of these lengths."""
        usual = statistics.median([length for length in seconds if length is not None] or [1.0])
        lengths = [usual if length is None else length for length in seconds]
        return cls(total=sum(lengths), longest=max(lengths, default=0.0), usual=usual, count=count)

    def take(self, digest: bytes, seconds: float | None) -> int:
        """The shard that takes a sample, from 0.

        Args:
            digest: Digest of its id.
            seconds: How long it is.
        """
        length = self._usual if seconds is None else seconds
        room = self._room
        for shard in _preferred(digest, len(room)):
            if room[shard] >= length:
                room[shard] -= length
                return shard
        raise AssertionError("no shard has room")


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _preferred(digest: bytes, count: int) -> Iterator[int]:
    """All shards, in the order in which a sample prefers them: by double hashing."""
    place, step = divmod(int.from_bytes(digest), count)
    yield place % count
    # Nearly all samples get their first choice.
    while math.gcd(step, count) > 1:
        step += 1
    for number in range(1, count):
        yield (place + number * step) % count
