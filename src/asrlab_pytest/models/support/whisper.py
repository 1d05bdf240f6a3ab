"""What the engines that run Whisper share: which languages weights know, and segments as the packages write them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from asrlab_pytest.errors import ModelError
from asrlab_pytest.languages import NAMES, primary, whisper_code
from asrlab_pytest.models.convert import LARGEST_VOCABULARY, SMALLEST_VOCABULARY
from asrlab_pytest.models.ctranslate2_file import read_model_file
from asrlab_pytest.models.engine import Segment, Word
from asrlab_pytest.models.spec import ModelSpec, is_english_only

DETAILS = ("avg_logprob", "compression_ratio", "no_speech_prob", "temperature")
_ADDED_BY_LARGE_V3 = "yue"
_SIZES_OF_99_LANGUAGES = frozenset({"tiny", "base", "small", "medium", "large-v1", "large-v2"})


def knows(spec: ModelSpec, language: str, codes: Collection[str]) -> bool:
    """Whether weights support a language. No weights are loaded.

    Args:
        spec: The model.
        language: The language.
        codes: The languages of Whisper, by its own codes.
    """
    code, tokens = whisper_code(language), _vocabulary(Path(spec.weights))
    if is_english_only(spec.weights) or tokens == SMALLEST_VOCABULARY:
        return code == "en"
    if code == _ADDED_BY_LARGE_V3 and (
        spec.weights in _SIZES_OF_99_LANGUAGES or (tokens or LARGEST_VOCABULARY) < LARGEST_VOCABULARY
    ):
        return False
    return code in codes


def refuse_other_than_english(spec: ModelSpec, language: str | None, *, is_multilingual: bool) -> None:
    """Refuse a language that loaded weights do not know: the packages would decode it in English, and only warn.

    Raises:
        ModelError: the weights know English alone, and another language is asked for.
    """
    if is_multilingual or language is None or whisper_code(language) == "en":
        return
    name = NAMES.get(primary(language), language)
    raise ModelError(
        f"model {spec.id}: its weights know English alone, and it was asked for {name}",
        hint=f'choose multilingual weights, or state languages = ["en"] in [tool.asrlab.models.{spec.name}]',
    )


def _vocabulary(folder: Path) -> int | None:
    """How many tokens the weights of a CTranslate2 folder know; None for any other weights."""
    if folder.is_dir():
        with suppress(ModelError):
            tokens = read_model_file(folder / "model.bin").variables.get("decoder/embeddings/weight")
            return tokens.shape[0] if tokens else None
    return None


def segment_of(said: Mapping[str, Any], details: Sequence[str] = DETAILS) -> Segment:
    """A segment, with its words where the package has looked for them."""
    words = tuple(
        Word(text=each["word"], start=float(each["start"]), end=float(each["end"]), probability=each["probability"])
        for each in said.get("words") or ()
    )
    return Segment(
        text=said["text"],
        start=float(said["start"]),
        end=float(said["end"]),
        words=words,
        details={name: float(said[name] or 0.0) for name in details},
    )
