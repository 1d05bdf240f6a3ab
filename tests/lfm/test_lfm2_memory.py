"""Loading holds the weights once, and makes what the package's own way makes."""

import json
import subprocess
import sys

import pytest

pytest.importorskip("liquid_audio", reason='needs the extra "lfm2", on Python 3.12 or later')

import torch
from liquid_audio import LFM2AudioModel, LFM2AudioProcessor

COMPUTE_TYPES = {"bfloat16": 2, "float32": 4}
"""With the bytes of a number."""

MEASURE = """
import json, sys
from asrlab_pytest.models.engines.lfm2.engine import Lfm2Audio
from asrlab_pytest.models.spec import ModelSpec

def load(folder):
    return Lfm2Audio().load(
        ModelSpec(id="m", engine="lfm2-audio", weights=folder, compute_type=sys.argv[3], options={"threads": 1}), "cpu"
    )

def status(key):
    return next(int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith(key))

load(sys.argv[1]).close()
open("/proc/self/clear_refs", "w").write("5")
before = status("VmRSS")
loaded = load(sys.argv[2])
print(json.dumps(status("VmHWM") - before))
"""
"""Peak memory of loading the second folder, in bytes; the first is loaded for what Python imports."""


def state(module):
    """All of a module's numbers by name, those that no checkpoint has included."""
    return {**dict(module.named_parameters(remove_duplicate=False)), **dict(module.named_buffers())}


@pytest.mark.parametrize("compute_type", COMPUTE_TYPES)
def test_what_the_package_loads(load, checkpoint, compute_type):
    """Every parameter and buffer is, bit by bit and in its number format, what `from_pretrained` makes of the files."""
    own = load(checkpoint, "tts", compute_type=compute_type)
    model = LFM2AudioModel.from_pretrained(checkpoint, device="cpu", dtype=getattr(torch, compute_type))
    processor = LFM2AudioProcessor.from_pretrained(checkpoint, device="cpu")

    for made, expected in ((own._model, model), (own._processor.audio, processor.audio)):
        found, known = state(made), state(expected)
        assert found.keys() == known.keys()
        assert {name: tensor.dtype for name, tensor in found.items()} == {
            name: tensor.dtype for name, tensor in known.items()
        }
        assert [name for name in known if not torch.equal(found[name], known[name])] == []


def test_tied_stays_tied(load, checkpoint):
    """Tensors that the package ties are one in memory."""
    embedding = load(checkpoint)._model.depth_embeddings[0]

    assert embedding.to_logits.weight is embedding.embedding.weight


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's account of a process")
@pytest.mark.parametrize("compute_type", COMPUTE_TYPES)
def test_memory_of_loading(checkpoint, tmp_path, compute_type):
    """At its peak, loading takes little more memory than the weights in the format that is computed in."""
    from lfm_checkpoint import build

    large = build(tmp_path / "large", width=400_000)
    size = (large / "model.safetensors").stat().st_size // 2 * COMPUTE_TYPES[compute_type]

    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(checkpoint), str(large), compute_type],
        capture_output=True,
        text=True,
        check=True,
    )

    assert 0.9 * size < json.loads(done.stdout.splitlines()[-1]) < 1.3 * size
