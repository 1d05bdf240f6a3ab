"""The language that an engine says it detected, in whatever form it says it."""

from asrlab_pytest.report.stated_languages import detected_languages
from stored_runs import observed


def wrote(language):
    return {"text": "hello", "segments": [], "language": language}


def test_names_of_detected_languages():
    """A detected language is compared by its code, whether the engine gives a name, another code or none at all."""
    said = ["English", "eng", "EN_us", "und", "German", "klingon!", None]
    rows = [observed(clip=str(number), transcript=wrote(name)) for number, name in enumerate(said)]

    found = detected_languages(rows)

    assert found.other == {"de": 1, "klingon!": 1}
    assert detected_languages([observed(language=None, transcript=wrote("german"))]).unstated == {"de": 1}
