"""Show what is in the project's store, or delete old records with prune."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asrlab_pytest.cli.project import settings_and_root
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.records.pruning import Stock, outdated, remove, stock
from asrlab_pytest.records.store import Store, begun
from asrlab_pytest.suite.paths import project_store, speech_folder
from asrlab_pytest.wording import many


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=show)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    prune_parser = actions.add_parser("prune", help="delete old records, and speech that no other record refers to")
    prune_parser.add_argument(
        "--older-than",
        type=_days,
        required=True,
        metavar="DAYS",
        help="delete runs that started more than DAYS days ago",
    )
    prune_parser.add_argument("--dry-run", action="store_true", help="show what would be deleted, and delete nothing")
    prune_parser.set_defaults(run=prune)


def show(options: argparse.Namespace) -> int:  # noqa: ARG001
    """Print how much is there, and since when."""
    store, speech = _store()
    files = stock(store, speech)
    print(f"{store.folder}: {_summary(files)}")
    moments = [moment for moment in map(begun, files.records) if moment is not None]
    if moments:
        print(f"oldest record of {min(moments):%Y-%m-%d}, newest of {max(moments):%Y-%m-%d}")
    return 0


def prune(options: argparse.Namespace) -> int:
    """Delete what is old, and print how much that was."""
    store, speech = _store()
    old = outdated(store, speech, datetime.now(UTC) - timedelta(days=options.older_than))
    if not options.dry_run:
        try:
            remove(old)
        except OSError as error:
            raise ConfigError(f"{error.filename} cannot be deleted: {error.strerror}") from None
    print(f"{store.folder}: {'would delete' if options.dry_run else 'deleted'} {_summary(old)}")
    return 0


def _store() -> tuple[Store, Path | None]:
    """The project's store, and its folder for speech."""
    settings, root = settings_and_root()
    store = project_store(settings, root)
    if store is None:
        raise ConfigError("the project has no store: store is empty in [tool.asrlab]", hint='store = ".asrlab"')
    return store, speech_folder(settings, root)


def _summary(stock: Stock) -> str:
    return (
        f"{many(len(stock.records), 'record')} ({stock.record_bytes / 1e6:.1f} MB), "
        f"{many(len(stock.speech), 'file')} of speech ({stock.speech_bytes / 1e6:.1f} MB)"
    )


def _days(text: str) -> float:
    try:
        days = float(text)
        datetime.now(UTC) - timedelta(days=days)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days") from None
    if days < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is below 0")
    return days
