"""Validate a stored run against its schema, or print the schema."""

from __future__ import annotations

import argparse
import json
import sys

from asrlab_pytest.records.checking import check
from asrlab_pytest.records.lines import json_schema
from asrlab_pytest.records.reading import RecordError
from asrlab_pytest.remote import input_file
from asrlab_pytest.wording import many

FAULTY, UNUSABLE = 1, 2


def add_to(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    check = actions.add_parser("validate", help="check every line against the schema")
    check.add_argument(
        "files", type=input_file, nargs="+", metavar="FILE", help="file of --asr-record or --benchmark-json"
    )
    check.add_argument("--partial", action="store_true", help="accept interrupted runs and missing or failed samples")
    check.set_defaults(run=validate)
    show = actions.add_parser("schema", help="print the JSON Schema of a record's line")
    show.set_defaults(run=schema)


def validate(options: argparse.Namespace) -> int:
    """Print every fault with file, line and key, and how far each run came.

    1 if there is a fault or a run is not whole, 2 if a file is not a record.
    """
    status = 0
    for path in options.files:
        try:
            checked = check(path)
        except RecordError as error:
            print(f"asrlab: {error}", file=sys.stderr)
            status = UNUSABLE
            continue
        for fault in checked.faults:
            print(f"{path}: {fault}")
        wrong = f"; {many(len(checked.faults), 'fault')}" if checked.faults else ""
        print(f"{path}: {checked}{wrong}")
        is_partial = bool(checked.left_out or not checked.is_whole) and not options.partial
        status = max(status, FAULTY if checked.faults or is_partial else 0)
    return status


def schema(options: argparse.Namespace) -> int:
    """Print the JSON Schema as the package publishes it."""
    del options
    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return 0
