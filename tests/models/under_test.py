"""What the tests of the models put under test."""

import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.models.engine import engine as make_engine
from asrlab_pytest.models.profile import FAIR
from asrlab_pytest.models.spec import ModelSpec
from lazily import imported

AUDIO = Path(__file__).parents[2] / "fixtures" / "audio" / "clips"
SAMPLE_RATE = 16_000
PACKAGES = {"openai-whisper": "whisper", "faster-whisper": "faster_whisper", "pocketsphinx": "pocketsphinx"}
THREADS = {"openai-whisper": {"threads": 1}, "faster-whisper": {"cpu_threads": 1}, "pocketsphinx": {}}


@dataclass(frozen=True)
class Pair:
    """The same weights in the formats of both engines."""

    checkpoint: Path
    folder: Path

    def weights(self, engine):
        return str(self.checkpoint if engine == "openai-whisper" else self.folder)


def clip(name, text=""):
    """A clip of the repository's own."""
    path = next(AUDIO.glob(f"{name}.*"))
    return Clip(id=name, audio=path, text=text, language="en")


def model(engine, weights, *, profile=FAIR, compute_type=None, **options):
    """A model that computes in one thread."""
    return ModelSpec(
        id="under-test",
        engine=engine,
        weights=str(weights),
        profile=profile,
        compute_type=compute_type,
        options={**THREADS[engine], **options},
    )


def heard(name):
    """The samples of a clip of the repository's own, as an engine is given them."""
    return load_audio(clip(name)).samples.copy()


def import_package(engine):
    """Import an engine's package before it is needed, as if a test before had needed it."""
    imported(PACKAGES[engine])


def load(spec, device="cpu"):
    """A recognizer, without a handle around it."""
    import_package(spec.engine)
    return make_engine(spec.engine).load(spec, device)


@contextmanager
def at_once():
    """What happens inside takes less than a second of this process's own time."""
    start = time.process_time()
    yield
    assert time.process_time() - start < 1.0
