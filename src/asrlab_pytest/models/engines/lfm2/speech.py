"""Turns what LFM2-Audio makes token by token into pieces that can be shown and played as soon as they are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from asrlab_pytest.waveform import Waveform

if TYPE_CHECKING:
    import torch

SAMPLE_RATE = 24_000
SAMPLES_PER_FRAME = 1920
OPEN_SAMPLES = 480
"""Samples at the end of decoded speech that the next frame would still change: half of the overlap of its windows."""
END_OF_AUDIO = 2048
"""The code that ends speech; it has no sound."""
TURNS = (7, 128, 130)
"""The tokens that end a turn, begin speech and end text: the package's own numbers for them. They are no text, even
where the tokenizer does not mark them as special."""
_HALF_A_CHARACTER = "\ufffd"


class Text:
    """Text from tokens. A character that takes several of them is given when its last has come."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._tokens: list[int] = []
        self._given = 0

    def add(self, token: int) -> str:
        """What the token adds to the text; empty where it completes no character."""
        if token in TURNS:
            return ""
        self._tokens.append(token)
        whole = self.whole()
        return "" if whole.endswith(_HALF_A_CHARACTER) else self._rest(whole)

    def finish(self) -> str:
        """What was held back."""
        return self._rest(self.whole())

    def whole(self) -> str:
        """The text so far, with what is held back."""
        text: str = self._tokenizer.decode(self._tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text

    def _rest(self, whole: str) -> str:
        given, self._given = self._given, len(whole)
        return whole[given:]


class Speech(Protocol):
    """Speech from frames of codes."""

    def add(self, frame: torch.Tensor) -> Iterator[Waveform]:
        """The pieces of speech that can be played now that this frame is there: often none."""

    def finish(self) -> Iterator[Waveform]:
        """The rest of it."""


def speech_of(processor: Any, first_frames: int) -> Speech:
    """The way in which the weights' own decoder makes speech.

    Args:
        processor: The package's, with its decoder loaded.
        first_frames: After how many frames the first piece is made.
    """
    if processor.detokenizer_path is not None:
        return DetokenizedSpeech(processor, first_frames)
    return MimiSpeech(processor)


class DetokenizedSpeech:
    """By the detokenizer, which looks back only: what it makes of the first frames is the beginning of the whole."""

    def __init__(self, processor: Any, first_frames: int) -> None:
        self._processor = processor
        self._first_frames = first_frames
        self._frames: list[torch.Tensor] = []
        self._given = 0

    def add(self, frame: torch.Tensor) -> Iterator[Waveform]:
        if _is_sound(frame):
            self._frames.append(frame)
            if len(self._frames) == self._first_frames:
                yield self._until(len(self._frames) * SAMPLES_PER_FRAME - OPEN_SAMPLES)

    def finish(self) -> Iterator[Waveform]:
        if self._frames:
            yield self._until(len(self._frames) * SAMPLES_PER_FRAME)

    def _until(self, end: int) -> Waveform:
        import torch

        codes = torch.stack(self._frames, 1).unsqueeze(0)
        samples = _samples(self._processor.decode(codes))[self._given : end]
        self._given = end
        return samples


class MimiSpeech:
    """By Mimi, which keeps what it needs of the past and makes the sound of each frame at once."""

    def __init__(self, processor: Any) -> None:
        self._mimi = processor.mimi
        if self._mimi.is_streaming:
            self._mimi.reset_streaming()
        else:
            self._mimi.streaming_forever(1)

    def add(self, frame: torch.Tensor) -> Iterator[Waveform]:
        import torch

        if _is_sound(frame):
            with torch.no_grad():
                yield _samples(self._mimi.decode(frame[None, :, None]))

    def finish(self) -> Iterator[Waveform]:
        yield from ()


def _is_sound(frame: torch.Tensor) -> bool:
    return not bool((frame >= END_OF_AUDIO).any())


def _samples(decoded: torch.Tensor) -> Waveform:
    samples: Waveform = decoded.detach().float().cpu().reshape(-1).numpy()
    return samples
