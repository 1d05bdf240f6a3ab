"""The language that an engine says it detected, in whatever form it says it."""

from asrlab_pytest.report.stated_languages import detected_languages
from stored_runs import row


def test_names_of_detected_languages():
    """A detected language is compared by its code, whether the engine gives a name, another code or none at all."""
    said = ["English", "eng", "EN_us", "und", "German", "klingon!", None]
    rows = [row(clip=str(number), transcript={"language": name}) for number, name in enumerate(said)]

    found = detected_languages(rows)

    assert found.other == {"de": 1, "klingon!": 1}
    assert detected_languages([row(language=None, transcript={"language": "german"})]).unstated == {"de": 1}
