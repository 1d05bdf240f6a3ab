"""The command that lists the entities of a stored run's clips in their manifest."""

from __future__ import annotations

import shlex

from asrlab_pytest.cli.corpus.source import manifest_path
from asrlab_pytest.cli.project import settings_here
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.records.reading import Run
from asrlab_pytest.settings import Settings


def entities_command(run: Run, settings: Settings) -> str:
    """The command for the corpus of a run; empty if it has no manifest here, such as transcripts without a corpus.

    Args:
        run: The run.
        settings: Those of the run.
    """
    here = settings_here()
    is_default = settings.corpus == here.corpus
    try:
        manifest = manifest_path(None if is_default else settings.corpus)
    except AsrlabError:
        return ""
    name = settings.corpus if settings.corpus in here.corpora else manifest.resolve().parent.name
    corpus = run.environment["corpus"] if run.environment else None
    if corpus is None or corpus["name"] != name or not manifest.is_file():
        return ""
    return f"asrlab corpus entities{'' if is_default else ' ' + shlex.quote(settings.corpus)} --write"
