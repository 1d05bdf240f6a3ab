from __future__ import annotations

import re
from pathlib import Path

import pytest
from doc_pages import PAGES, ROOT

FOREIGN = {
    r"\bmends?\b": "hint",
    r"\bNone where\b": "None if",
    r"\banew\b": "again",
    r"\blay(s|ing)? an? (new )?(starter|manifest|baseline)\b": "create a ...",
    r"\bheard by another judge\b": "judged by a different model",
    r"\bexclude each other\b": "cannot be combined",
    r"\bcome to its end\b": "finished",
    r"\bwhat becomes of\b": "what to do with",
    r"\bunlike each other\b": "different",
    r"\bhow much it erred\b": "how many errors it made",
    r"\b[Ll]et go of\b": "release",
    r"\bhowever much\b": "no matter how",
    r"\bof time: -?\d": "95% CI",
    r"\btranscribes only what is lacking\b": "transcribes only what is missing",
    r"\bstands in your package index\b": "is released",
    r"\bthat was to load it\b": "the process that loads it",
    r"\bdrawn at random\b": "random",
    r"\basked for by name\b": "named",
    r"\bone a core\b": "one per core",
    r"\bin any known form\b": "in any supported format",
    r"\bname a file that (can|has)\b": "what the file must be or contain",
    r"\bis none of the choices\b": "is not a choice",
    r"\bgoes with --": "needs --",
    r"\bare both no\b": "neither ... is a",
    r"\bdoes no ASR\b": "is not an ASR model",
    r"\bstands twice\b": "is duplicated",
    r"\bis no model\b": "is not a model",
    r"\bstands already\b": "is already",
    r"\b(came|comes) to its end\b": "finishes",
    r"\bby `{0,2}--(?=[a-z])": "with --option",
    r"\bstands? (in|beside)\b": "is in",
    r"\bis there already\b": "already exists",
    r"\bheard by (a|the) judge\b": "transcribed by",
    r"\bof (recognition|synthesis)\b": "of ASR",
    r"\bset against\b": "compared with",
    r"\bended with status\b": "exited with status",
    r"\bpart the scorecard\b": "break the scorecard down",
    r"\b95% sure\b": "95% confidence",
    r"\bfor want of room\b": "to stay within the limit",
    r"\bspeaks? of others\b": "generalize",
    r"\bless its own\b": "minus its own",
    r"\bthe least that passes\b": "smallest value that passes",
    r"\bmay be repeated\b": "(repeatable)",
    r"\bwhere it is left out\b": "(default: ...)",
    r"\bruns? in a loop\b": "loops",
    r"\bwent empty\b": "became empty",
    r"\ba line a turn\b|\bonce a session\b": "per ...",
    r"\bas it stands\b": "unchanged",
    r"\bStates? bounds\b": "set thresholds",
    r"\bwhat is laid\b": "files",
    r"\bgoes? unseen\b": "is not noticed",
    r"\bmust not be, in\b": "forbidden, but said in",
    r"\bnot distinguishable from a busier\b": "the machine may have been busier",
    r"\bpoints (more|less) than in\b": "points above / below",
    r"\bis not asked about\b": "ignored ... for clips in",
    r"\bshow only where\b": "is detected only if",
    r"\bthe very samples\b": "the same samples",
    r"\b[Ss]omebody speaks at the\b": "the clip cuts into speech at its",
    r"\baudio says the text\b": "the audio matches the text of",
    r"\btexts exchanged\b": "texts swapped",
    r"\bwhat became of\b|\bWhat became of\b": "the outcome of",
    r"\b[Tt]ake SIGTERM for\b": "treat SIGTERM like",
    r"\b[Ll]et no (engine|thread)\b": "keep ... from",
    r"\bwritten over\b": "overwritten",
    r"\b[Tt]ake in (a|an|what|how)\b": "add",
    r"\bto go on with\b": "to continue",
    r"\bsides exchanged\b": "sides swapped",
    r"\bless (the )?old ones\b": "minus the old ones",
    r"\bin brackets where\b": "in parentheses if",
    r"\bsends on to\b": "redirects to",
    r"\bnothing was done for\b": "had no effect",
    r"\bmade when it is asked for\b": "made on demand",
    r"\bbehind the (samples|WER|colon)\b": "after the ...",
}
"""Turns that no engineer would say, as patterns, and what to write instead."""

TRAILING_TOO = re.compile(r"help=.*, too( \([^\"]*\))?\"|Option\(.*, too( \([^\"]*\))?\"")


def _files() -> list[Path]:
    return [*PAGES, *sorted((ROOT / "src").rglob("*.py"))]


def _lines() -> list[tuple[str, str]]:
    """Every line of the documentation and the sources, with where it is."""
    return [
        (f"{path.relative_to(ROOT)}:{number}", line)
        for path in _files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if '"mend": "hint"' not in line  # the key of old records
    ]


@pytest.fixture(scope="module")
def lines() -> list[tuple[str, str]]:
    return _lines()


@pytest.mark.parametrize(("pattern", "instead"), FOREIGN.items(), ids=FOREIGN.values())
def test_no_foreign_turn_comes_back(pattern: str, instead: str, lines: list[tuple[str, str]]):
    """Messages, docstrings and documentation are free of turns that no engineer would say."""
    found = re.compile(pattern).search
    places = [f"{place}: {line.strip()}" for place, line in lines if found(line)]
    assert not places, f"write {instead!r} instead:\n" + "\n".join(places)


def test_no_help_ends_with_too(lines: list[tuple[str, str]]):
    """The help of an option begins with "also" instead of ending with "too"."""
    assert not [f"{place}: {line.strip()}" for place, line in lines if TRAILING_TOO.search(line)]
