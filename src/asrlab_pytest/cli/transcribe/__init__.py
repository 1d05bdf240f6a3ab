"""Transcribe a corpus without pytest, and judge it later with pytest --asr-rescore.

Models run one after the other. Each transcript is on disk as soon as it is made: after an interruption, run the same
command again to continue.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path

from asrlab_pytest.cli import INTERRUPTED
from asrlab_pytest.cli.interruptible import interruptible
from asrlab_pytest.cli.output import output_at
from asrlab_pytest.cli.runs import warn
from asrlab_pytest.cli.transcribe.progress import ProgressLine
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.hints import runnable
from asrlab_pytest.models.contained import keep_status, uninterrupted
from asrlab_pytest.models.gpus import choose_gpu
from asrlab_pytest.options import DEVICES, project_table, settings_of
from asrlab_pytest.records.earlier import Earlier
from asrlab_pytest.records.recorder import Recorder
from asrlab_pytest.records.store import Store
from asrlab_pytest.remote import Output
from asrlab_pytest.settings import Settings
from asrlab_pytest.shards import shard_of
from asrlab_pytest.suite.on_ray import RayWorkers
from asrlab_pytest.suite.paths import project_store
from asrlab_pytest.suite.transcribing import Transcription, Workers
from asrlab_pytest.suite.workload import workload
from asrlab_pytest.wording import many

SHOWN = 10
"""Failures that are listed."""
_GIVEN = ("model", "clip", "corpus", "shard", "language", "device", "profile", "batch_size", "timeout", "store")
"""Options that are settings of the same name."""


def add_to(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--model", action="append", metavar="ID", help="model to run, by id or glob (repeatable)")
    add("--corpus", metavar="NAME_OR_PATH", help="corpus (default: the project's)")
    add("--clip", action="append", metavar="CLIP", help="clips to use, by id, glob, tag or filter (repeatable)")
    add("--shard", metavar="I/N", help="part of the clips to run, such as 1/4; auto takes it from the Slurm or CI job")
    add("--language", metavar="CODE", help="language of clips that state none")
    add(
        "--device",
        choices=DEVICES,
        metavar="DEVICE",
        help="device to run on (default auto)",
    )
    add("--profile", metavar="NAME", help="decoding profile of models without one (default fair)")
    add("--batch-size", type=int, metavar="N", help="clips to transcribe in one call, if the engine can (default 1)")
    add("--timeout", type=float, metavar="SECONDS", help="time limit for one clip (default none, 600 in CI)")
    add("--store", metavar="PATH", help="folder that stores transcripts without -o (default .asrlab)")
    add("-o", "--output", metavar="OUT", help="path or URL of the record to write or continue (default: the store)")
    add("--on", choices=("ray",), help="run on a Ray cluster, and write the record OUT here")
    add("--address", metavar="ADDRESS", help="address of the Ray cluster (default: this machine's)")
    add("--cores", type=int, metavar="N", help="cores of each model on the cluster (default 4; 1 with a GPU)")
    add("--retry", action="store_true", help="retry the failed clips of the record OUT")
    add("--force", action="store_true", help="replace OUT instead of continuing it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Transcribe. Returns 1 if a clip has no transcript or a model does not load, and 130 if interrupted."""
    settings, root = _settings(options)
    choose_gpu(settings.gpu, None)
    transcription = Transcription(workload(settings, root, options.model or ()))
    for words in [*transcription.check(), *(f"not run: {reason}" for reason in transcription.not_run)]:
        warn(words)
    with uninterrupted(), nullcontext() if options.output is None else output_at(options.output) as output:
        status = _transcribe(options, transcription, output)
    if status:
        keep_status(status)
    return status


