"""``asrlab pull MODEL...``: download weights with a progress bar, and say where they lie."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from asrlab_pytest.cli.project import project
from asrlab_pytest.errors import AsrlabError, ModelError
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.hub import answers
from asrlab_pytest.models.spec import ModelSpec, Readiness

if TYPE_CHECKING:
    from asrlab_pytest.cli.types import SubParsers


def add_to(commands: SubParsers) -> None:
    parser = commands.add_parser("pull", help="download the weights of models", description=__doc__)
    parser.add_argument("models", nargs="+", metavar="MODEL", help="model id or glob")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    _, registry = project()
    failed = False
    for spec in registry.select(tuple(options.models)):
        try:
            print(f"{spec.id}: {_pull(spec)}")
        except AsrlabError as error:
            failed = True
            print(f"asrlab: {error}", file=sys.stderr)
    return int(failed)


def _pull(spec: ModelSpec) -> str:
    """Where the weights lie, downloaded if need be."""
    adapter = engine(spec.engine)
    status = adapter.status(spec)
    if status.is_ready:
        try:
            return f"already at {adapter.weights(spec).location}"
        except ModelError:
            pass  # Corrupt: downloaded again below.
    elif status.readiness is not Readiness.WEIGHTS_MISSING:
        raise ModelError(f"model {spec.id}: {status}", mend=status.mend)
    url = adapter.download_url(spec)
    if url is None:
        raise ModelError(f"model {spec.id}: {status}", mend=status.mend)
    if not answers(url):
        raise ModelError(
            f"model {spec.id}: {url} does not answer",
            mend=f"with a network that reaches it: asrlab pull {spec.id}",
        )
    return f"downloaded to {adapter.pull(spec)}"
