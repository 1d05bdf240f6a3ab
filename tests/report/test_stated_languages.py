"""What the scorecard says of the languages that clips state and models detect."""

import pytest

from asrlab_pytest.protocols.normalization import Normalizations
from asrlab_pytest.report.scorecard import scorecard
from asrlab_pytest.report.terminal import write_scorecard
from asrlab_pytest.scoring.rows import Rules
from stored_runs import observed


class Lines:
    """A screen that keeps what is written."""

    def __init__(self):
        self.lines = []

    def section(self, title, sep="=", **markup):
        self.lines.append(title)

    def write_line(self, line, **markup):
        self.lines.append(line)


def clip(name, stated, detected):
    transcript = {"text": "hello there", "segments": [], "language": detected}
    return observed(clip=name, language=stated, transcript=transcript)


def shown(rows, rules=None):
    screen = Lines()
    write_scorecard(screen, scorecard(rows, {}, rules=rules or Rules(), corpus="clips"))
    return screen.lines


ROWS = [
    clip("one", "en", "de"),
    clip("two", "en-GB", "en"),
    clip("three", "nb", "no"),
    clip("four", "en", "de"),
    clip("five", "en", "fr"),
    clip("six", None, "en"),
    clip("seven", None, "en"),
    clip("eight", "en", None),
]


def test_clips_taken_for_another_language_are_counted():
    """The scorecard says how many clips a model took for another language than they state, and for which."""
    assert "3 clips detected as another language: de 2, fr 1" in " ".join(" ".join(shown(ROWS)).split())
    assert not [line for line in shown([clip("two", "en-GB", "en")]) if "language" in line]


def test_clips_without_a_language_are_counted():
    """The scorecard says how many clips state no language, what scores them, what was detected, and how to state it."""
    text = " ".join(" ".join(shown(ROWS)).split())

    assert "2 clips without a stated language, transcribed as: en 2" in text
    assert "2 clips state no language, scored with the profile und; write the language of each in its line" in text
    assert '("language": "<code>"), or that of all in [tool.asrlab]' in text
    assert '"en"' not in text


def test_clips_without_speech_need_no_language():
    """Nothing is said of the language of clips without a text, whatever a model takes them for."""
    transcript = {"text": "", "segments": [], "language": "en"}
    silence = observed(clip="silence", language=None, reference="", hypothesis="", transcript=transcript)

    assert not [line for line in shown([clip("two", "en-GB", "en"), silence]) if "language" in line]


@pytest.mark.parametrize("chosen", ["en", "raw"])
def test_a_chosen_normalization_needs_no_language(chosen):
    """Where the normalization is chosen for all clips, nothing is said of those without a language."""
    lines = shown(ROWS, Rules(Normalizations(chosen)))

    assert not [line for line in lines if "state no language" in line]
