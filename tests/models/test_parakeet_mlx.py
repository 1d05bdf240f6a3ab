"""Parakeet on mlx with random weights, where the package is installed."""

import json

import numpy as np
import pytest

from asrlab_pytest.engines import ModelError, ModelSpec
from asrlab_pytest.inference.boundary import loaded_by_engine

mx = pytest.importorskip("mlx.core", reason='MLX is not installed: run "uv sync --extra mlx" on macOS or Linux')
utils = pytest.importorskip(
    "parakeet_mlx.utils", reason='parakeet-mlx is not installed: run "uv sync --extra mlx" on macOS or Linux'
)
# The package leaves the configuration open.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
WORDS = [" the", " qu", "ick", " fox", "."]
PREPROCESSOR = {
    "sample_rate": 16_000,
    "normalize": "per_feature",
    "window_size": 0.025,
    "window_stride": 0.01,
    "window": "hann",
    "features": 80,
    "n_fft": 512,
    "dither": 0.0,
}
CONFIG = {
    "target": "nemo.collections.asr.models.ctc_bpe_models.EncDecCTCModelBPE",
    "preprocessor": PREPROCESSOR,
    "encoder": {
        "feat_in": 80,
        "n_layers": 1,
        "d_model": 64,
        "n_heads": 2,
        "ff_expansion_factor": 2,
        "subsampling_factor": 8,
        "self_attention_model": "rel_pos",
        "subsampling": "dw_striding",
        "conv_kernel_size": 9,
        "subsampling_conv_channels": 16,
        "pos_emb_max_len": 500,
    },
    "decoder": {"feat_in": 64, "num_classes": len(WORDS), "vocabulary": WORDS},
    "decoding": {"greedy": None},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model whose weights are random."""
    path = tmp_path_factory.mktemp("parakeet")
    (path / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    mx.random.seed(0)
    utils.from_config(json.loads(json.dumps(CONFIG))).save_weights(str(path / "model.safetensors"))
    return path


def spec_of(weights):
    return ModelSpec(id="bird", engine="parakeet-mlx", weights=str(weights))


def test_it_transcribes(folder):
    """A text is the words of its segments, each with its times, and the record says on what it was computed."""
    recognizer, _ = loaded_by_engine(spec_of(folder), "cpu")
    samples = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
    written = recognizer.transcribe(samples, "en")
    words = [word for segment in written.segments for word in segment.words]

    assert (recognizer.compute_type, recognizer.settings["family"]) == ("float32", "ParakeetCTC")
    assert "".join(word.text for word in words).strip() == written.text
    assert all(0 <= word.start <= word.end <= 4 for word in words)


def test_audio_too_short_for_it(folder):
    """Less audio than it can take a spectrum of has no text, and is not an error."""
    recognizer, _ = loaded_by_engine(spec_of(folder), "cpu")

    assert recognizer.transcribe(np.zeros(100, np.float32), "en").text == ""


def test_damaged_weights(folder, tmp_path):
    """Weights that are cut off are an error in a sentence."""
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    (tmp_path / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:1000])

    with pytest.raises(ModelError, match="parakeet-mlx does not load"):
        loaded_by_engine(spec_of(tmp_path), "cpu")
