"""The score of two texts, as the package offers it: entities included, and by the name of a language or profile."""

from __future__ import annotations

from dataclasses import replace

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.languages import HINT, language_code
from asrlab_pytest.protocols.normalization import Normalization, Normalizations
from asrlab_pytest.scoring.entities import score_entities
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.scoring.score import score as score_texts


def score(
    reference: str,
    hypothesis: str,
    language: str | None = None,
    *,
    normalization: Normalization | str | None = None,
) -> Score:
    """Score what a model wrote against what was said.

    Args:
        reference: What was said.
        hypothesis: What the model wrote, untouched.
        language: Chooses the rules: a code such as "de" or "pt-BR", or an English name. Without one, the profile
            `und` applies.
        normalization: The profile, whatever the language: its name, ``python:module:function``, or an object.

    Raises:
        ConfigError: there is no such language or profile, or a text is none.
    """
    _refuse_no_text(reference=reference, hypothesis=hypothesis)
    if not isinstance(language, str | None):
        raise ConfigError(f"the language {language!r} is not a text", hint=HINT)
    if not isinstance(normalization, Normalization | str | None):
        raise ConfigError(
            f"{normalization!r} is not a normalization", hint="name a profile, such as: normalization='en'"
        )
    try:
        code = None if language is None else language_code(language)
    except ValueError as error:
        raise ConfigError(str(error), hint=HINT) from None
    chosen = Normalizations().named(normalization) if isinstance(normalization, str) else normalization
    result = score_texts(reference, hypothesis, code, normalization=chosen)
    return replace(result, entities=score_entities(reference, hypothesis, code))


def _refuse_no_text(**texts: object) -> None:
    for name, text in texts.items():
        if not isinstance(text, str):
            raise ConfigError(
                f"the {name} is not a text, but {'None' if text is None else type(text).__name__}",
                hint=f'pass what was {"said" if name == "reference" else "written"} as a text; an empty one is ""',
            )
