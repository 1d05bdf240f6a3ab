from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

import pytest
from doc_pages import DOCS, first_column

from asrlab_pytest.cli import COMMANDS, parser_of
from asrlab_pytest.options import OPTIONS, Option

CLI = (DOCS / "reference/cli.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^## `(asrlab .+)`$", CLI, re.MULTILINE)
CORPUS_KEYS = "asrlab corpus"
"""The section with the options that several commands share."""

_DEFAULT = re.compile(r"default:? `?([\w.,-]+)`?[;:)]")


def _leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for subparser in dict.fromkeys(action.choices.values()):
                yield from _leaves(subparser)


def _parsers() -> dict[str, list[argparse.ArgumentParser]]:
    """The parsers of commands and subcommands, by the most specific section that is about them."""
    sections: dict[str, list[argparse.ArgumentParser]] = {}
    for leaf in [*_leaves(parser_of(COMMANDS))][1:]:
        heading = max((title for title in HEADINGS if f"{leaf.prog} ".startswith(f"{title} ")), key=len)
        sections.setdefault(heading, []).append(leaf)
    return sections


PARSERS = _parsers()


def _actions(heading: str) -> list[argparse.Action]:
    return [action for parser in PARSERS[heading] for action in parser._actions if action.option_strings]


def _documented(heading: str) -> set[str]:
    """The options in the tables of a section, without the values that they take."""
    return {name.split()[0] for name in first_column("cli.md", f"`{heading}`") if name.startswith("-")}


def _rows(heading: str) -> dict[str, str]:
    """The table rows of a section, by each option that they name."""
    section = CLI.partition(f"\n## `{heading}`\n")[2].partition("\n## ")[0]
    rows = [row for row in section.splitlines() if row.startswith("| `-")]
    return {name.split()[0]: row for row in rows for name in re.findall(r"`(-[^`]+)`", row.split("|")[1])}


def test_every_command_has_a_section():
    """Every command has a section, and every section is about a command."""
    assert set(HEADINGS) == set(PARSERS)


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_option_of_a_command_is_in_its_section(heading: str):
    """A section of the reference names exactly the options that `--help` shows, and those that it takes for a path."""
    options = {name for action in _actions(heading) for name in action.option_strings} - {"-h", "--help"}
    shared = _documented(CORPUS_KEYS)
    if heading == CORPUS_KEYS:
        options = {name for name in shared if any(name in parser._option_string_actions for parser in _takers())}
    elif options & {"--split"}:
        assert options >= shared
        options -= shared
    assert _documented(heading) == options


def _takers() -> list[argparse.ArgumentParser]:
    """The commands that take the keys of a corpus table as options."""
    return [parser for parsers in PARSERS.values() for parser in parsers if "--split" in parser._option_string_actions]


@pytest.mark.parametrize("heading", HEADINGS)
def test_defaults_of_a_command_agree(heading: str):
    """A default that the reference or `--help` states is the one that the parser has, or both state the same."""
    rows = _rows(heading)
    for action in _actions(heading):
        stated = [set(_DEFAULT.findall(text)) for text in (action.help or "", rows.get(action.option_strings[-1], ""))]
        if action.default not in (None, False, "", [], argparse.SUPPRESS):
            stated.append({str(action.default)})
        assert len(set().union(*stated)) <= 1, (action.option_strings, stated)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_defaults_of_pytest_options_agree(option: Option):
    """A default that `pytest --help` states in one word is in the column of defaults."""
    page = (DOCS / "reference/configuration.md").read_text(encoding="utf-8")
    row = next(row for row in page.splitlines() if row.startswith(f"| `--asr-{option.name.replace('_', '-')}` "))
    for default in _DEFAULT.findall(option.help):
        assert default in row.split("|")[3]
