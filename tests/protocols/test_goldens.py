"""The golden vectors, and the record of what this version of the protocol writes."""

import hashlib
import json
import random
import unicodedata
from pathlib import Path

import pytest
from spoken_pairs import FLOORS

from asrlab_pytest.protocols.normalization import PROFILES, PROTOCOL, normalization
from asrlab_pytest.protocols.normalization.goldens import goldens, mismatches

RECORD = Path(__file__).with_name("recorded_outputs.json")
"""By version and profile, a digest over everything that `outputs` holds."""


@pytest.mark.parametrize("profile", PROFILES)
def test_the_installed_rules_give_the_golden_vectors(profile: str):
    """Every golden vector of every profile comes out as it stands in the package."""
    assert list(map(str, mismatches(profile))) == []


@pytest.mark.parametrize(
    ("profile", "least"),
    [("en", 600), ("und", 90), ("en-whisper", 30), ("raw", 10), ("de", 60), ("fr", 40), ("es", 25)],
)
def test_there_are_enough_golden_vectors(profile: str, least: int):
    """Each profile has its least number of golden vectors, no text twice."""
    texts = [golden.text for golden in goldens(profile)]

    assert len(texts) == len(set(texts)) >= least


def test_the_golden_vectors_of_any_language_cover_its_scripts():
    """The golden vectors of `und` hold letters of at least twelve scripts."""
    letters = {char for golden in goldens("und") for char in golden.text if char.isalpha()}
    scripts = {unicodedata.name(letter).split()[0] for letter in letters}

    assert len(scripts) >= 12, scripts


def outputs(profile: str) -> list[str]:
    """What a profile writes for its golden vectors and for 200 generated pairs of each class."""
    rules = normalization(profile)
    texts = [golden.text for golden in goldens(profile)]
    for generate in FLOORS:
        draw = random.Random(generate.__name__)
        texts += [text for _ in range(200) for text in generate(draw)]
    return list(map(rules.apply, texts))


@pytest.mark.parametrize("profile", PROFILES)
def test_no_output_changes_without_a_new_version(profile: str):
    """What this version writes is what was recorded for it; a changed output needs a new version and a new record."""
    digest = hashlib.sha256("\n".join(outputs(profile)).encode()).hexdigest()[:16]

    assert digest == json.loads(RECORD.read_text(encoding="utf-8"))[PROTOCOL][profile]
