"""Names of the sources: a local or an argument says what it holds."""

import ast

from doc_pages import ROOT

EMPTY = {"found", "one", "own", "told", "heard", "made", "kept"}
"""Participles and pronouns: any noun says more. Fields may have them, where a file format does."""
HASHED = ("protocols/normalization", "protocols/entities")
"""Sources that are part of the signatures of scores, whose names are as stable as their rules."""


def _names(function):
    """The arguments and locals of a function, with their lines."""
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            yield node.arg, node.lineno
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


def test_names_say_what_they_hold():
    """No argument and no local of the package is called by a word that fits anything."""
    files = [path for path in (ROOT / "src").rglob("*.py") if not any(room in path.as_posix() for room in HASHED)]
    empty = {
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in files
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for name, line in _names(function)
        if name in EMPTY
    }
    assert sorted(empty) == []
