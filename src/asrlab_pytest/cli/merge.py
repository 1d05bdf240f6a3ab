"""Merge the records of shards or machines into one."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from asrlab_pytest.cli.output import output_at
from asrlab_pytest.cli.runs import warn, warn_of_lost
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.records.merging import Merged, merge
from asrlab_pytest.records.outputs import is_record, refuse_foreign, refuse_input, refusing_unwritable
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.records.writing import write_record
from asrlab_pytest.remote import input_file
from asrlab_pytest.visible import visible
from asrlab_pytest.wording import first_few, many, some

SHOWN = 10
"""How many of a kind are listed."""


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", type=input_file, nargs="+", metavar="FILE", help="file of --asr-record or --benchmark-json"
    )
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the record to write, a path or URL")
    parser.add_argument("--force", action="store_true", help="replace OUT if it is a record")
    parser.add_argument("--partial", action="store_true", help="accept missing cases")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the merged record. 1 where something is missing, damaged or contradicts itself; 2 where it cannot be."""
    with output_at(options.output) as output:
        return _merge(options, output.path)


def _merge(options: argparse.Namespace, output: Path) -> int:
    if output.is_dir():
        raise ConfigError(f"{options.output} cannot be written: it is a folder", hint="pass a file with -o")
    refuse_input(output, options.files, option="-o")
    if output.exists() and not options.force:
        raise ConfigError(f"{options.output} exists", hint="choose another file with -o, or replace it with --force")
    refuse_foreign(output, is_record, what="record", option="-o")
    runs = [read_run(path, empty=True) for path in options.files]
    merged = merge(runs)
    with refusing_unwritable(output, option="-o"):
        write_record(output, merged.lines())
    damaged = [run for run in runs if warn_of_lost(run)]
    _report(merged, len(options.files), options.output)
    is_partial = merged.gaps or merged.left_out
    return int(bool(damaged or merged.conflicts or (is_partial and not options.partial)))


def _report(merged: Merged, count: int, output: str) -> None:
    models = {row.model for row in merged.observations}
    observations = sum(map(len, merged.kept))
    of = ", ".join(sorted(models)) or "no model"
    print(f"{output}: {observations} observations of {of}, from {many(count, 'file')}")
    print(f"duplicates with the same text (the first is kept): {merged.duplicates}")
    _list("not the same in every part", merged.unlike)
    if merged.uncompared:
        print(f"not recorded in every part, by which options and engine code: {some(merged.uncompared)}")
    _list("contradictions (the first is kept)", merged.conflicts, shown=len(merged.conflicts))
    _list("planned, and in no part", merged.gaps)
    for share in merged.left_out:
        print(share)
    _list("of some models, and not of all (what was planned is not recorded)", merged.uneven)
    if not merged.is_ended:
        warn("not every part finished, so the merged record is unfinished")


def _list(title: str, sentences: Sequence[str], shown: int = SHOWN) -> None:
    if sentences:
        print(f"{title}: {len(sentences)}")
        for sentence in first_few(sentences, shown):
            print(f"  {visible(sentence)}")
