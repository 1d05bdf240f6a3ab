"""What an engine is given by its base class, and what is said of one that lacks something."""

import re

import pytest
from engine_packages import install  # noqa: F401 - a fixture

from asrlab_pytest.cli import main
from asrlab_pytest.engines import ModelError, ModelSpec, Readiness
from asrlab_pytest.inference.boundary import loaded_by_engine
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.status import model_status

TINY = """
from asrlab_pytest.engines import Engine, Recognizer, Transcript

class Tiny(Engine):
    options = {"pause_s": 0.5, "beam": 1, "title": str}

    def load(self, spec, device) -> "TinyRecognizer":
        return TinyRecognizer()

class TinyRecognizer(Recognizer):
    def transcribe(self, samples, language):
        return Transcript(text="tiny")
"""
NO_LOAD = "from asrlab_pytest.engines import Engine\nclass Tiny(Engine):\n    name = 'tiny'\n"
NO_BASE = "class Tiny:\n    name = 'tiny'\n"
RAISES = TINY.replace(
    "    def load", '    def status(self, spec):\n        raise RuntimeError("driver too old")\n\n    def load'
)
NO_TRANSCRIBE = TINY.replace("def transcribe", "def write")


def spec(weights="small", **options):
    return ModelSpec(id="mine", engine="tiny", weights=weights, options=options)


@pytest.fixture
def tiny(install):  # noqa: F811
    return lambda code=TINY: install("tiny_engine", code, "tiny = tiny_engine:Tiny")


@pytest.fixture
def project_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_load_and_transcribe_are_enough(tiny):
    """An engine of two methods is ready, has a name, and loads a model that says how it runs."""
    tiny()
    loaded, _ = loaded_by_engine(spec(beam=5), "cpu")

    assert model_status(spec(), "auto").is_ready
    assert engine("tiny").name == "tiny"
    assert (loaded.device, loaded.compute_type) == ("cpu", "float32")
    assert loaded.settings == {"pause_s": 0.5, "beam": 5}
    assert [transcript.text for transcript in loaded.transcribe_batch([[0], [0]], "en")] == ["tiny", "tiny"]
    assert engine("tiny").weights(spec()).sha256 is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (NO_LOAD, "engine 'tiny' (tiny_engine:Tiny) has no method load"),
        (NO_BASE, "engine 'tiny' (tiny_engine:Tiny) does not derive from asrlab_pytest.engines.Engine"),
        (NO_TRANSCRIBE, "loads a TinyRecognizer that has no method transcribe"),
        (RAISES, "engine tiny cannot tell: RuntimeError: driver too old"),
    ],
    ids=["load", "base", "transcribe", "status"],
)
def test_an_incomplete_engine(tiny, project_folder, capsys, code, reason):
    """An engine that lacks something is broken, in a sentence, and the table of models is printed."""
    tiny(code)
    (project_folder / "pyproject.toml").write_text('[tool.asrlab.models.mine]\nengine = "tiny"\nweights = "small"\n')
    status = model_status(spec(), "auto")

    assert status.readiness is Readiness.BROKEN
    assert reason in status.reason
    assert main(["models"]) == 0
    assert re.search(r"^mine +tiny .*broken", printed := capsys.readouterr().out, re.MULTILINE)
    assert "whisper-base" in printed


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"pause": 1}, "engine tiny has no option 'pause'; did you mean pause_s?"),
        ({"colour": 1}, "engine tiny has no option 'colour'; it knows beam, pause_s, title"),
        ({"beam": 1.5}, "option beam of engine tiny takes a whole number, not 1.5"),
        ({"beam": True}, "option beam of engine tiny takes a whole number, not True"),
        ({"pause_s": "long"}, "option pause_s of engine tiny takes a number, not 'long'"),
        ({"title": 3}, "option title of engine tiny takes a text, not 3"),
    ],
)
def test_wrong_options(tiny, options, reason):
    """An option that the engine does not know or that has another type breaks the model before anything is loaded."""
    tiny()
    status = model_status(spec(**options), "auto")

    assert (status.readiness, status.reason) == (Readiness.BROKEN, reason)
    assert status.hint == "correct [tool.asrlab.models.mine.options]"


def test_a_whole_number_is_a_number(tiny):
    """An option that takes a number takes a whole one too."""
    tiny()

    assert model_status(spec(pause_s=1), "auto").is_ready


def test_weights_that_are_a_path(tiny, tmp_path):
    """Weights that are a path must be there, and are told from others by their bytes."""
    tiny()
    folder = tmp_path / "weights"
    missing = model_status(spec(str(folder)), "auto")
    (folder / "part").mkdir(parents=True)
    (folder / "part" / "a.bin").write_bytes(b"1")
    first = engine("tiny").weights(spec(str(folder))).sha256

    assert missing.readiness is Readiness.WEIGHTS_MISSING
    assert missing.reason.startswith("no file or folder")
    assert first is not None
    assert engine("tiny").pull(spec(str(folder))) == folder


def test_a_missing_module(tiny):
    """An engine that lacks what it imports says which package, and how to install it."""
    tiny(TINY.replace("    options", '    modules = ("no_such_module",)\n    install = "uv add no-such"\n    options'))
    status = model_status(spec(), "auto")

    assert status.readiness is Readiness.PACKAGE_MISSING
    assert (status.reason, status.hint) == ("the package no_such_module is not installed", "uv add no-such")


def test_a_number_format_that_there_is_not(tiny):
    """A number format that the engine does not compute in is refused with the one that it has."""
    tiny()
    with pytest.raises(ModelError, match="model mine: tiny computes in float32 only, not int3"):
        engine("tiny").resolve_compute_type(
            ModelSpec(id="mine", engine="tiny", weights="small", compute_type="int3"), "cpu"
        )
