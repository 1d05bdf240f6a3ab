"""List models, with their status and hints."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import get_terminal_size
from textwrap import wrap

from asrlab_pytest.cli.project import project
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.hints import runnable
from asrlab_pytest.models.device import place
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.licence import licence_of
from asrlab_pytest.models.packaged import written
from asrlab_pytest.models.spec import DEVICES, Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.status import compute_type_on, model_status
from asrlab_pytest.report.layout import cut

_COMMIT = 12
"""Digits of a commit in the table; the JSON has all."""


COLUMNS = (
    *("id", "engine", "tasks", "weights", "revision", "size", "license", "device", "compute_type", "status"),
    *("reason", "hint"),
)
Line = Mapping[str, str]
"""A model as the table shows it, by column."""


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("models", nargs="*", metavar="MODEL", help="model id or glob (default: all)")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--markdown", action="store_true", help="print a Markdown table")
    shape.add_argument("--json", action="store_true", help="print a JSON array")
    parser.add_argument("--device", choices=DEVICES, help="device to check for (default: the project's)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    settings, registry = project()
    chosen = {spec.name for spec in registry.select(tuple(options.models))}
    named = (spec for spec in registry if not options.models or spec.name in chosen)
    specs = sorted(named, key=lambda spec: spec.name not in settings.models)
    lines = [line(spec, spec.device or options.device or settings.device) for spec in specs]
    if options.json:
        print(json.dumps(lines, indent=2))
    else:
        cells = [[_cell(entry, column) for column in COLUMNS] for entry in lines]
        text = _markdown(cells) if options.markdown else _text([_heads(), *cells])
        width = get_terminal_size((80, 24)).columns
        is_too_wide = sys.stdout.isatty() and any(len(row) > width for row in text.splitlines())
        print(_narrow(lines, width) if is_too_wide and not options.markdown else text)
    return 0


def line(spec: ModelSpec, requested: Device) -> Line:
    """What the table says of a model on the device that is asked for. No weights are loaded."""
    status = model_status(spec, requested)
    licence, device, compute_type = spec.license, "-", spec.compute_type or "-"
    try:
        licence = licence_of(spec)
        if status.is_ready or status.hint.startswith("asrlab pull"):
            used = place(requested, engine(spec.engine).devices).used
            device = used if requested in ("auto", used) else f"{used}, not {requested}"
            compute_type = compute_type_on(spec, used)
    except AsrlabError as error:
        reason = error.problem.removeprefix(f"model {spec.id}: ")
        status = Status(Readiness.BROKEN, reason, error.hint) if status.is_ready else status
    return {
        "id": spec.id,
        "engine": spec.engine,
        "tasks": ", ".join(spec.tasks),
        "weights": _relative(spec.weights),
        "revision": spec.revision or "-",
        "size": f"{spec.size_bytes / 1e6:.0f} MB" if spec.size_bytes else "-",
        "license": licence or "-",
        "device": device,
        "compute_type": compute_type,
        "status": status.readiness.value,
        "reason": status.reason,
        "hint": runnable(status.hint) or "-",
    }


def _relative(weights: str) -> str:
    """Weights as a path from the working directory, where they lie below it; those in a package as in its table."""
    path, named = Path(weights), written(weights)
    is_below = named == weights and path.is_absolute() and path.is_relative_to(Path.cwd())
    return str(path.relative_to(Path.cwd())) if is_below else named


def _cell(entry: Line, column: str) -> str:
    """A value as shown in the table; commits are shortened."""
    text = entry[column] or "-"
    return text[:_COMMIT] if column == "revision" else text


def _heads() -> list[str]:
    return [column.replace("_", " ") for column in COLUMNS]


def _text(table: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in table
    )


def _narrow(entries: list[Line], width: int) -> str:
    """The columns that say most, with reason and hint in lines below."""
    names = ("id", "engine", "size", "status")
    rows = _text([[*names], *([_cell(entry, name) for name in names] for entry in entries)]).splitlines()
    lines = rows[:1]
    for row, entry in zip(rows[1:], entries, strict=True):
        lines.append(cut(row, width))
        if entry["status"] != Readiness.READY:
            pull = runnable(f"asrlab pull {entry['id']}")
            hint = entry["hint"]
            details = [hint] if hint == pull else [_cell(entry, "reason"), f"hint: {hint}"]
            for detail in details:
                lines += wrap(detail, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(lines)


def _markdown(cells: list[list[str]]) -> str:
    rows = [_heads(), ["---"] * len(COLUMNS), *cells]
    return "\n".join(f"| {' | '.join(text.replace('|', chr(92) + '|') for text in row)} |" for row in rows)
