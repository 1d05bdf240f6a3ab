"""Find clips whose audio does not match their text, with or without transcripts of models.

Exit status 0: no errors; 1: findings of level error, or a witness that failed on clips; 2: the input cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from asrlab_pytest.audit.auditing import audit
from asrlab_pytest.audit.findings import Audit
from asrlab_pytest.cli.audit.witness import chosen_witnesses, heard, heard_before
from asrlab_pytest.cli.corpus.source import named_corpus, with_progress
from asrlab_pytest.cli.project import settings_here
from asrlab_pytest.cli.quiet import quiet_libraries
from asrlab_pytest.cli.runs import warn, warn_of_damages
from asrlab_pytest.content import expanded_path
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.select import select_clips
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.hints import runnable
from asrlab_pytest.inference.witness import unwitnessed
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.remote import local_path
from asrlab_pytest.suite.stored import rules_of
from asrlab_pytest.wording import many


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs",
        nargs="*",
        metavar="CORPUS_OR_RECORD",
        help="at most one corpus (default: the project's), and records or pytest-benchmark JSONs of runs over it",
    )
    parser.add_argument("--clip", action="append", default=[], help="only these clips, as in --asr-clip")
    parser.add_argument(
        "--witness",
        action="append",
        default=[],
        metavar="ID",
        help="also transcribe the clips with this ASR model; 'ready' for every model that is (repeatable)",
    )
    parser.add_argument("--notes", action="store_true", help="also show notes")
    parser.add_argument("--json", action="store_true", help="print a JSON object")
    parser.add_argument(
        "--review", action="store_true", help="review each clip, and write the decisions to the manifest"
    )
    parser.add_argument(
        "--answers", metavar="FILE", help="file with the answers for --review, one per line; - for stdin"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what was found."""
    _refuse_contradictions(options)
    settings = settings_here()
    name, records = _sorted_out(options.inputs, settings.corpora)
    rows_of, damaged = _rows(records)
    rows = [row for of_record in rows_of for row in of_record]
    corpus = named_corpus(name)
    clips = [clip for clip in select_clips(corpus, options.clip) if not clip.is_dropped]
    _refuse_foreign(records, rows_of, clips)
    # What is named is asked; without a record or a witness, whatever has listened before.
    specs = chosen_witnesses(options.witness) if options.witness else []
    hearings = heard(corpus, clips, specs) if specs else []
    rows += [row for hearing in hearings for row in hearing.rows] if records or specs else heard_before(corpus)
    rules = rules_of(settings)
    with quiet_libraries():
        audited = audit(corpus, clips, rules, rows if rows or not specs else None, progress=with_progress(clips))
    unheard = tuple(hearing.failure for hearing in hearings if hearing.failure)
    remarks = (*audited.remarks, *(unwitnessed(clips, specs) if specs else ()))
    audited = replace(audited, remarks=remarks, unheard=unheard)
    if options.review:
        from asrlab_pytest.cli.audit.review import review

        for words in unheard:
            warn(words)
        return max(review(name, audited, options.answers), bool(unheard))
    _print(audited, corpus, options)
    return int(bool(audited.errors or unheard) or audited.is_data_set or damaged)


def _refuse_contradictions(options: argparse.Namespace) -> None:
    if options.answers is not None and not options.review:
        raise ConfigError("--answers needs --review", hint="add --review")
    if options.review and options.json:
        raise ConfigError("--review and --json cannot be combined", hint="choose one of them")
    if options.review and options.answers is None and not sys.stdin.isatty():
        raise ConfigError(
            "a review is interactive, and standard input is not a terminal",
            hint="run it in a terminal, or pass a file: --answers FILE",
        )


def _sorted_out(inputs: Sequence[str], corpora: Any) -> tuple[str | None, list[Path]]:
    """The corpus and the records among the arguments.

    Raises:
        ConfigError: there are two corpora.
    """
    records = [name for name in inputs if name not in corpora and _is_record(local_path(name))]
    others = [name for name in inputs if name not in records]
    missing = next((name for name in others if Path(name).suffix and not expanded_path(name).exists()), None)
    if len(others) > 1 and missing is not None and missing not in corpora:
        raise ConfigError(f"{missing} does not exist", hint="correct the path, or write the record with --asr-record")
    if len(others) > 1:
        raise ConfigError(
            f"neither {others[0]} nor {others[1]} is a record, and only one corpus can be audited at a time",
            hint="name one corpus, and records (--asr-record, --benchmark-json)",
        )
    return (others[0] if others else None), [local_path(name) for name in records]


def _is_record(path: Path) -> bool:
    """Whether a file is a record or a pytest-benchmark JSON, by its first bytes."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(65_536).lstrip()
    return (
        head.startswith(b'{"kind"') or (head.startswith(b"{") and b'"machine_info"' in head) or b'"benchmarks"' in head
    )


def _refuse_foreign(records: Sequence[Path], rows_of: Sequence[Sequence[Observation]], clips: Sequence[Clip]) -> None:
    """Refuse a record without a transcript of any of the clips: it was passed to be used.

    Raises:
        ConfigError: there is one.
    """
    ids = {clip.id for clip in clips}
    for record, rows in zip(records, rows_of, strict=True):
        if ids and not any(row.clip in ids for row in rows):
            raise ConfigError(
                f"{record} has no transcript of these clips",
                hint="name a record of this corpus, or leave it out and add --witness ready",
            )


def _rows(paths: Sequence[Path]) -> tuple[list[list[Observation]], bool]:
    """Observations of each record's first pass, and whether a line of one was lost."""
    runs = [read_run(path) for path in paths]
    damaged = [warn_of_damages(recorded) for recorded in runs]
    observations = [[row for row in recorded.first_pass if row.task == "asr"] for recorded in runs]
    return observations, any(damaged)


def _print(audited: Audit, corpus: Corpus, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(audited.as_json(), indent=2))
    else:
        print("\n".join(lines(audited, corpus.by_id, notes=options.notes)))


def lines(audited: Audit, clips: dict[str, Clip], *, notes: bool) -> Iterator[str]:
    """The audit as text: each clip with its text, what was found, and what to do."""
    shown = 0
    for clip_id, findings in audited.by_clip.items():
        wanted = [finding for finding in findings if notes or finding.level != "note"]
        shown += len(wanted)
        if wanted:
            yield f"{clip_id}: {clips[clip_id].text!r}"
        for finding in wanted:
            yield f"  {finding.level:<8}{finding.check}: {finding.sentence}"
            yield f"          do: {runnable(finding.hint)}"
    hidden = len(audited.findings) - shown
    if hidden:
        yield f"{many(hidden, 'note')} hidden (show with --notes)"
    yield from audited.remarks
    yield from audited.unheard
    yield audited.verdict
