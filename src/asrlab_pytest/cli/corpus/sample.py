"""Write a manifest of a representative sample of the clips."""

from __future__ import annotations

import argparse

from asrlab_pytest.cli.corpus.source import add_reading, may_write, read, refuse_source
from asrlab_pytest.corpus.manifest import MANIFEST_NAME
from asrlab_pytest.corpus.subset import STRATA, sample
from asrlab_pytest.corpus.write import write_manifest
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.remote import local_path


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("corpus", help="name or path of the corpus")
    parser.add_argument("dest", type=local_path, help="folder for the manifest.jsonl")
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
