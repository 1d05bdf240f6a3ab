"""Which clips a shard takes."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.shards import SLACK, Shard, part_of, shard_of


class Timed(NamedTuple):
    id: str
    seconds: float | None = 1.0


lengths = st.one_of(st.none(), st.floats(0.1, 60))
corpora = st.dictionaries(st.text(min_size=1), lengths, max_size=60).map(
    lambda clips: [Timed(*clip) for clip in clips.items()]
)


@given(corpora, st.integers(1, 9))
def test_parts_of_a_whole(clips, count):
    """Each clip is in exactly one shard, whatever the order in which the corpus lists it."""
    parts = [part_of(clips, Shard(index, count)) for index in range(1, count + 1)]

    assert sorted(clip for part in parts for clip in part) == sorted(clip.id for clip in clips)
    assert part_of(clips[::-1], Shard(1, count)) == parts[0]


@given(corpora.filter(bool), st.integers(1, 9))
def test_balance(clips, count):
    """No shard is longer than its equal part by more than a twentieth and the longest clip."""
    known = [clip._replace(seconds=clip.seconds or 1.0) for clip in clips]
    total, longest = sum(clip.seconds for clip in known), max(clip.seconds for clip in known)

    for index in range(1, count + 1):
        part = part_of(known, Shard(index, count))
        assert sum(clip.seconds for clip in known if clip.id in part) <= SLACK * total / count + longest + 1e-6


def test_an_added_clip():
    """A clip that is added to a thousand leaves nearly all of the others in their shards."""
    clips = [Timed(f"clip-{number}", 1.0 + number % 17) for number in range(1_000)]
    before = {clip: index for index in range(1, 9) for clip in part_of(clips, Shard(index, 8))}
    after = {clip: index for index in range(1, 9) for clip in part_of([*clips, Timed("new", 5.0)], Shard(index, 8))}

    assert sum(before[clip.id] != after[clip.id] for clip in clips) < 50


@pytest.mark.parametrize(
    ("environ", "shard"),
    [
        (
            {
                "SLURM_ARRAY_TASK_ID": "7",
                "SLURM_ARRAY_TASK_COUNT": "4",
                "SLURM_ARRAY_TASK_MIN": "4",
                "SLURM_ARRAY_TASK_STEP": "1",
            },
            Shard(4, 4),
        ),
        (
            {
                "SLURM_ARRAY_TASK_ID": "6",
                "SLURM_ARRAY_TASK_COUNT": "4",
                "SLURM_ARRAY_TASK_MIN": "0",
                "SLURM_ARRAY_TASK_STEP": "2",
            },
            Shard(4, 4),
        ),
        ({"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "3"}, Shard(1, 3)),
        ({"JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "3"}, Shard(1, 3)),
        ({"MATRIX_INDEX": "2", "MATRIX_TOTAL": "3"}, Shard(3, 3)),
    ],
    ids=["slurm", "slurm step", "gitlab", "kubernetes", "github"],
)
def test_auto(environ, shard):
    """`auto` is the shard that the scheduler of the job says, counted from 1."""
    assert shard_of("auto", environ) == shard


@pytest.mark.parametrize("environ", [{}, {"CI_NODE_INDEX": "4", "CI_NODE_TOTAL": "3"}, {"JOB_COMPLETION_INDEX": "0"}])
def test_auto_without_a_scheduler(environ):
    """Where no scheduler says which shard this is, or says nonsense, that is an error with a way out."""
    with pytest.raises(ConfigError, match="shard") as raised:
        shard_of("auto", environ)
    assert "--asr-shard 1/4" in str(raised.value)


@pytest.mark.parametrize(
    "text", ["0/4", "5/4", "4", "a/b", "1/0", "", "-1/4", pytest.param(f"1/{'9' * 5000}", id="long")]
)
def test_what_is_not_a_shard(text):
    """A shard that is not one of its number is refused with how to write it."""
    with pytest.raises(ConfigError, match="i/n") as raised:
        shard_of(text)
    assert "1/4" in str(raised.value)


def test_too_many_shards():
    """A number of shards that memory may not hold is refused."""
    with pytest.raises(ConfigError, match="the shard '1/99999999999' is one of more than 1,000,000"):
        shard_of("1/99999999999")
    with pytest.raises(ConfigError, match="say no shard"):
        shard_of("auto", {"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "99999999999"})


def test_a_shard_that_is_stated():
    """A stated shard is the one that it says."""
    assert shard_of("2/4") == Shard(2, 4)
    assert str(Shard(2, 4)) == "2/4"
