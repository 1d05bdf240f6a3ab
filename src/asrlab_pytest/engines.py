"""What an engine is made of: everything that the author of an engine imports."""

from asrlab_pytest.errors import ModelError, TranscriptionError
from asrlab_pytest.models.engine import (
    DialogueAgent,
    Engine,
    Loaded,
    Recognizer,
    Segment,
    Synthesizer,
    Transcript,
    Weights,
    Word,
    load,
)
from asrlab_pytest.models.profile import Profile
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status
from asrlab_pytest.tasks import Task

__all__ = [
    "READY",
    "Device",
    "DialogueAgent",
    "Engine",
    "Loaded",
    "ModelError",
    "ModelSpec",
    "Profile",
    "Readiness",
    "Recognizer",
    "Segment",
    "Status",
    "Synthesizer",
    "Task",
    "Transcript",
    "TranscriptionError",
    "Weights",
    "Word",
    "load",
]
