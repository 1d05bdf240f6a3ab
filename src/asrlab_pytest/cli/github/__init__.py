"""Run a step of the GitHub action in the project that is evaluated."""

from __future__ import annotations

import argparse

from asrlab_pytest.cli.github import comment, evaluation
from asrlab_pytest.remote import local_path


def add_to(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)
    _add_run(steps.add_parser("run", help="run the tests, and write all results to one folder"))
    _add_comment(steps.add_parser("comment", help="write the results as a comment on the pull request, with gh"))


def _add_run(parser: argparse.ArgumentParser) -> None:
    _add_results(parser)
    parser.add_argument("--path", default="evals", metavar="PATHS", help="files and folders of tests (default evals)")
    parser.add_argument("--models", default="", metavar="IDS", help="models to evaluate (default: the project's)")
    parser.add_argument("--args", default="", metavar="OPTIONS", help="additional pytest options, quoted as in a shell")
    parser.add_argument("--baseline", default="", metavar="PATH", help="baseline to compare with (default: none)")
    parser.add_argument(
        "--update-baseline",
        choices=("auto", "always", "never"),
        default="auto",
        help="when to write the baseline (default auto: if there is none, and on the default branch if none is "
        "committed)",
    )
    parser.add_argument(
        "--cached", default="", metavar="KEY", help="key of the cache entry that the baseline was restored from"
    )
    parser.add_argument(
        "--resume", choices=("true", "false"), default="false", help="reuse stored transcripts (default false)"
    )
    parser.set_defaults(run=evaluation.evaluate)


def _add_comment(parser: argparse.ArgumentParser) -> None:
    _add_results(parser)
    parser.add_argument("--name", default="asrlab", help="which comment to update (default asrlab)")
    parser.add_argument("--exit-status", default="", metavar="N", help="exit status of the run")
    parser.set_defaults(run=_comment)


def _add_results(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--results", type=local_path, required=True, metavar="FOLDER", help="folder of the results")


def _comment(options: argparse.Namespace) -> int:
    comment.comment(options.results, options.name, options.exit_status)
    return 0
