"""Builds tiny checkpoints of openai-whisper: the true architecture, vocabulary and file format, in a few megabytes.

Both kinds run through every Whisper engine with its default options:

- *random* weights: the text is nonsense that depends on the audio, so equal text means that two engines agree from the
  samples to the last token;
- *scripted* weights: the text is a chosen sentence whatever the audio, so word error rates are known beforehand.
"""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from unittest.mock import patch

from lazily import Lazily

if TYPE_CHECKING:
    from whisper.model import ModelDimensions, Whisper
    from whisper.tokenizer import Tokenizer

torch = Lazily("torch")
whisper = Lazily("whisper")

Vocabulary = Literal["multilingual", "english", "multilingual-100"]

TOKENS: dict[Vocabulary, int] = {"english": 51864, "multilingual": 51865, "multilingual-100": 51866}
"""As in ``tiny.en``, in ``tiny`` to ``large-v2``, and in ``large-v3``, which added Cantonese and wider spectrograms."""

SENTENCE = "The quick brown fox jumps over the lazy dog."
RANDOM_TOKENS = 20
"""About how many tokens random weights write, unless a test asks for more."""


@dataclass(frozen=True)
class Shape:
    """Size of a tiny Whisper."""

    vocabulary: Vocabulary = "multilingual"
    state: int = 64
    heads: int = 2
    layers: int = 2

    @property
    def dims(self) -> ModelDimensions:
        return whisper.model.ModelDimensions(
            n_mels=128 if self.vocabulary == "multilingual-100" else 80,
            n_audio_ctx=1500,
            n_audio_state=self.state,
            n_audio_head=self.heads,
            n_audio_layer=self.layers,
            n_vocab=TOKENS[self.vocabulary],
            n_text_ctx=448,
            n_text_state=self.state,
            n_text_head=self.heads,
            n_text_layer=self.layers,
        )

    @property
    def tokenizer(self) -> Tokenizer:
        """Of English speech, as a decoder that transcribes it is prompted."""
        multilingual = self.vocabulary != "english"
        languages = 100 if self.vocabulary == "multilingual-100" else 99
        with warnings.catch_warnings():
            # openai-whisper leaves the closing of its vocabularies' files to Python, once for each.
            warnings.simplefilter("ignore", ResourceWarning)
            return whisper.tokenizer.get_tokenizer(
                multilingual, num_languages=languages, language="en", task="transcribe"
            )


def random_checkpoint(path: Path, shape: Shape = Shape(), *, tokens: int = RANDOM_TOKENS, seed: int = 0) -> Path:
    """A checkpoint whose text depends on every sample and every weight, and ends after about so many tokens."""
    model = _initialized(shape, seed)
    with torch.no_grad():
        for block in model.decoder.blocks:
            # What is heard must outweigh what was written, and come from some frames more than from others. Sharper
            # attention leaves whole frames without any: word timestamps then divide by a deviation of almost zero,
            # and are rounding errors in both engines.
            block.cross_attn.out.weight.mul_(6.0)
            block.cross_attn.query.weight.mul_(3.0)
        # From here on every position points at the end of the text.
        end = model.decoder.token_embedding.weight[shape.tokenizer.eot]
        model.decoder.positional_embedding[tokens:] += 60 * end
    return save(model, path)


def scripted_checkpoint(
    path: Path, sentence: str = SENTENCE, shape: Shape = Shape(), *, seconds: float = 2.0, seed: int = 0
) -> Path:
    """A checkpoint that writes the sentence, with timestamps from 0 to `seconds`, for whatever audio."""
    model = _initialized(shape, seed)
    tokenizer = shape.tokenizer
    script = [*_prompt_answers(shape), tokenizer.timestamp_begin]
    if sentence:
        script += [*tokenizer.encode(f" {sentence}"), tokenizer.timestamp_begin + round(seconds / 0.02)]
    with torch.no_grad():
        for block in model.decoder.blocks:
            # No block adds anything, so the last layer sees the sum of token and position alone.
            for layer in (block.attn.out, block.cross_attn.out, block.mlp[2]):
                layer.weight.zero_()
                layer.bias.zero_()
        model.decoder.ln.weight.fill_(4.0)  # sharp enough to pass the engines' thresholds of log probability
        tokens = model.decoder.token_embedding.weight
        positions = model.decoder.positional_embedding
        positions.copy_(40 * tokens[tokenizer.eot].expand_as(positions))
        positions[: len(script)] = 40 * tokens[script]
    return save(model, path)


def save(model: Whisper, path: Path) -> Path:
    """Write a model as OpenAI publishes its own: in half precision, with its dimensions."""
    weights = {name: tensor.half() for name, tensor in model.state_dict().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    content: dict[str, Any] = {"dims": asdict(model.dims), "model_state_dict": weights}
    torch.save(content, path)
    return path


def _left_as_it_is(tensor: Any, **how: Any) -> Any:
    return tensor


def _prompt_answers(shape: Shape) -> list[int]:
    """What the script writes after each token of the prompt but the last: the language, where one is asked for."""
    tokenizer = shape.tokenizer
    return list(tokenizer.sot_sequence[1:])


def _initialized(shape: Shape, seed: int) -> Whisper:
    """Random weights of about unit gain, with token vectors of length 1 so that none is favoured."""
    generator = torch.Generator().manual_seed(seed)
    with patch.multiple(torch.nn.init, kaiming_uniform_=_left_as_it_is, normal_=_left_as_it_is):
        # The package's own random values, which take longer than ours, would be overwritten.
        model = whisper.model.Whisper(shape.dims).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0.0, parameter.shape[-1] ** -0.5, generator=generator)
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.zero_()
        tokens = model.decoder.token_embedding.weight
        tokens.normal_(generator=generator)
        tokens.div_(tokens.norm(dim=-1, keepdim=True))
        model.decoder.positional_embedding.normal_(0.0, 0.3, generator=generator)
    return model
