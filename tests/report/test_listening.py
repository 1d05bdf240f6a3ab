"""The page to listen to speech."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.report.listening import page

ROW = {
    "model": "flite-slt",
    "clip": "station",
    "reference": "Go forward ten meters.",
    "hypothesis": "go forward tan meters now",
    "voice": "slt",
    "speech": {"file": "flite-slt/station 1#.wav", "seconds": 1.84},
    "latency_s": 0.31,
    "rtf": 0.17,
    "first_audio_s": 0.3,
    "language": "en",
    "wer": 0.5,
    "faults": ["a pause of 3.0 s within the speech"],
}
VOID = {"meta"}
OURS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "h1",
    "h2",
    "article",
    "p",
    "b",
    "del",
    "ins",
    "dl",
    "div",
    "dt",
    "dd",
    "ul",
    "li",
    "audio",
}
HOSTILE = '"><script>alert(1)</script><img src=x onerror=y>&amp;\x00\u202e</title>'


class Parsed(HTMLParser):
    """What a browser makes of a page: its elements, the sources it loads, and its text."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.open, self.sources, self.attributes = set(), [], [], set()
        self.texts = []
        self.by_tag = {}
        self.feed(content)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources += [value for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)
        self.by_tag.setdefault(self.open[-1] if self.open else "", []).append(data)


def parsed(rows, title="Speech"):
    found = Parsed(page(rows, title))
    assert found.open == []
    return found


def test_a_row():
    """A speech stands with its text, what was heard with its differences marked, figures, faults and a player."""
    found = parsed([ROW])

    assert found.by_tag["del"] == ["10"]
    assert found.by_tag["ins"] == ["tan", "now"]
    assert found.by_tag["dd"] == ["1.8 s", "50.0%", "0.17", "0.31 s", "0.30 s"]
    assert found.by_tag["li"] == ROW["faults"]
    assert found.sources == ["./flite-slt/station%201%23.wav"]


def test_a_recording_of_the_text():
    """The recording of the text stands under the speech, with what was heard in it and by how much it differs."""
    recording = {"file": "recordings/station.wav", "heard": "go forward ten meter"}
    found = parsed([{**ROW, "recording": recording, "excess_wer": 0.25}])

    assert found.sources == ["./flite-slt/station%201%23.wav", "./recordings/station.wav"]
    assert found.by_tag["del"] == ["10", "meters"]
    assert found.by_tag["ins"] == ["tan", "now", "meter"]
    assert found.by_tag["dd"][1:3] == ["50.0%", "+25.0%"]
    assert "the recording of this text" in found.texts


@pytest.mark.parametrize("recording", [None, {"file": None, "heard": None}])
def test_no_recording_of_the_text(recording):
    """Nothing is said of a recording where a text has none."""
    assert page([{**ROW, "recording": recording}], "Speech") == page([ROW], "Speech")


def test_a_dialogue():
    """A dialogue stands turn by turn, each with its question, its answer and both recordings."""
    turns = [
        {"question": "Where?", "answer": "Here.", "heard": "here", "question_file": "q1.wav", "file": "a1.wav"},
        {"question": "When?", "answer": "Now.", "heard": "cow", "file": "a2.wav"},
    ]
    found = parsed([{"model": "assistant", "clip": "station", "turns": turns}])

    assert found.by_tag["b"] == ["Where?", "When?"]
    assert found.sources == ["./q1.wav", "./a1.wav", "./a2.wav"]
    assert (found.by_tag["del"], found.by_tag["ins"]) == (["now"], ["cow"])


def test_nothing_from_elsewhere():
    """Without recordings the page loads nothing at all."""
    assert parsed([{**ROW, "speech": None}]).sources == []
    assert parsed([]).sources == []


@pytest.mark.parametrize(
    "file", ["//example.org/a.wav", "http://example.org/a.wav", "javascript:alert(1)", "\\\\host\\a"]
)
def test_a_file_is_beside_the_page(file):
    """No name of a file is an address elsewhere."""
    (source,) = parsed([{**ROW, "speech": {"file": file}}]).sources

    assert source.startswith("./")
    assert ":" not in source
    assert not source.startswith(".//")


@given(text=st.text() | st.just(HOSTILE))
def test_any_text_is_only_text(text):
    """Whatever the texts hold, the page has its own elements and no other, and each is closed."""
    row = {**dict.fromkeys(("model", "clip", "reference", "hypothesis", "voice"), text), "speech": {"file": text}}
    row["recording"] = {"file": text, "heard": text}
    turn = dict.fromkeys(("question", "answer", "heard", "question_file", "file"), text)
    found = parsed([{**row, "faults": [text]}, {**row, "turns": [turn]}], text)

    assert found.tags <= OURS
    assert not {name for name in found.attributes if name.startswith("on")}
