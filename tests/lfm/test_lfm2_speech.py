"""Speech that is made in pieces is that which is made at once."""

import numpy as np
import pytest

pytest.importorskip("liquid_audio", reason='needs the extra "lfm2", on Python 3.12 or later')

import torch
from liquid_audio.moshi.models.loaders import get_mimi
from safetensors.torch import save_file

from asrlab_pytest.models.engines.lfm2.files import MIMI
from asrlab_pytest.models.engines.lfm2.speech import speech_of

END = 2048


def frames(count):
    """Frames of random codes."""
    codes = torch.randint(0, END, (count, 8), generator=torch.Generator().manual_seed(0))
    return list(codes)


def pieces(speech, given):
    """All pieces that the frames give."""
    return [piece for frame in given for piece in speech.add(frame)] + list(speech.finish())


@pytest.mark.parametrize("count", [1, 11, 12, 13, 60])
def test_pieces_are_the_whole(load, checkpoint, count):
    """The pieces, joined, are what the package's own decoder makes of all frames at once."""
    processor = load(checkpoint, "tts")._processor
    given = frames(count)

    made = pieces(speech_of(processor, 12), given)

    whole = processor.decode(torch.stack(given, 1)[None])[0].numpy()
    assert len(made) == (1 if count < 12 else 2)
    assert np.concatenate(made) == pytest.approx(whole, abs=float(1e-5 * np.abs(whole).max()))


def test_end_of_the_first_piece(load, checkpoint):
    """The first piece stops where the next frame would change the sound, and not before."""
    processor = load(checkpoint, "tts")._processor
    given = frames(13)
    short, long = (processor.decode(torch.stack(given[:count], 1)[None])[0].numpy() for count in (12, 13))

    speech = speech_of(processor, 12)
    (first,) = [piece for frame in given[:12] for piece in speech.add(frame)]

    loudest = np.abs(long).max()
    changed = np.flatnonzero(np.abs(short - long[: len(short)]) > 1e-4 * loudest)
    assert len(first) <= changed[0] <= len(first) + 8


def test_codes_without_sound(load, checkpoint):
    """The frame that ends speech is not a sound, nor is one that has its code in any place."""
    processor = load(checkpoint, "tts")._processor
    given = frames(3)
    broken = given[0].clone()
    broken[5] = END

    made = pieces(speech_of(processor, 12), [*given, broken, torch.full((8,), END)])

    assert sum(map(len, made)) == 3 * 1920
    assert pieces(speech_of(processor, 12), [torch.full((8,), END)]) == []


def test_mimi(load, answering, tmp_path):
    """Weights that speak by Mimi, as the first LFM2-Audio does, give a piece for each frame: the whole, in pieces."""
    folder = tmp_path / "mimi"
    folder.mkdir()
    for file in answering("<|audio_start|>").iterdir():
        if file.is_file():
            (folder / file.name).symlink_to(file)
    torch.manual_seed(0)
    mimi = get_mimi(None, device="cpu")
    save_file({name: tensor.clone().contiguous() for name, tensor in mimi.state_dict().items()}, folder / MIMI)
    subject = load(folder, "tts", max_new_tokens=7)
    given = frames(6)

    made = pieces(speech_of(subject._processor, 12), given)
    again = pieces(speech_of(subject._processor, 12), given)

    with torch.no_grad():
        whole = mimi.decode(torch.stack(given, 1)[None]).reshape(-1).numpy()
    assert [len(piece) for piece in made] == [1920] * 6
    assert np.concatenate(made) == pytest.approx(whole, abs=float(1e-4 * np.abs(whole).max()))
    assert np.array_equal(np.concatenate(made), np.concatenate(again))
    assert [len(piece) for piece in subject.speak("Hello.", None, None)] == [1920] * 6
