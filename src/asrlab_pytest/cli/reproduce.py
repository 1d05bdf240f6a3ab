"""Run the cases of a stored run on this machine, and check that the texts are the same."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from asrlab_pytest.cli.runs import warn, warn_of_damages, warn_of_missing, warn_of_settings
from asrlab_pytest.content import real_path
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.hints import runnable
from asrlab_pytest.options import project_table
from asrlab_pytest.records.differences import differences, weights_differences
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.outputs import refuse_input
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.records.recorder import Recorder
from asrlab_pytest.records.run import Run
from asrlab_pytest.remote import input_file, local_path
from asrlab_pytest.secrets import HiddenError, revealed
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.provenance import run_environment
from asrlab_pytest.suite.reproduce import Outcome, Reproduction
from asrlab_pytest.suite.stored import recorded_settings
from asrlab_pytest.tasks import LISTS, WORDS
from asrlab_pytest.visible import visible


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=input_file, metavar="FILE", help="file of --asr-record or --benchmark-json")
    for name in LISTS.values():
        parser.add_argument(
            f"--{name}",
            type=local_path,
            metavar="PATH",
            help=f"path of its {name} on this machine (default: as recorded)",
        )
    parser.add_argument("--record", type=local_path, metavar="OUT", help="write the new observations to this record")
    parser.add_argument("--dry-run", action="store_true", help="compare the machines without running a model")
    parser.add_argument("--partial", action="store_true", help="accept a run with missing cases")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what differs and, of each text that is another, both. 1 if one differs, or a case or line is missing."""
    recorded = read_run(options.file)
    if options.record is not None:
        refuse_input(options.record, [options.file], option="--record")
    if not recorded.first_pass:
        raise ConfigError(f"{recorded.path} has no observation that can be reproduced", hint="choose another record")
    is_damaged = warn_of_damages(recorded)
    is_incomplete = (warn_of_missing(recorded) and not options.partial) or is_damaged
    warn_of_settings(recorded)
    project, root = project_table(Path.cwd())
    recorder = Recorder(lambda: environment, store=None)
    again = Reproduction(recorded.first_pass, _settings(recorded, options, project, root), root, [recorder.to_record])
    environment = run_environment(again.suite, again.plan, again.tasks)
    _compare(recorded, environment, again)
    if options.dry_run:
        return int(is_incomplete)
    if options.record is not None:
        recorder.start_record(options.record, option="--record")
    outcomes = _make(again)
    is_lost = options.record is not None and _finish(recorder, again, outcomes)
    return int(_report(outcomes) or is_incomplete or is_lost)


def _settings(recorded: Run, options: argparse.Namespace, project: Mapping[str, object], root: Path) -> Settings:
    """The settings of the record; what it hides of them is the project's."""
    settings = recorded_settings(recorded)
    if settings is None:
        raise ConfigError(
            f"{recorded.path} has no environment line, so it is unknown how it was made", hint="choose another record"
        )
    tables = {
        model: table for part in reversed(recorded.parts) for model, table in part.settings.get("models", {}).items()
    }
    corpus, prompts, dialogues = (
        getattr(settings, name) if (path := getattr(options, name)) is None else os.path.relpath(real_path(path), root)
        for name in ("corpus", "prompts", "dialogues")
    )
    models = {model: _revealed(model, table, project) for model, table in {**tables, **settings.models}.items()}
    return dataclasses.replace(settings, models=models, corpus=corpus, prompts=prompts, dialogues=dialogues)


def _revealed(model: str, table: Mapping[str, object], project: Mapping[str, object]) -> Any:
    """A model's table, with what the record hides of it as the project states it."""
    models = project.get("models")
    try:
        return revealed(table, models.get(model) if isinstance(models, Mapping) else None)
    except HiddenError as error:
        raise ConfigError(
            f"model {model}: the record hides its option {error}, and the project does not state it, or not the same",
            hint="state it in the model's table in pyproject.toml; env:NAME is never hidden",
        ) from None


def _compare(recorded: Run, environment: Environment, again: Reproduction) -> None:
    assert recorded.environment is not None
    if recorded.parts:
        count = len(recorded.parts)
        print(f"{recorded.path} was merged from {count} records; only the first record's machine is compared")
    unlike = [
        *differences(recorded.environment, environment),
        *weights_differences([*again.observations, *again.hearers], again.weights()),
    ]
    print("\n".join(map(str, unlike)) if unlike else "same machine")


def _make(again: Reproduction) -> list[Outcome]:
    """Run the cases, and show on a terminal how far it is."""
    total, outcomes = len(again.observations), []
    for number, outcome in enumerate(again.outcomes(), start=1):
        outcomes.append(outcome)
        if sys.stderr.isatty():
            case = visible(f"{outcome.model} {outcome.clip}")
            print(f"\r\x1b[K{number} of {total}: {case}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    return outcomes


def _finish(recorder: Recorder, again: Reproduction, outcomes: list[Outcome]) -> bool:
    """Write what gave no observation, and the end; whether a line of the record is lost."""
    for outcome in outcomes:
        if not outcome.is_made:
            recorder.to_record(
                Failure(task=outcome.task, model=outcome.model, clip=outcome.clip, problem=outcome.problem)
            )
    recorder.end(again.states(outcomes))
    for loss in recorder.losses:
        warn(loss)
    return bool(recorder.losses)


def _report(outcomes: list[Outcome]) -> bool:
    """Print what is not as it was; whether a text is."""
    same = sum(outcome.is_same for outcome in outcomes)
    for outcome in outcomes:
        for line in _sentences(outcome):
            print(line)
    print(f"same text: {same} of {len(outcomes)}")
    return same < len(outcomes)


def _sentences(outcome: Outcome) -> Iterator[str]:
    """What is not as it was."""
    words = WORDS[outcome.task]
    case = f"{outcome.model} on {f'{words.noun} ' if words.speaks else ''}{outcome.clip}"
    if not outcome.is_made:
        yield f"{case}: not {words.done}: {runnable(outcome.problem)}"
        return
    if outcome.is_same:
        if outcome.same_samples is False:
            yield f"{case}: same text, different audio samples"
        return
    yield f"{case}: another text"
    for text in outcome.others:
        what = f"{text.what}, " if text.what else ""
        yield f"  {what}then: {text.then!r}"
        yield f"  {what}now:  {text.now!r}"
    if outcome.same_samples is not None:
        yield f"  the speech samples: {'the same' if outcome.same_samples else 'different'}"
