"""Evaluate speech-recognition models with pytest: accuracy, speed and memory, on your audio and your machine."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asrlab_pytest.corpus.clip import Clip
    from asrlab_pytest.corpus.in_code import corpus_of
    from asrlab_pytest.corpus.readers.listing import text_lines
    from asrlab_pytest.corpus.samples import Corpus
    from asrlab_pytest.corpus.table import CorpusTable
    from asrlab_pytest.errors import AsrGateWarning, AsrlabError, AsrlabWarning, CorpusError
    from asrlab_pytest.models.profile import Profile
    from asrlab_pytest.models.spec import ModelSpec, Readiness, Status
    from asrlab_pytest.scoring.score import Score
    from asrlab_pytest.scoring.texts import score
    from asrlab_pytest.thresholds import Thresholds

__all__ = [
    "AsrGateWarning",
    "AsrlabError",
    "AsrlabWarning",
    "Clip",
    "Corpus",
    "CorpusError",
    "CorpusTable",
    "ModelSpec",
    "Profile",
    "Readiness",
    "Score",
    "Status",
    "Thresholds",
    "corpus_of",
    "score",
    "text_lines",
]

_HOMES = {
    "AsrGateWarning": "errors",
    "AsrlabError": "errors",
    "AsrlabWarning": "errors",
    "Clip": "corpus.clip",
    "Corpus": "corpus.samples",
    "CorpusError": "errors",
    "CorpusTable": "corpus.table",
    "ModelSpec": "models.spec",
    "Profile": "models.profile",
    "Readiness": "models.spec",
    "Score": "scoring.score",
    "Status": "models.spec",
    "Thresholds": "thresholds",
    "corpus_of": "corpus.in_code",
    "score": "scoring.texts",
    "text_lines": "corpus.readers.listing",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: every pytest run in the environment imports this package."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
