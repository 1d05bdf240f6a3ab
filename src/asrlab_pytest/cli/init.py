"""Create a starter project: evals, an empty manifest, a commented configuration.

Existing files are not overwritten.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from asrlab_pytest.content import replacing
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.hints import runnable
from asrlab_pytest.remote import local_path
from asrlab_pytest.tasks import TASKS, Task


class Starter(NamedTuple):
    """The files of a task, by their names in the package, and what to do with them."""

    files: tuple[str, ...]
    next: str


STARTERS: Mapping[Task, Starter] = {
    "asr": Starter(
        (
            "evals/test_accuracy.py",
            "evals/test_corpus.py",
            "evals/test_corpus_audit.py",
            "fixtures/audio/manifest.jsonl",
        ),
        "put the audio next to the manifest, add a line for each clip, then run: pytest evals/",
    ),
    "tts": Starter(
        ("evals/test_tts.py", "fixtures/prompts/prompts.jsonl"),
        "write your prompts, then run: pytest evals/test_tts.py --asr-model flite-slt",
    ),
    "conversation": Starter(
        ("evals/test_conversation.py", "fixtures/dialogues/dialogues.jsonl"),
        "record the questions next to dialogues.jsonl, then run: pytest evals/test_conversation.py "
        "--asr-model MODEL (asrlab models lists them)",
    ),
}
CONFIGURATION = "configuration.toml"
PROJECT = "pyproject.toml"


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", type=local_path, default=Path(), help="project folder (default: the current one)"
    )
    parser.add_argument(
        "--task",
        action="append",
        choices=TASKS,
        help="task to evaluate (repeatable; default: asr)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write what is not there yet, and say what to do next.

    Raises:
        ConfigError: the folder or a file in it cannot be written or read.
    """
    try:
        return _create_project(options)
    except (OSError, UnicodeDecodeError) as error:
        raise _refusal(options.folder, error) from None


def _refusal(folder: Path, error: OSError | UnicodeDecodeError) -> ConfigError:
    if isinstance(error, UnicodeDecodeError):
        return ConfigError(f"{folder / PROJECT} is not UTF-8", hint="convert it to UTF-8")
    name = error.filename or folder
    return ConfigError(f"{name} cannot be written: {error.strerror}", hint="name another folder: asrlab init FOLDER")


def _create_project(options: argparse.Namespace) -> int:
    tasks: list[Task] = options.task or ["asr"]
    for task in tasks:
        for target in STARTERS[task].files:
            _create(options.folder / target)
    _configure(options.folder / PROJECT, tasks)
    for task in tasks:
        print(f"next: {runnable(STARTERS[task].next)}")
    return 0


def _create(path: Path) -> None:
    if path.exists():
        print(f"kept    {path} (already exists)")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write(_starter(path.name).encode())
    print(f"wrote   {path}")


def _configure(path: Path, tasks: Sequence[Task]) -> None:
    """Append the configuration table and those of thresholds that the evals of the tasks need, unless they are there.

    Where they cannot be appended, as to a table that is written in one line, they are printed.
    """
    present = path.read_bytes().decode("utf-8") if path.exists() else ""
    document = _document(present, path)
    tables = [_starter(CONFIGURATION), *(table for task in tasks for table in _thresholds(task))]
    missing = {header: table for table in tables if not _has(document, header := _header(table))}
    added, names = "\n".join(missing.values()), ", ".join(missing)
    if not missing:
        print(f"kept    {path} (it has a [tool.asrlab] table)")
    elif not _is_toml(f"{present}\n{added}"):
        print(f"kept    {path}: add {names} to it yourself:\n\n{added}")
    else:
        gap = "\n" if present.endswith("\n") else "\n\n" if present else ""
        line_end = "\r\n" if "\r\n" in present else "\n"
        with replacing(path) as file:
            file.write((present + (gap + added).replace("\n", line_end)).encode())
        print(f"added {names} to {path}" if present else f"wrote   {path}")


def _document(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from None


def _is_toml(text: str) -> bool:
    with suppress(tomllib.TOMLDecodeError):
        tomllib.loads(text)
        return True
    return False


def _thresholds(task: Task) -> list[str]:
    """The tables of a task's thresholds, each with its comment."""
    return [f"{table.strip()}\n" for table in _starter(f"thresholds_{task}.toml").split("\n\n")]


def _header(table: str) -> str:
    return next(line for line in table.splitlines() if line.startswith("["))


def _has(document: object, header: str) -> bool:
    """Whether a document has the table of a header."""
    for key in header.strip("[]").split("."):
        if not isinstance(document, dict) or key not in document:
            return False
        document = document[key]
    return True


def _starter(name: str) -> str:
    return files("asrlab_pytest.cli").joinpath("starter", name).read_text(encoding="utf-8")
