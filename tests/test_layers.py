"""Which part of the package may import which: data moves one way, and no two parts need each other."""

import ast
import re
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import asrlab_pytest

SOURCE = Path(asrlab_pytest.__file__).parent
LAYERS = (
    "patterns",
    "secrets waveform",
    (
        "visible wording hints errors frames tasks languages content writing_systems validation progress "
        "thresholds shards grouping"
    ),
    "protocols remote",
    "corpus",
    "models engines",
    "measure",
    "records",
    "sound",
    "scoring settings options",
    "gates audit",
    "inference timing",
    "report",
    "suite transcripts",
    "session",
    "cases",
    "fixtures plugin",
    "cli",
)
"""Folders and files of the package, the lowest first. Nothing imports what lies above it."""
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer.split()}
NEVER = {
    "scoring": {"models", "inference"},
    "gates": {"models", "inference", "suite"},
    "audit": {"inference"},
    "report": {"inference", "session", "cases"},
    "records": {"inference"},
    "models": {"scoring", "inference", "session"},
    "inference": {"scoring", "gates", "suite"},
    "suite": {"session", "cases"},
}
"""What the layers say already, and what is most easily broken: who scores a record needs no model."""


@cache
def imports():
    """Pairs of modules of which the first imports the second, at load time, later or for its annotations."""
    names = {_name(path): path for path in SOURCE.rglob("*.py") if "starter" not in path.parts}
    return [
        (module, target)
        for module, path in names.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for target in _targets(node, names)
        if target != module
    ]


def _name(path):
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _targets(node, names):
    if isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            yield from [whole] if whole in names else [node.module] if node.module in names else []
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in names)


def _room(module):
    return module.split(".")[1] if "." in module else ""


def test_one_direction():
    """No part of the package imports one above it, at load time or within a function."""
    upward = {
        f"{module} -> {target}"
        for module, target in imports()
        if _room(module) and _room(target) and RANK[_room(target)] > RANK[_room(module)]
    }
    assert upward == set()


def test_never():
    """What a record needs never loads a model, and what runs one never judges."""
    broken = {
        f"{module} -> {target}"
        for module, target in imports()
        if _room(target) in NEVER.get(_room(module), ()) and _room(target) not in {"", _room(module)}
    }
    assert {edge for edge in broken if "models.spec" not in edge} == set()


def test_no_circle():
    """No two files need each other."""
    needs = defaultdict(set)
    for module, target in imports():
        needs[module].add(target)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


UNTYPED = re.compile(r"row\[\"|(?:dict|Mapping)\[str, Any\]")
MAY_BE_UNTYPED = {
    "options that engines and readers of other authors take as they are: `Engine(**spec.options)`": (
        "corpus/table models/spec models/engine models/engines/cascade models/engines/faster_whisper "
        "models/engines/openai_api models/engines/whisper_cpp"
    ),
    "tables of TOML and options of the command line, before they are validated": (
        "cli/corpus/source options session/header"
    ),
    "lines and rows of corpora": (
        "validation corpus/clip corpus/readers/audiofolder corpus/readers/common_voice corpus/readers/datasets "
        "corpus/readers/table"
    ),
    "answers of engines' libraries, servers and processes": (
        "inference/fresh inference/isolated models/engines/command models/engines/lfm2/files models/support/json_lines "
        "models/support/whisper suite/ray_pool"
    ),
    "lines of records and baselines, as they are read and written": (
        "records/baseline records/baseline_lines records/earlier records/environment records/model "
        "records/observation records/reading records/types records/writing"
    ),
    "reports of xdist and the JSON of pytest-benchmark": "session/benchmarks session/listener",
    "vectors of a protocol's file": "protocols/entities/protocol",
}
"""Where values have no types of ours, and why."""


def test_untyped_values_are_read_or_written():
    """Plain JSON and tables pass between no other modules than those that read or write them."""
    untyped = {
        path.relative_to(SOURCE).with_suffix("").as_posix()
        for path in SOURCE.rglob("*.py")
        if UNTYPED.search(path.read_text(encoding="utf-8"))
    }
    assert untyped == {module for modules in MAY_BE_UNTYPED.values() for module in modules.split()}


def test_paths_that_raise_runtime_errors():
    """`real_path` and `expanded_path` stand for the methods of `Path` that raise RuntimeError, which nobody catches."""
    files = {path for path in SOURCE.rglob("*.py") if _RAISES.search(path.read_text(encoding="utf-8"))}
    assert files == {SOURCE / "content.py"}


_RAISES = re.compile(r"\.resolve\(\)|(?<!os\.path)\.expanduser\(")
"""`resolve` does before Python 3.13, for links that lead to themselves; `expanduser`, for a home that is unknown."""
