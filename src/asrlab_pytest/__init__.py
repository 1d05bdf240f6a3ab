"""Evaluate speech-recognition models with pytest: accuracy, speed and memory, on your audio and your machine."""

from asrlab_pytest.corpus.clip import Clip, Corpus
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.models.spec import ModelSpec, Readiness, Status
from asrlab_pytest.thresholds import Thresholds

__all__ = [
    "AsrlabError",
    "Clip",
    "Corpus",
    "ModelSpec",
    "Readiness",
    "Status",
    "Thresholds",
]
