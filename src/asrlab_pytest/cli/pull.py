"""Download weights with a progress bar, and show where they are stored.

Weights under a restrictive license are downloaded only after you accept it, at the prompt or with --accept-license.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial

from asrlab_pytest.cli.project import project
from asrlab_pytest.errors import AsrlabError, ModelError
from asrlab_pytest.inference.engine_trace import engine_error, engine_trace
from asrlab_pytest.models.contained import asked
from asrlab_pytest.models.engine import Engine, engine
from asrlab_pytest.models.hub import no_answer
from asrlab_pytest.models.licence import accept, in_words, is_accepted, licence_of
from asrlab_pytest.models.packaged import packaged_status
from asrlab_pytest.models.spec import READY, ModelSpec, Readiness
from asrlab_pytest.models.status import pinned_status, pulled
from asrlab_pytest.models.support.common import refuse_unready


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("models", nargs="+", metavar="MODEL", help="model id or glob")
    parser.add_argument(
        "--accept-license", action="store_true", help="accept the license of the weights without asking"
    )
    parser.add_argument("--again", action="store_true", help="replace damaged weights: download or convert them again")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    _, registry = project()
    failed = False
    for name in dict.fromkeys(spec.name for spec in registry.select(tuple(options.models))):
        try:
            spec = registry[name]
            asked(name, spec.engine, "where its weights are", partial(_fetch, spec, options))
        except AsrlabError as error:
            failed = True
            cause = engine_error(error)
            trace = "" if cause is None else engine_trace(cause)
            print("\n".join(filter(None, (f"asrlab: {error}", trace))), file=sys.stderr)
    return int(failed)


def _fetch(model: ModelSpec, options: argparse.Namespace) -> None:
    spec = _part_without_weights(model)
    refuse_unready(spec, packaged_status(spec) or READY)
    print(f"{model.name}: {_pull(spec, accepts=options.accept_license, again=options.again)}")
    refuse_unready(spec, pinned_status(engine(spec.engine), spec) or READY)


def _part_without_weights(spec: ModelSpec) -> ModelSpec:
    """The model for a task that lacks weights, as one may need more than another; for its first where none does."""
    adapter = engine(spec.engine)
    return next((part for part in spec.by_task if not adapter.status(part).is_ready), spec)


def _pull(spec: ModelSpec, *, accepts: bool, again: bool = False) -> str:
    """Where the weights lie, downloaded if need be."""
    adapter = engine(spec.engine)
    if again:
        return _again(spec, accepts=accepts)
    status = adapter.status(spec)
    if status.is_ready:
        try:
            return f"already {_at(spec, adapter.weights(spec).location)}"
        except ModelError:
            return _again(spec, accepts=accepts)  # It is damaged.
    url = adapter.download_url(spec) if status.readiness is Readiness.WEIGHTS_MISSING else None
    if url is None and not (status.readiness is Readiness.WEIGHTS_MISSING and _has_only_pull(adapter)):
        is_circular = "asrlab pull" in status.hint
        hint = f"engine {spec.engine} has no pull: put the weights there" if is_circular else status.hint
        raise ModelError(f"model {spec.id}: {status}", hint=hint)
    _settle_licence(spec, accepts=accepts)
    if url is not None:
        _require_answer(spec, url)
    return f"downloaded {_at(spec, pulled(spec), 'to')}"


def _has_only_pull(adapter: Engine) -> bool:
    """Whether an engine downloads weights, and does not say from where."""
    kind = type(adapter)
    return kind.download_url is Engine.download_url and kind.pull is not Engine.pull


def _at(spec: ModelSpec, location: object, preposition: str = "at") -> str:
    """Where the weights are, in words; an engine of another package may not say."""
    return f"there (engine {spec.engine} does not say where)" if location is None else f"{preposition} {location}"


def _again(spec: ModelSpec, *, accepts: bool) -> str:
    """Where the weights lie, downloaded or converted again. What is there stays where no hub answers."""
    adapter = engine(spec.engine)
    url = adapter.download_url(spec)
    if url is not None:
        _settle_licence(spec, accepts=accepts)
        _require_answer(spec, url)
    adapter.discard(spec)
    return f"{'made' if url is None else 'downloaded'} again {_at(spec, pulled(spec), 'to')}"


def _require_answer(spec: ModelSpec, url: str) -> None:
    """Raises ModelError where nothing can be downloaded."""
    missing = no_answer(url)
    if missing is not None:
        correct = f"correct weights in [tool.asrlab.models.{spec.name}], or download_url of engine {spec.engine}"
        again = f"on a network that can reach it, run: asrlab pull {spec.name}"
        raise ModelError(f"model {spec.id}: {missing.problem}", hint=correct if missing.is_wrong else again)


def _settle_licence(spec: ModelSpec, *, accepts: bool) -> None:
    """Have the licence of the weights accepted, and remember it.

    Raises:
        ModelError: it is not accepted.
    """
    licence = licence_of(spec)
    if licence is None or is_accepted(spec):
        return
    if not accepts and not sys.stdin.isatty():
        raise ModelError(
            f"model {spec.id}: the license of its weights must be accepted first: {in_words(spec)}",
            hint=f"asrlab pull --accept-license {spec.name}",
        )
    if not accepts:
        print(f"{spec.id}: its weights are under the {in_words(spec)}.", file=sys.stderr)
        answer = input("Accept it? [y/N] ")
        if answer.strip().lower() not in ("y", "yes"):
            raise ModelError(
                f"model {spec.id}: the {licence} was not accepted; nothing was downloaded",
                hint=f"choose another model, or accept it: asrlab pull {spec.name}",
            )
    accept(licence)
