"""Write a manifest for a corpus in any format, with hashes, durations and groups.

The audio of every clip is read on the way. Where one cannot be, nothing is written, unless --skip-broken says so.
"""

from __future__ import annotations

import argparse

from asrlab_pytest.cli.corpus.source import add_reading, may_write, read, refuse_source, with_progress
from asrlab_pytest.corpus.importing import Import
from asrlab_pytest.corpus.manifest import MANIFEST_NAME
from asrlab_pytest.corpus.write import encoded, line_of, replacing
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.hints import runnable
from asrlab_pytest.remote import local_path
from asrlab_pytest.wording import first_few, many, some

SHOWN = 10


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", help="name or path of the corpus")
    parser.add_argument("dest", type=local_path, help="folder for the manifest.jsonl")
    parser.add_argument("--copy", action="store_true", help="also copy the audio (default: refer to it)")
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace an existing manifest and copies of audio, and keep them under other names",
    )
    parser.add_argument("--skip-broken", action="store_true", help="skip clips whose audio cannot be read")
    add_reading(parser)
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    corpus, clips = read(options, options.source)
    target = options.dest / MANIFEST_NAME
    refuse_source(target, corpus, "import")
    if target.exists() and not options.force:
        may_write(target, force=False)
    importing = Import(with_progress(clips), options.dest, copy=options.copy, replaces=options.force)
    with replacing(target) as file:
        for clip in importing.clips():
            file.write(encoded(line_of(clip, options.dest)) + b"\n")
        _judge(importing, skip=options.skip_broken)
        may_write(target, force=options.force)
    if importing.backups:
        print(f"kept    {some([str(path) for path in importing.backups])} (audio as it was)")
    print(f"wrote   {target}: {many(importing.count, 'clip')}, {importing.seconds / 3600:.2f} hours")
    return 1 if importing.unusable else 0


def _judge(importing: Import, *, skip: bool) -> None:
    """Say which clips cannot be used.

    Raises:
        CorpusError: there are such clips and they may not be left out, or there are no others.
    """
    errors = [runnable(error.in_one_line) for error in importing.unusable]
    if importing.unusable and not (skip and importing.count):
        listed = "\n  ".join(["", *first_few(errors, SHOWN)])
        raise CorpusError(
            f"{len(importing.unusable)} of {importing.count + len(importing.unusable)} clips cannot be read; "
            f"no manifest written:{listed}",
            hint="repair them, or skip them: --skip-broken",
        )
    if importing.unusable:
        print("\n  ".join([f"left out {many(len(importing.unusable), 'clip')}:", *errors]))
