"""``asrlab rescore RECORD``: the error rates of a stored run under several normalizations, side by side."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.cli.project import settings_here
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.report.terminal import percent

if TYPE_CHECKING:
    from asrlab_pytest.cli.types import SubParsers
    from asrlab_pytest.protocols.normalization import Normalization

DEFAULT = ("en-whisper", "en")


def add_to(commands: SubParsers) -> None:
    parser = commands.add_parser("rescore", help="score a stored run under several normalizations", description=__doc__)
    parser.add_argument("record", type=Path, help="a file that --asr-record wrote")
    parser.add_argument(
        "--normalization",
        action="append",
        metavar="NAME",
        help=f"a profile to score under (repeatable; default: {' and '.join(DEFAULT)})",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from asrlab_pytest.protocols.normalization import Normalizations

    known = Normalizations(own=settings_here().normalizations)
    rules = [known.named(name) for name in options.normalization or DEFAULT]
    observed: dict[str, list[Mapping[str, Any]]] = {}
    for row in _observations(options.record):
        observed.setdefault(row["model"], []).append(row)
    width = max(map(len, ["model", *observed]))
    columns = [max(len(one.name), 15) for one in rules]
    heads = [f"{one.name:>{size}}" for one, size in zip(rules, columns, strict=True)]
    print(f"{'model':{width}}  clips  {'  '.join(heads)}")
    for model, rows in observed.items():
        rates = [f"{_rates(rows, one):>{size}}" for one, size in zip(rules, columns, strict=True)]
        print(f"{model:{width}}  {len(rows):5}  {'  '.join(rates)}")
    print("WER / CER, pooled")
    for one in rules:
        print(f"normalization {one.signature}")
    return 0


def _rates(rows: list[Mapping[str, Any]], rules: Normalization) -> str:
    from asrlab_pytest.scoring.corpus import corpus_score
    from asrlab_pytest.scoring.score import score

    found = corpus_score(score(row["reference"], row["hypothesis"], normalization=rules) for row in rows)
    return f"{percent(found.wer)} / {percent(found.cer)}"


def _observations(path: Path) -> list[Mapping[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", mend="name a file that --asr-record wrote") from None
    rows: list[Mapping[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line or "{}")
            if row.get("kind") == "observation":
                rows.append({key: row[key] for key in ("model", "reference", "hypothesis")})
        except (ValueError, AttributeError, KeyError):
            raise ConfigError(
                f"{path}:{number}: this is no line of a record", mend="remove it, or record anew"
            ) from None
    if not rows:
        raise ConfigError(f"{path} holds no observation", mend="name a file that --asr-record wrote")
    return rows
