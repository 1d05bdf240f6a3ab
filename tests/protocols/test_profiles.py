"""Signatures, the choice of a profile, and profiles of the project's own."""

import re

import pytest

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.protocols.normalization import (
    PROFILES,
    PROTOCOL,
    Normalizations,
    normalization,
    normalization_for,
)
from asrlab_pytest.protocols.normalization.own import OwnProfile

HOUSE = OwnProfile(replacements={"Anna Maria": "Annamaria", "anna": "Anne", "uh-oh": ""})


def test_a_signature_names_protocol_version_profile_and_fingerprint():
    """A signature reads such as `asrlab-norm/1.1+en#7c25f240`, and each profile has its own."""
    signatures = [normalization(profile).signature for profile in PROFILES]

    for profile, found in zip(PROFILES, signatures, strict=True):
        assert re.fullmatch(rf"{re.escape(PROTOCOL)}\+{profile}#[0-9a-f]{{8}}", found)
    assert len(set(signatures)) == len(PROFILES)


@pytest.mark.parametrize(
    ("language", "profile"),
    [
        *[(None, "und"), ("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("enm", "und"), ("zh-Hans", "und")],
        *[("de", "de"), ("de-AT", "de"), ("fr", "fr"), ("es-MX", "es"), ("it", "it"), ("pt-BR", "pt"), ("nl", "nl")],
        *[("tr", "tr"), ("az", "tr"), ("ru", "ru"), ("uk", "und"), ("raw", "und"), ("und", "und")],
    ],
)
def test_a_language_chooses_its_profile(language: str | None, profile: str):
    """A language takes the profile of its own; one that has none, or is not known, takes `und`."""
    assert normalization_for(language).name == profile


def test_the_run_beats_the_clip_and_the_clip_its_language():
    """The profile named for the run is used for every clip; without one a clip's own, then its language's."""
    assert Normalizations("en-whisper").choose("de", "raw").name == "en-whisper"
    assert Normalizations().choose("de", "raw").name == "raw"
    assert Normalizations().choose("de").name == "de"


def test_replacements_are_made_on_whole_words_the_longest_first():
    """Both sides of a replacement are normalized, and only whole words are replaced."""
    house = Normalizations(own={"house": HOUSE}).named("house")

    assert house.apply("ANNA MARIA, Anna, hosanna! Uh-oh, oh") == "annamaria anne hosanna oh"


def test_replacements_are_part_of_the_signature():
    """Another replacement, or another base, gives another signature; the order of the table does not."""
    tables = [
        HOUSE,
        OwnProfile(replacements={"anna": "Anne"}),
        OwnProfile(base="und", replacements=HOUSE.replacements),
        OwnProfile(replacements=dict(reversed(HOUSE.replacements.items()))),
    ]
    found = [Normalizations(own={"house": table}).named("house").signature for table in tables]

    assert re.fullmatch(rf"{re.escape(PROTOCOL)}\+house\(en\)#[0-9a-f]{{8}}", found[0])
    assert len(set(found)) == 3
    assert found[0] == found[3]


@pytest.mark.parametrize(
    ("tables", "chosen", "sentence"),
    [
        ({}, "en-wisper", "no normalization 'en-wisper' (did you mean 'en-whisper'?)"),
        ({"en": OwnProfile()}, None, "'en' cannot name a profile"),
        ({"House#1": OwnProfile()}, None, "'House#1' cannot name a profile"),
        ({"house": OwnProfile(base="eng")}, None, "no base 'eng'"),
        ({"house": OwnProfile(replacements={"...": "x"})}, None, "nothing is left of '...'"),
        ({"house": OwnProfile(replacements={"Ann": "a", "ann": "b"})}, None, "'ann' stands for both 'a' and 'b'"),
    ],
)
def test_a_wrong_table_is_refused_in_words(tables: dict[str, OwnProfile], chosen: str | None, sentence: str):
    """A profile that cannot be used is an error that says why and a hint."""
    with pytest.raises(ConfigError, match=re.escape(sentence)) as caught:
        Normalizations(chosen, tables)
    assert caught.value.hint