def _settings(options: argparse.Namespace) -> tuple[Settings, Path]:
    """The project's settings, without those that only concern tests."""
    if (options.retry or options.force or options.on) and options.output is None:
        raise ConfigError("--retry, --force and --on need a record", hint="name it with -o")
    if (options.address or options.cores) and not options.on:
        raise ConfigError("--address and --cores need a cluster", hint="add --on ray")
    table, root = project_table(Path.cwd())
    if options.shard is not None:
        options.shard = str(shard_of(options.shard, option="--shard"))
    given = {name: value for name in _GIVEN if (value := getattr(options, name)) is not None}
    settings = settings_of(table, root, given, Path.cwd())
    record = options.output
    if record is None and not settings.store:
        raise ConfigError("nowhere to write transcripts: there is no store", hint="name a record with -o")
    settings = replace(
        settings.without_tests(),
        markdown=None,
        witness=(),
        record=record,
        resume=record is None,
    )
    return settings, root


def _transcribe(options: argparse.Namespace, transcription: Transcription, output: Output | None) -> int:
    suite = transcription.suite
    store = project_store(suite.settings, suite.root) if options.output is None else None
    workers = _workers(options, store)
    cluster = workers.describe()
    recorder = Recorder(lambda: transcription.environment(cluster), store)
    states = None
    try:
        earlier = _earlier(recorder, options, output)
        for words in transcription.refuse_other_models(earlier):
            warn(words)
        if earlier.is_ended:
            transcription.refuse_other_audio(earlier)
            return _report_earlier(options.output, earlier)
        if output:
            output.upload()
        lines = transcription.lines(workers, earlier)
        with interruptible(recorder, "--timeout"), closing(lines), ProgressLine(transcription, sys.stderr) as progress:
            for line in lines:
                recorder.to_record(line)
                recorder.to_store(line)
                progress.advance(line)
                _upload_if_due(output)
        states = transcription.states(in_parallel=cluster is not None)
    except KeyboardInterrupt:
        warn("interrupted; run the same command again to continue")
        return INTERRUPTED
    finally:
        recorder.end(states)
        workers.close()
    for remark in workers.remarks:
        warn(remark)
    return _report(recorder, transcription)


def _workers(options: argparse.Namespace, store: Store | None) -> Workers:
    """What runs the models."""
    if options.on is None:
        from asrlab_pytest.suite.transcribing import ThisProcess

        return ThisProcess(store.recall if store else None)
    return RayWorkers(options.address, options.cores)


def _upload_if_due(output: Output | None) -> None:
    """Upload what was written so far; if that fails, the run goes on, as it is tried again."""
    try:
        if output:
            output.upload_if_due()
    except ConfigError as error:
        warn(f"not uploaded yet: {error.problem}")


def _earlier(recorder: Recorder, options: argparse.Namespace, output: Output | None) -> Earlier:
    """What the requested record already has."""
    if output is None:
        return Earlier()
    if not options.force:
        return recorder.continue_record(output.path, retry=options.retry)
    recorder.start_record(output.path, option="-o")
    return Earlier()


def _report_earlier(path: str, earlier: Earlier) -> int:
    """Say what is in a complete record."""
    print(f"{path} is complete: {many(len(earlier.observed), 'observation')}, {len(earlier.failures)} failed")
    if earlier.failures:
        warn("to retry the failed clips, run it again with --retry")
    return int(bool(earlier.failures))


def _report(recorder: Recorder, transcription: Transcription) -> int:
    """Print the result of the run."""
    runs = transcription.runs
    errors = [str(run.load_error) for run in runs.values() if run.load_error is not None]
    failures = [failure for run in runs.values() for failure in run.errors.values()]
    losses = [*recorder.losses, *recorder.remarks]
    for words in [*errors, *(runnable(f"{failure.model}: {failure.problem}") for failure in failures[:SHOWN]), *losses]:
        warn(words)
    if len(failures) > SHOWN:
        warn(f"and {len(failures) - SHOWN} more")
    for model, run in runs.items():
        failed = f", {len(run.errors)} failed" if run.errors else ""
        nodes = f", on {many(run.nodes, 'node')}" if run.nodes is not None else ""
        print(f"{model}: {many(run.observed, 'observation')}{failed}{nodes}")
    path = transcription.suite.settings.record
    print(runnable(f"judge: pytest --asr-rescore {path}" if path else "judge: pytest --asr-resume"))
    return int(bool(errors or failures or losses))
