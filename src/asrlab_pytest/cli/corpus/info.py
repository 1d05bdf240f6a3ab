"""Show hours, clips, speakers, languages, tags and lengths of a corpus. No audio is decoded."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping

from asrlab_pytest.cli.corpus.source import add_corpus, add_reading, read, refuse_unknown_rules_here
from asrlab_pytest.corpus.summary import EDGES, Summary, summarize
from asrlab_pytest.hints import runnable
from asrlab_pytest.wording import first_few, many

WIDTH = 30
"""Characters of the longest bar."""
SHOWN = 12
"""Languages and tags that are listed."""


def add_to(parser: argparse.ArgumentParser) -> None:
    add_corpus(parser)
    parser.add_argument("--json", action="store_true", help="print a JSON object")
    add_reading(parser)
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    corpus, clips = read(options, options.corpus)
    refuse_unknown_rules_here(clips, corpus.manifest, "clip")
    summary = summarize(corpus, clips)
    if options.json:
        print(json.dumps(summary.as_json(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(summary)))
    return 1 if summary.unreadable else 0


def _lines(summary: Summary) -> Iterator[str]:
    yield f"corpus    {summary.corpus}"
    yield f"clips     {summary.clips}, {summary.empty_texts} without speech, {summary.locked} locked"
    yield f"hours     {summary.seconds / 3600:.2f} ({_time(summary.seconds)})"
    without = f", {many(summary.without_group, 'clip')} without" if summary.without_group else ""
    yield f"groups    {summary.groups}{without}"
    yield f"words     {summary.words}"
    yield from _counts("languages", summary.languages)
    yield from _counts("tags", summary.tags)
    if summary.longest is not None:
        yield f"lengths   {summary.shortest:.2f} s to {summary.longest:.2f} s"
        yield from _histogram(summary.lengths)
    if summary.unreadable:
        yield f"unreadable {len(summary.unreadable)}; the first: {runnable(summary.unreadable[0])}"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60} min {rest} s"


def _counts(name: str, counts: Mapping[str, int]) -> Iterator[str]:
    shown = first_few([f"{value} {count}" for value, count in counts.items()], SHOWN)
    yield f"{name:<9} {', '.join(shown) or 'none'}"


def _histogram(counts: tuple[int, ...]) -> Iterator[str]:
    """A bar for each bin between the first and the last that has clips."""
    filled = [place for place, count in enumerate(counts) if count]
    for place in range(filled[0], filled[-1] + 1):
        last = place + 1 == len(EDGES)
        label = f"{EDGES[place]:g} s and more" if last else f"{EDGES[place]:g} to {EDGES[place + 1]:g} s"
        bar = "#" * -(-counts[place] * WIDTH // max(counts))
        yield f"{label:>15} |{bar:<{WIDTH}} {counts[place]}"
