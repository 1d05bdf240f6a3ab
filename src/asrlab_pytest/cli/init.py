"""``asrlab init``: lay a starter into a project: evals, a manifest to fill, a commented configuration.

Nothing that exists is overwritten.
"""

from __future__ import annotations

import argparse
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asrlab_pytest.cli.types import SubParsers

STARTER = {
    "evals/test_accuracy.py": "test_accuracy.py",
    "evals/test_corpus.py": "test_corpus.py",
    "fixtures/audio/manifest.jsonl": "manifest.jsonl",
}
CONFIGURATION = "configuration.toml"


def add_to(commands: SubParsers) -> None:
    parser = commands.add_parser("init", help="lay a starter into this project", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), help="the project's folder (default: this one)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    for target, source in STARTER.items():
        path = options.folder / target
        if path.exists():
            print(f"kept    {path} (it was there)")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_starter(source), encoding="utf-8")
        print(f"wrote   {path}")
    _configure(options.folder / "pyproject.toml")
    print("next: put audio beside the manifest, a line for each clip in it, then run: pytest evals/")
    return 0


def _configure(path: Path) -> None:
    """Append the configuration table, unless the file has one."""
    present = path.read_text(encoding="utf-8") if path.exists() else ""
    if "[tool.asrlab" in present:
        print(f"kept    {path} (it has a [tool.asrlab] table)")
        return
    gap = "\n" if present and present.endswith("\n") else "\n\n" if present else ""
    with path.open("a", encoding="utf-8") as file:
        file.write(gap + _starter(CONFIGURATION))
    print(f"{'added [tool.asrlab] to' if present else 'wrote  '} {path}")


def _starter(name: str) -> str:
    return files("asrlab_pytest.cli").joinpath("starter", name).read_text(encoding="utf-8")
