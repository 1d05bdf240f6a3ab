"""Pin the sha256 of each audio file and, for clips, of the decoded samples.

Both are checked whenever the audio is read, so that audio that changes unseen fails the run. Of prompts the recordings
are pinned, of dialogues the questions.
"""

from __future__ import annotations

import argparse

from asrlab_pytest.cli.corpus.source import own_language, own_list, refuse_unknown_rules_here, with_progress
from asrlab_pytest.corpus.lock import Lock, Lockable, lockable, measured
from asrlab_pytest.corpus.write import backed_up, set_line_keys
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.wording import many


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "corpus", nargs="?", help="a corpus, prompts or dialogues, by name or path (default: the project's corpus)"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a pin is missing")
    parser.add_argument("--force", action="store_true", help="also pin files that have changed")
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    listed = own_list(options.corpus)
    refuse_unknown_rules_here(listed.clips, listed.file, listed.noun)
    lock = measured(with_progress(listed.clips), listed.keys)
    _refuse(listed, lock, force=options.force)
    total = f"{len(listed.clips)} {listed.noun}s"
    if options.check:
        print(f"{len(listed.clips) - len(lock.pins)} of {total} are locked")
        return 1 if lock.pins else 0
    if not lock.pins:
        print(f"{listed.file} is locked already ({many(len(listed.clips), listed.noun)})")
        return 0
    backup = backed_up(listed.file)
    # Read again: while much audio was hashed, lines may have been added or moved.
    set_line_keys(listed.file, lockable(listed.file, own_language(options.corpus)).of_lines(lock.pins))
    print(f"locked {len(lock.pins)} of {total} in {listed.file}; backup: {backup}")
    return 0


def _refuse(listed: Lockable, lock: Lock, *, force: bool) -> None:
    if not listed.clips:
        raise CorpusError(f"{listed.file} lists no {listed.noun}s, so there is nothing to lock")
    if lock.unusable:
        first = lock.unusable[0]
        raise CorpusError(
            f"{len(lock.unusable)} of {len(listed.clips)} {listed.noun}s cannot be read; the first: {first.problem}",
            hint=first.hint,
        )
    if lock.changed and not force:
        names = ", ".join(lock.changed[:10])
        raise CorpusError(
            f"the audio of {many(len(lock.changed), listed.noun)} does not match the hashes in {listed.file.name}: "
            f"{names}",
            hint="restore the files or, if the new audio still matches its text, pin it again: --force",
        )
