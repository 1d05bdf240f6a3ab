"""Print the entities of each line of standard input as a JSON array."""

from __future__ import annotations

import argparse
import json
from typing import get_args

from asrlab_pytest.cli.standard_input import input_lines
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.languages import HINT, language_code
from asrlab_pytest.protocols.entities import EntityParameters, canonical_keyword, extract
from asrlab_pytest.protocols.entities.entity import DateOrder


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", default="en", help="language that chooses the rules (default: en)")
    parser.add_argument("--currency", default="USD", help='ISO 4217 code of "$" and "cents" (default: USD)')
    parser.add_argument("--date-order", choices=get_args(DateOrder), default="MDY", help="order of day and month")
    parser.add_argument("--keyword", action="append", default=[], help="a name or term to find (repeatable)")
    parser.set_defaults(run=run, is_filter=True)


def run(options: argparse.Namespace) -> int:
    try:
        parameters = EntityParameters(currency=options.currency, date_order=options.date_order)
    except ValueError as error:
        raise ConfigError(str(error), hint="give a code such as --currency EUR") from None
    try:
        language = language_code(options.language)
    except ValueError as error:
        raise ConfigError(f"--language: {error}", hint=HINT) from None
    empty = next((keyword for keyword in options.keyword if not canonical_keyword(keyword)), None)
    if empty is not None:
        raise ConfigError(
            f"--keyword: the keyword {empty!r} has no letter and no digit", hint="correct it, or leave it out"
        )
    for line in input_lines():
        entities = extract(line, language=language, parameters=parameters, keywords=options.keyword)
        print(json.dumps([entity.as_json() for entity in entities], ensure_ascii=False), flush=True)
    return 0
