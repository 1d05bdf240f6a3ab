"""Print every model's words under the reference, the worst clips first."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from shutil import get_terminal_size

from asrlab_pytest.cli.project import positive, settings_here
from asrlab_pytest.cli.runs import warn_of_damages, warn_of_missing
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.remote import input_file
from asrlab_pytest.report.clips import Answer, Item, Observed, items_of, turns_of
from asrlab_pytest.report.columns import Column, SideBySide, side_by_side
from asrlab_pytest.report.layout import packed, short
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.suite.stored import recorded_settings, rules_of
from asrlab_pytest.visible import visible
from asrlab_pytest.wording import some


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=input_file, metavar="RECORD", help="file of --asr-record or --benchmark-json")
    parser.add_argument("clip", nargs="?", metavar="CLIP", help="id of a clip (default: the worst)")
    parser.add_argument("--most", type=positive, default=10, metavar="N", help="number of clips to show (default 10)")
    parser.add_argument("--partial", action="store_true", help="accept a run with missing samples")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    read = read_run(options.file)
    damaged = warn_of_damages(read)
    is_incomplete = warn_of_missing(read) and not options.partial
    scorer = Scorer(rules_of(recorded_settings(read) or settings_here()))
    observed = Observed(observations=read.observations, failures=read.failures)
    items = sorted(items_of(observed, scorer), key=lambda item: item.badness, reverse=True)
    if options.clip is not None:
        ids = [item.id for item in items]
        items = [item for item in items if item.id == options.clip]
        if not items:
            raise ConfigError(f"{options.file} has no clip {options.clip!r}", hint=_other_clips(options.clip, ids))
    else:
        items = [item for item in items if any(item.badness)]
    for item in items[: options.most]:
        print("\n".join([*_lines(item, get_terminal_size((80, 24)).columns), ""]))
    if not items:
        print("no clip has an error")
    return int(damaged or is_incomplete)


def _other_clips(name: str, ids: Sequence[str]) -> str:
    """A hint for a clip that a record does not have: similar ids, or else some of its ids."""
    near = get_close_matches(name, ids)
    return f"did you mean {' or '.join(near)}?" if near else f"its clips are {some(sorted(ids)) or 'none'}"


def _lines(item: Item, width: int) -> Iterator[str]:
    yield visible(f"{item.id}: {', '.join(map(_rate, item.answers))}")
    problems = [answer for answer in item.answers if answer.problem]
    label = max((len(answer.model) for answer in problems), default=0) + 2
    for answer in problems:
        yield visible(f"  {answer.model:<{label}}no result: {answer.problem}")
    for answer in (answer for answer in item.answers if answer.fact_errors):
        yield from (visible(f"  {answer.model}: {note}") for note in answer.notes)
    for parts in turns_of(item.answers):
        for block in side_by_side({model: part.score.alignment for model, part in parts}):
            yield from _block(block, width)


def _rate(answer: Answer) -> str:
    rate = "no result" if answer.problem else "-" if answer.wer is None else f"{answer.wer:.1%}"
    return f"{answer.model} {rate}"


def _block(block: SideBySide, width: int) -> Iterator[str]:
    names = ["reference", *map(short, block.models)]
    label = max(map(len, names)) + 2
    for line in packed(map(_cells, block.columns), lambda cells: len(cells[0]), width - label - 2):
        for place, name in enumerate(names):
            yield f"  {name:<{label}}{' '.join(cells[place] for cells in line)}".rstrip()
    if block.left_out:
        yield f"  and {block.left_out} more words"


def _cells(column: Column) -> list[str]:
    """Words padded to one width: wrong words in capitals, missing words as stars."""
    words = [column.reference, *(w if w == column.reference else w.upper() for w in column.words)]
    shown = [visible(word) for word in words]
    size = max(map(len, shown))
    missing = ["*" * size if place and not word and column.reference else word for place, word in enumerate(shown)]
    return [word.ljust(size) for word in missing]
