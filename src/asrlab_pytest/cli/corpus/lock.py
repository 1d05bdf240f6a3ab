"""``asrlab corpus lock``: pin the sha256 of each audio file and of the samples that engines are given.

Both are checked whenever the audio is read, so that a corpus that changes unseen fails the run.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from asrlab_pytest.cli.corpus.source import add_corpus, own_manifest, with_progress
from asrlab_pytest.corpus.lock import Lock, measured
from asrlab_pytest.corpus.write import rewrite
from asrlab_pytest.errors import CorpusError

if TYPE_CHECKING:
    from asrlab_pytest.cli.types import SubParsers


def add_to(actions: SubParsers) -> None:
    parser = actions.add_parser("lock", help="pin the audio by its hashes", description=__doc__)
    add_corpus(parser)
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 where a pin is missing")
    parser.add_argument("--force", action="store_true", help="pin anew what has changed")
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    corpus = own_manifest(options.corpus)
    found = measured(with_progress(corpus.clips))
    _refuse(found, force=options.force)
    if options.check:
        print(f"{len(corpus.clips) - len(found.pins)} of {len(corpus.clips)} clips are locked")
        return 1 if found.pins else 0
    if not found.pins:
        print(f"all {len(corpus.clips)} clips of {corpus.manifest} are locked already")
        return 0
    backup = rewrite(corpus.manifest, lambda clip: found.pins.get(clip.id))
    print(f"locked {len(found.pins)} of {len(corpus.clips)} clips in {corpus.manifest}; as it was: {backup}")
    return 0


def _refuse(found: Lock, *, force: bool) -> None:
    if found.unusable:
        first = found.unusable[0]
        raise CorpusError(f"{len(found.unusable)} clips cannot be read; the first: {first.problem}", mend=first.mend)
    if found.changed and not force:
        raise CorpusError(
            f"the audio of {len(found.changed)} clips is not what the manifest pins: {', '.join(found.changed[:10])}",
            mend="restore the files; or, where the new audio still says its reference, pin it anew: --force",
        )
