"""What is said of an LFM2-Audio model that cannot run here. Nothing of this needs the package."""

import subprocess
import sys

import pytest

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engines.lfm2 import engine as lfm2_audio
from asrlab_pytest.models.engines.lfm2.engine import Lfm2Audio
from asrlab_pytest.models.engines.lfm2.files import files_status
from asrlab_pytest.models.spec import Readiness


def test_python_too_old(spec, monkeypatch):
    """On Python 3.11 the status names the Python that is needed and the one that is there."""
    monkeypatch.setattr(lfm2_audio.sys, "version_info", (3, 11, 7))
    monkeypatch.setattr(lfm2_audio.platform, "python_version", lambda: "3.11.7")

    status = Lfm2Audio().status(spec("LiquidAI/LFM2.5-Audio-1.5B"))

    assert status.readiness is Readiness.UNSUPPORTED
    assert status.reason == "liquid-audio needs Python 3.12 or later, this is 3.11.7"
    assert status.hint.startswith("uv python pin 3.12")


def test_package_missing(spec, monkeypatch):
    """Without the package, the status names the extra that brings it."""
    monkeypatch.setattr(lfm2_audio.sys, "version_info", (3, 12, 0))
    monkeypatch.setattr("asrlab_pytest.models.support.common.find_spec", lambda name: None)

    status = Lfm2Audio().status(spec("LiquidAI/LFM2.5-Audio-1.5B"))

    assert status.readiness is Readiness.PACKAGE_MISSING
    assert status.hint == 'uv add --dev "asrlab-pytest[lfm2]"'


@pytest.mark.parametrize(
    ("torch", "torchaudio", "works"),
    [
        ("2.15.0+cu132", "2.11.0+cu130", False),
        ("2.14.1+cu130", "2.11.0+cu130", True),
        ("2.15.0", "2.11.0", True),
        ("2.14.1+cpu", "2.11.0+cpu", True),
    ],
)
def test_unlike_builds(monkeypatch, torch, torchaudio, works):
    """A torch and a torchaudio that were built for different releases of CUDA are named, and no others."""
    monkeypatch.setattr(
        lfm2_audio, "literal", lambda module, *place: {"torch": torch, "torchaudio": torchaudio}[module]
    )

    status = lfm2_audio._unlike_builds()

    if works:
        assert status is None
    else:
        assert status.reason.startswith("torch 2.15.0+cu132 and torchaudio 2.11.0+cu130 are built for different")
        assert '"torch<2.15"' in status.hint


def test_neither_id_nor_folder(spec):
    """Weights that are neither a hub's nor a folder are called so."""
    status = files_status(spec("lfm2"))

    assert status.readiness is Readiness.BROKEN
    assert "neither a hub id (owner/name) nor a folder" in status.reason


def test_not_downloaded(spec, tmp_path):
    """Weights that a hub has are missing, and `asrlab pull` fixes it."""
    status = files_status(spec("LiquidAI/LFM2.5-Audio-1.5B", download_root=str(tmp_path)))

    assert (status.readiness, status.hint) == (Readiness.WEIGHTS_MISSING, "asrlab pull tiny")


def test_wrong_folder(spec, tmp_path):
    """A folder of something else, or of nothing, is broken, and what it lacks is named."""
    status = files_status(spec(tmp_path))

    assert status.readiness is Readiness.BROKEN
    assert "it lacks config.json, tokenizer.json, model.safetensors" in status.reason
    assert files_status(spec(tmp_path / "nowhere")).readiness is Readiness.BROKEN


@pytest.mark.parametrize(
    ("device", "compute_type", "expected"),
    [("cpu", None, "float32"), ("cuda", None, "bfloat16"), ("mps", None, "bfloat16"), ("cpu", "bfloat16", "bfloat16")],
)
def test_compute_type(spec, device, compute_type, expected):
    """Accelerators compute in the format of the weights and the processor in float32, unless the model says other."""
    assert Lfm2Audio().resolve_compute_type(spec("a/b", compute_type=compute_type), device) == expected


@pytest.mark.parametrize(("generation", "expected"), [(7, "float32"), (8, "bfloat16")])
def test_compute_type_by_generation(spec, monkeypatch, generation, expected):
    """CUDA devices before Ampere only imitate bfloat16: on these it is float32, unless the model says other."""
    monkeypatch.setattr("asrlab_pytest.models.device.cuda_generation", lambda: generation)

    assert Lfm2Audio().resolve_compute_type(spec("a/b"), "cuda") == expected
    assert Lfm2Audio().resolve_compute_type(spec("a/b", compute_type="bfloat16"), "cuda") == "bfloat16"


def test_unknown_compute_type(spec):
    """A number format that the engine does not have is refused."""
    with pytest.raises(ModelError, match="computes in bfloat16 or float32, not int8"):
        Lfm2Audio().resolve_compute_type(spec("a/b", compute_type="int8"), "cpu")


def test_status_imports_nothing_heavy(tmp_path):
    """Asking for the status imports neither torch nor the package."""
    code = (
        "import sys\n"
        "from asrlab_pytest.models.engines.lfm2.engine import Lfm2Audio\n"
        "from asrlab_pytest.models.spec import ModelSpec\n"
        f"Lfm2Audio().status(ModelSpec(id='m', engine='lfm2-audio', weights={str(tmp_path)!r}))\n"
        "sys.exit(bool({'torch', 'liquid_audio', 'transformers'} & set(sys.modules)))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
