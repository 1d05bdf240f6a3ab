"""pytest's logs: ``--log-file`` and ``--debug``, which are emptied before any test is known, and the live log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from copy import copy
from pathlib import Path

import pytest

from asrlab_pytest.errors import AsrlabError, ConfigError
from asrlab_pytest.options import is_asked, log_file, resolve_settings
from asrlab_pytest.records.outputs import refuse_needed
from asrlab_pytest.secrets import without_secrets
from asrlab_pytest.session.files import SOURCES, inputs, is_same, outputs, part_of_input
from asrlab_pytest.suite.paths import store_folder


class _DiscreetFormatter(logging.Formatter):
    """Formats as another does, without secrets."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self._formatter = formatter

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(self._formatter.format(record))


def hide_secrets(config: pytest.Config) -> None:
    """Leave the secrets that engines log out of pytest's log file and live log."""
    plugin = config.pluginmanager.getplugin("logging-plugin")
    for name in ("log_file_handler", "log_cli_handler"):
        handler = getattr(plugin, name, None)
        if isinstance(handler, logging.Handler) and handler.formatter is not None:
            handler.setFormatter(_DiscreetFormatter(handler.formatter))


def refuse_input(config: pytest.Config) -> None:
    """Refuse a log over a file that the run reads, or over one that it writes.

    Raises:
        pytest.UsageError: it is such a file.
    """
    _refuse(config, log_file(config) or "", "--log-file")


def refuse_debugged_input(early_config: pytest.Config) -> None:
    """Refuse the same of ``--debug``, whose file pytest empties as soon as it has read the command line.

    Args:
        early_config: The configuration, which does not have the values of the command line yet.

    Raises:
        pytest.UsageError: it is such a file.
    """
    config = copy(early_config)
    config.option = early_config.known_args_namespace
    _refuse(config, config.option.debug, "--debug")


def _refuse(config: pytest.Config, name: str, option: str) -> None:
    """Refuse a log over a file of the run. One that ends in ``.log`` is a log, so that no list of clips is read."""
    path = Path(name).absolute()
    if path.suffix == ".log" or not path.is_file() or not path.stat().st_size:
        return
    try:
        refuse_needed(path, option=option)
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from None
    for what, read in _read(config, path):
        if is_same(path, read):
            raise pytest.UsageError(
                f"{option} {path}: the file is {what}, and would be overwritten\n"
                f"  hint: choose another file with {option}"
            )


def _read(config: pytest.Config, path: Path) -> Iterator[tuple[str, Path]]:
    if path.suffix in SOURCES:
        yield "a source of the project", path
    if not is_asked(config):
        return
    from asrlab_pytest.suite.suite import Suite

    try:
        settings, root = resolve_settings(config)
        written = outputs(settings, root, config.invocation_params.dir)
        yield from ((f"what {option} writes", path) for option, path in written)
        suite = Suite(settings, root)
        yield from inputs(config, suite, ())
        if what := part_of_input(path, suite, ()):
            yield what, path
        store = store_folder(settings, root)
        yield from (("a record of the store", path) for path in (store / "runs").glob("*.jsonl")) if store else ()
    except (AsrlabError, OSError):
        # The run reports the error later, if it evaluates anything.
        return
