"""The locations of a project's files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.content import real_path
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.remote import input_file, is_url, local_path

if TYPE_CHECKING:
    from asrlab_pytest.records.store import Store
    from asrlab_pytest.settings import Settings


def store_folder(settings: Settings, root: Path) -> Path | None:
    """The store; None if there is none."""
    return local_path(settings.store, root) if settings.store else None


def project_store(settings: Settings, root: Path) -> Store | None:
    """What reads and writes the store; None if there is none."""
    from asrlab_pytest.records.store import Store

    folder = store_folder(settings, root)
    return None if folder is None else Store(folder)


def speech_folder(settings: Settings, root: Path) -> Path | None:
    """The folder that speech is kept in; None if it is not kept."""
    if settings.speech is None:
        store = store_folder(settings, root)
        return store / "speech" if store else None
    return local_path(settings.speech, root) if settings.speech else None


def output_file(asked: str, folder: Path) -> Path:
    """A file that a run writes, as an option or the project names it, from the folder that pytest was called in.

    Raises:
        ConfigError: it is named by a URL.
    """
    if is_url(asked):
        raise ConfigError(f"pytest does not write to a URL: {asked}", hint="asrlab transcribe does: pass it with -o")
    return local_path(asked, folder)


def input_at(asked: str, folder: Path) -> Path:
    """A file that a run reads, as an option or the project names it, by a path or a URL."""
    return input_file(asked) if is_url(asked) else local_path(asked, folder)


def baseline_name(settings: Settings, root: Path) -> str:
    """The baseline for people elsewhere: its path from the root, or its name if it is not below it."""
    path = baseline_file(settings, root)
    if path is None:
        return ""
    try:
        return real_path(path).relative_to(real_path(root)).as_posix()
    except ValueError:
        return path.name


def baseline_file(settings: Settings, root: Path) -> Path | None:
    """The file of the baseline; None if there is none."""
    if settings.baseline is None:
        return None
    make = output_file if settings.update_baseline else input_at
    return make(settings.baseline, root)
