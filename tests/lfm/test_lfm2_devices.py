"""LFM2-Audio on accelerators: on CUDA where there is one, and on the pretended Apple GPU everywhere."""

import numpy as np
import pytest

pytest.importorskip("liquid_audio", reason='needs the extra "lfm2", on Python 3.12 or later')

import torch
from lfm_checkpoint import SPECIAL

from asrlab_pytest.models.engines.lfm2.speech import END_OF_AUDIO
from fake_mps import FakeMPS

END, AUDIO, TEXT_END = SPECIAL[7], SPECIAL[128], SPECIAL[130]
COMPUTE_TYPES = ("float32", "bfloat16")


def everything(load, answering, noise, **keys):
    """What the three tasks make on a device, in a form that can be compared."""
    text = load(answering("Go", " ten", " meters", END), **keys).transcribe(noise(1), "en").text
    speaker = load(answering(AUDIO), "tts", max_new_tokens=15, **keys)
    speech = np.concatenate(list(speaker.speak("Hello.", None, None)))
    agent = load(answering("Go", TEXT_END), "conversation", max_new_tokens=15, **keys)
    turns = [list(agent.respond(noise(1))) for _ in range(2)]
    answers = [[piece if isinstance(piece, str) else len(piece) for piece in turn] for turn in turns]
    answered = np.concatenate([piece for turn in turns for piece in turn if not isinstance(piece, str)])
    return text, answers, speech, answered


@pytest.mark.parametrize("compute_type", COMPUTE_TYPES)
def test_on_the_pretended_apple_gpu(load, answering, noise, compute_type):
    """All three tasks run with every weight on the device, and make what the processor makes."""
    with FakeMPS() as device:
        text, answers, *sounds = everything(load, answering, noise, device="mps", compute_type=compute_type)
        subject = load(answering(AUDIO), "tts", device="mps", compute_type=compute_type)
        state = [*subject._model.state_dict().values(), *subject._processor.audio_detokenizer.state_dict().values()]
        assert {tensor.device.type for tensor in state} == {"mps"}
        assert device.seen["addmm"] > 0
        load.let_go()
    expected = everything(load, answering, noise, compute_type=compute_type)

    assert (text, answers) == expected[:2]
    assert text == "Go ten meters"
    assert len(sounds[0]) == 14 * 1920
    for made, known in zip(sounds, expected[2:], strict=True):
        # The device computes on the processor: the same codes are drawn, and the decoder is always in float32.
        assert made == pytest.approx(known, abs=float(1e-4 * np.abs(known).max()))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA here")
@pytest.mark.parametrize("compute_type", COMPUTE_TYPES)
def test_on_cuda(load, answering, noise, compute_type):
    """All three tasks run on CUDA, write what the processor writes, and make of the same codes the same speech."""
    text, answers, *sounds = everything(load, answering, noise, device="cuda", compute_type=compute_type)
    expected = everything(load, answering, noise, compute_type=compute_type)

    assert (text, answers) == expected[:2]
    # Each device draws codes of its own.
    assert [len(sound) for sound in sounds] == [len(sound) for sound in expected[2:]]
    assert all(np.isfinite(sound).all() for sound in sounds)
    there, here = (decoded(load(answering(AUDIO), "tts", device=device)) for device in ("cuda", "cpu"))
    assert np.corrcoef(there, here)[0, 1] > 0.999
    assert load(answering(AUDIO), "tts", device="cuda").device_memory_bytes() > 0


def decoded(subject):
    """The speech of random codes."""
    codes = torch.randint(0, END_OF_AUDIO, (1, 8, 20), generator=torch.Generator().manual_seed(0))
    return subject._processor.decode(codes.to(subject.device)).float().cpu().numpy().ravel()
