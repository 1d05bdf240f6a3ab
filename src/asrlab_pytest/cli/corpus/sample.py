"""Write a manifest of a representative sample of the clips."""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from asrlab_pytest.cli.corpus.source import add_reading, may_write, read, refuse_source
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.manifest import MANIFEST_NAME
from asrlab_pytest.corpus.write import write_manifest
from asrlab_pytest.errors import ConfigError, CorpusError


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("corpus", help="name or path of the corpus")
    parser.add_argument("dest", type=Path, help="folder for the manifest.jsonl")
    parser.add_argument("-n", type=int, required=True, metavar="CLIPS", help="how many clips")
    parser.add_argument("--seed", type=int, default=0, help="random seed (default: 0)")
    parser.add_argument(
        "--by", default=",".join(STRATA), help=f"keys whose proportions are kept (default: {','.join(STRATA)})"
    )
    parser.add_argument("--force", action="store_true", help="replace an existing manifest, and keep a copy of it")
    add_reading(parser)
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    names = [name.strip() for name in options.by.split(",") if name.strip()]
    strata = [stratum for name in names for stratum in STRATA if stratum == name]
    if len(strata) < len(names):
        raise ConfigError(f"--by {options.by}: not among the keys {', '.join(STRATA)}", hint="name some of them")
    corpus, clips = read(options, options.corpus)
    chosen = sample(clips, options.n, seed=options.seed, by=strata)
    target = options.dest / MANIFEST_NAME
    refuse_source(target, corpus, "sample")
    may_write(target, force=options.force)
    write_manifest(target, chosen)
    print(f"wrote   {target}: {len(chosen)} of {len(clips)} clips of {corpus.name}, seed {options.seed}")
    return 0


Stratum = Literal["language", "tags", "group"]
STRATA: tuple[Stratum, ...] = get_args(Stratum)


def sample(clips: Sequence[Clip], size: int, *, seed: int, by: Sequence[Stratum] = STRATA) -> tuple[Clip, ...]:
    """A random part, in the order of the whole, in which the strata have the shares that they have in the whole.

    Systematic sampling: the clips are laid out stratum by stratum, at random within one, and every (n / size)-th is
    taken from a random start. Each clip is as likely as any other, and for the first key of `by` the number from each
    stratum is its share, rounded up or down; within a stratum the same holds for the next key. The draw depends on
    ids, keys and seed, not on the order of the clips.

    Raises:
        CorpusError: the size is not from 1 to the number of clips.
    """
    if not 1 <= size <= len(clips):
        raise CorpusError(
            f"a sample of {size} clips cannot be drawn from {len(clips)}", hint=f"choose -n from 1 to {len(clips)}"
        )
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    shuffled = sorted(clips, key=lambda clip: clip.id)
    chance.shuffle(shuffled)
    laid_out = sorted(shuffled, key=lambda clip: _stratum(clip, by))
    start = chance.randrange(len(clips))
    # In whole numbers, so that no two places are ever the same.
    chosen = {laid_out[(number * len(clips) + start) // size].id for number in range(size)}
    return tuple(clip for clip in clips if clip.id in chosen)


def _stratum(clip: Clip, by: Sequence[Stratum]) -> list[str]:
    values = {"language": clip.language or "", "group": clip.group or "", "tags": " ".join(sorted(clip.tags))}
    return [values[key] for key in by]
