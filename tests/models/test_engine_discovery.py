"""Engines are found by entry point, and say what they need."""

from importlib.metadata import metadata

import pytest
from engine_packages import install  # noqa: F401 - a fixture
from under_test import model

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models import engine as engines
from asrlab_pytest.models.status import model_status

EXTRAS = {"openai-whisper": "whisper", "faster-whisper": "faster-whisper", "pocketsphinx": "pocketsphinx"}
HEAVY = ("torch", "whisper", "faster_whisper", "ctranslate2", "huggingface_hub", "pocketsphinx", "numpy", "soundfile")


def test_outside_engine(install):  # noqa: F811
    """An engine of another package is found by its entry point."""
    code = "from asrlab_pytest.engines import Engine\nclass Echo(Engine):\n    def load(self, spec, device): ...\n"
    install("echo_engine", code, "echo = echo_engine:Echo")

    assert engines.engine("echo").name == "echo"
    assert "echo" in engines.engine_names()


def test_broken_outside_engine(install):  # noqa: F811
    """An engine whose module cannot be imported is a sentence that names where it comes from."""
    install("sad_engine", "import no_such_module\n", "sad = sad_engine:Sad")

    with pytest.raises(ModelError, match=r"engine 'sad' \(sad_engine:Sad\) does not load: ModuleNotFoundError"):
        engines.engine("sad")


def test_unknown_engine():
    """An engine that no package offers is answered with those that are installed."""
    with pytest.raises(
        ModelError,
        match=r"no engine 'kaldi'; installed: .*espeak-ng, faster-whisper, flite, .*openai-whisper.*pocketsphinx",
    ):
        engines.engine("kaldi")


def test_a_slip_in_the_name_of_an_engine():
    """An engine whose name is nearly that of an installed one is answered with that name."""
    with pytest.raises(ModelError, match=r"hint: did you mean 'openai-whisper'[?] Otherwise install the package"):
        engines.engine("opena-whisper")


@pytest.mark.parametrize(
    ("extra", "names"),
    [
        ("whisper", "'openai-whisper'"),
        ("onnx", "'onnx-asr'"),
        ("sherpa", "'sherpa-onnx'"),
        ("mlx", "'mlx-whisper' or 'parakeet-mlx'"),
        ("lfm2", "'lfm2-audio'"),
    ],
)
def test_the_name_of_an_extra(extra, names):
    """The name of an extra in place of its engine is answered with the engine, and not with another alike."""
    with pytest.raises(ModelError) as caught:
        engines.engine(extra)

    assert caught.value.hint == f"did you mean {names}?"
    assert {*names.replace("'", "").split(" or ")} <= {*engines.engine_names()}


def test_every_extra_is_known():
    """Each extra that brings an engine is called like one, or is known under its own name."""
    extras = {*metadata("asrlab-pytest").get_all("Provides-Extra")} - {"all", "av", "chinese", "datasets", "ray"}

    assert {extra for extra in extras if extra not in engines.engine_names()} == {*engines._OF_EXTRAS}


@pytest.mark.parametrize("name", EXTRAS)
def test_absent_package(run_python, name):
    """An engine whose package is absent says which extra installs it."""
    code = f"""
        from asrlab_pytest.models.engine import engine
        from asrlab_pytest.models.spec import ModelSpec

        status = engine({name!r}).status(ModelSpec(id="mine", engine={name!r}, weights="base"))
        print(status.readiness, "|", status.reason, "|", status.hint)
    """
    package = {"openai-whisper": "whisper"}.get(name, name.replace("-", "_"))

    printed = run_python(code, hidden=[package])

    assert printed.strip() == (
        f'package missing | the package {package} is not installed | uv add --dev "asrlab-pytest[{EXTRAS[name]}]"'
    )


def test_absent_torch(run_python):
    """openai-whisper without torch says which extra installs it."""
    code = """
        from asrlab_pytest.models.engine import engine
        from asrlab_pytest.models.spec import ModelSpec

        print(engine("openai-whisper").status(ModelSpec(id="mine", engine="openai-whisper", weights="base")).hint)
    """

    assert run_python(code, hidden=["torch"]).strip() == 'uv add --dev "asrlab-pytest[whisper]"'


def test_status_loads_nothing_heavy(run_python):
    """Asking for the status of a model imports no framework, no engine's package and no numpy."""
    code = f"""
        import sys
        from asrlab_pytest.models.registry import Registry
        from asrlab_pytest.models.status import model_status

        for name in ("whisper-base", "pocketsphinx-en-us"):
            model_status(Registry()[name], "auto")
        print([name for name in {HEAVY!r} if name in sys.modules])
    """

    assert run_python(code).strip() == "[]"


def test_status_of_faster_whisper_loads_no_engine(run_python):
    """Asking for the status of a faster-whisper model imports neither CTranslate2 nor torch."""
    code = f"""
        import sys
        from asrlab_pytest.models.registry import Registry
        from asrlab_pytest.models.status import model_status

        model_status(Registry()["faster-whisper-base"], "auto")
        print([name for name in {HEAVY!r} if name in sys.modules and name != "huggingface_hub"])
    """

    assert run_python(code).strip() == "[]"


def test_status_of_unknown_engine():
    """A model of an engine that is not installed has a status, and does not break the table."""
    from asrlab_pytest.models.spec import ModelSpec

    status = model_status(ModelSpec(id="mine", engine="kaldi", weights="x"), "auto")

    assert status.readiness == "package missing"
    assert "no engine 'kaldi'" in status.reason


def test_explicit_mps_for_faster_whisper():
    """faster-whisper asked for mps says that there is no such build, and which engine has one."""
    status = model_status(model("faster-whisper", "base"), "mps")

    assert status.readiness == "unsupported here"
    assert "faster-whisper has no mps build" in status.reason
    assert "openai-whisper" in status.hint
