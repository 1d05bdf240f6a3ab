"""The HTML report of stored runs."""

import base64
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.cli import main
from asrlab_pytest.corpus.clip import Clip, Review
from asrlab_pytest.report.charts import Measured, in_bins, pareto_front
from asrlab_pytest.report.clips import Observed, items_of
from asrlab_pytest.report.columns import side_by_side
from asrlab_pytest.report.html.payload import payload
from asrlab_pytest.report.html.sound import Sounds, encode, link
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import score
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.visible import visible
from stored_runs import end, environment, failure, held, observed, row, said, turn, write

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=y>\x00\u202e"


def made(tmp_path, *lines):
    record = write(tmp_path / "run.jsonl", environment(), *lines, end(polly={"status": "ready"}))
    assert main(["report", str(record), "-o", str(tmp_path / "report.html")]) == 0
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def data(page):
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])


def test_a_clip_with_all_models(tmp_path):
    """A clip stands with the words of every model under the reference's, and a case without a result with why."""
    page = made(tmp_path, row(), row(model="kea", hypothesis="hello where"), failure(clip="two"))

    found = data(page)
    one, two = found["items"]
    assert found["models"] == ["polly", "kea"]
    assert one["differ"] is True
    assert one["parts"][0]["blocks"] == [{"models": [0, 1], "columns": ["hello", ["there", 0, "where"]]}]
    assert two["answers"] == [{"model": 0, "problem": "no file"}]


def test_why_a_review_quarantined_a_clip():
    """A clip that a review quarantined has the review's reason, where the corpus is here."""
    review = Review(date="2026-11-20", decision="quarantine", reason="two voices <b>")
    clip = Clip(id="one", audio=Path("one.wav"), text="", review=review, quarantined=True)
    listed = Observed(observations=[observed(quarantined=True)], listed=lambda task, _: clip if task == "asr" else None)

    for run, why in ((listed, "two voices <b>"), (replace(listed, listed=None), None)):
        (item,) = json.loads(payload(items_of(run, Scorer(Rules())), ["polly"], lambda _: ""))["items"]
        assert (item["apart"], item.get("review")) == (True, why)


def test_failures_alone(tmp_path):
    """A run in which every case failed has a page that says why, and no figures."""
    page = made(tmp_path, failure(), failure(model="kea", clip="two", problem="no weights"))

    assert [item["answers"][0]["problem"] for item in data(page)["items"]] == ["no file", "no weights"]
    assert "<svg" not in page


def test_frequent_errors_that_are_not_listed(tmp_path):
    """The 15 most frequent errors of a kind are listed, and the others are counted, so that the numbers add up."""
    words = [f"ba{letter}ta" for letter in "abcdefghijklmnopqrstab"]
    heard = [f"ko{word[2]}lo" for word in words[:-1]]
    page = made(tmp_path, row(clip="one", reference=" ".join(words), hypothesis=" ".join(heard)))

    errors = page.partition('<section id="errors"')[2]
    substitutions = errors.partition("<h4>21 substitutions</h4>")[2].partition("</div>")[0]

    counts = [int(count) for count in re.findall(r"× (\d+)", substitutions)]
    assert counts == [2, *[1] * 14]
    assert '<p class="soft">and 5 more</p>' in substitutions
    assert "more" not in errors.partition("<h4>1 deletion</h4>")[2].partition("</div>")[0]


def test_nothing_acts(tmp_path):
    """Whatever ids and texts hold, they end no script, and what cannot be seen stands as its number."""
    page = made(tmp_path, row(clip=HOSTILE, hypothesis=HOSTILE, reference=HOSTILE, tags=[HOSTILE], group=HOSTILE))

    assert page.count("<script") == 2
    assert "<img" not in page
    assert "\x00" not in page
    assert "\u202e" not in page
    assert "U+202E" in data(page)["items"][0]["id"]
    assert "default-src &#39;none&#39;" in page


def test_another_file_is_not_replaced(tmp_path, capsys):
    """A file that is not a report of ours stays as it is, and a report is replaced."""
    made(tmp_path, row())
    made(tmp_path, row())
    (tmp_path / "report.html").write_text("mine")

    assert main(["report", str(tmp_path / "run.jsonl"), "-o", str(tmp_path / "report.html")]) == 2
    assert (tmp_path / "report.html").read_text() == "mine"
    assert "-o" in capsys.readouterr().err


def test_what_has_no_room_is_linked(tmp_path):
    """Audio is embedded up to the cap, the worst clips first; the rest is linked by a relative address."""
    clips = {}
    for name in ("a b", "c"):
        path = tmp_path / "audio" / f"{name}.wav"
        path.parent.mkdir(exist_ok=True)
        soundfile.write(path, np.zeros(16_000), 16_000)
        clips[name] = Clip(id=name, audio=path, text="")
    observations = [observed(clip="a b", audio_sha256=None), observed(clip="c", hypothesis="no", audio_sha256=None)]
    items = items_of(Observed(observations=observations), Scorer(Rules()))
    embedded = base64.b64encode(encode(np.zeros(16_000, np.float32), 16_000))
    sounds = Sounds(lambda name: clips[name.item], tmp_path / "report.html", len(embedded))

    sounds.add(items)

    assert [sounds.source(item.audio) for item in items] == ["./audio/a%20b.wav", "#audio-0"]
    assert (len(sounds.embedded), sounds.linked) == (1, 1)


@pytest.mark.parametrize("name", ["https:__example.org", "a b#1?", "%2e"])
def test_a_link_leads_beside_the_page(name, tmp_path):
    """No name of a file is an address elsewhere, and a clip that is a part of its file starts there."""
    path = tmp_path / f"{name}.wav"

    source = link(Clip(id="one", audio=path, text="", start=1.5), tmp_path)

    assert source.startswith("./")
    assert ":" not in source
    assert unquote(source) == f"./{path.relative_to(tmp_path)}#t=1.5"


def test_speech(tmp_path):
    """A prompt stands with its voice, times, faults and recording, a dialogue turn by turn with what is missing."""
    station = {"keyword": "station"}
    prompt = said("go forward", "go forward now", recording_heard="go four", sound={"clipped_runs": 99, "clipped": 0.5})
    dialogue = held(turn("i do not know", "i do not"), turn("here", facts=[station]), clip="who")

    page = made(tmp_path, prompt, dialogue)
    spoken, asked = data(page)["items"]

    (answer,) = spoken["answers"]
    assert answer["figures"] == [
        "WER +0.0% compared with the recording",
        "2.0 s of speech",
        "latency 1.00 s",
        "RTF 0.500",
        "first audio after 0.30 s",
    ]
    assert answer["recording"] == "go four"
    assert answer["notes"]
    assert all(note.startswith("fault: ") for note in answer["notes"])
    assert [part["question"] for part in asked["parts"]] == ["who are you", "who are you"]
    assert [wrote["said"] for wrote in asked["answers"][0]["wrote"]] == ["i do not know", "here"]
    assert asked["answers"][0]["notes"] == ["missing fact in turn 2: 'station'"]
    assert re.findall("<h2>(.* scorecard)</h2>", page) == ["TTS scorecard", "Conversation scorecard"]


@given(text=st.text() | st.just(HOSTILE))
def test_any_text_is_only_text(text):
    """Whatever a text holds, it ends no script element, and what cannot be seen acts nowhere."""
    items = items_of(Observed(observations=[observed(clip=text, hypothesis=text, reference=text)]), Scorer(Rules()))

    document = payload(items, ["polly"], lambda _: "")

    assert "<" not in document
    assert json.loads(document)["items"][0]["id"] == visible(text)


def test_other_audio_is_not_played(tmp_path):
    """A file that is not the one which was transcribed is no audio of the text."""
    path = tmp_path / "one.wav"
    soundfile.write(path, np.zeros(16_000), 16_000)
    items = items_of(Observed(observations=[observed()]), Scorer(Rules()))
    sounds = Sounds(lambda _: Clip(id="one", audio=path, text=""), tmp_path / "report.html", 10_000_000)

    sounds.add(items)

    assert sounds.source(items[0].audio) == ""


def test_inserted_words_have_columns_of_their_own():
    """Words that one model inserted are a column in which the reference and the others have nothing."""
    texts = {"polly": "go to rome", "kea": "go on to rome"}
    (block,) = side_by_side({model: score("go to rome", text).alignment for model, text in texts.items()})

    assert [column.reference for column in block.columns if column.reference] == ["go", "to", "rome"]
    assert [column.words for column in block.columns if not column.reference] == [("", "on")]


def test_the_front():
    """Only models that no other beats in both error and time stand on the front."""
    points = [
        Measured(model=name, wer=wer, rtf=rtf, interval=None, number=0)
        for name, wer, rtf in (("a", 0.1, 0.1), ("b", 0.05, 0.5), ("c", 0.2, 0.2))
    ]
    assert [point.model for point in pareto_front(points)] == ["a", "b"]


def test_classes_hold_every_clip():
    """Every rate falls into one class, and none without error into that of errors."""
    assert in_bins([0.0, 0.05, 0.051, 1.0, 2.5]) == [1, 1, 1, 0, 0, 0, 0, 1, 1]


def test_show(tmp_path, capsys):
    """The terminal shows the clips with errors, the worst first, with the words of every model under the reference."""
    rows = [row(), row(model="kea", hypothesis="hello where"), row(clip="two", hypothesis="nothing else at all")]
    record = write(tmp_path / "run.jsonl", environment(), *rows, end())

    assert main(["show", str(record)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines if ":" in line] == ["two", "one"]
    assert "  kea        hello WHERE" in lines
    assert main(["show", str(record), "three"]) == 2
    assert "has no clip 'three'\n  hint: its clips are one, two\n" in capsys.readouterr().err
    assert main(["show", str(record), "tow"]) == 2
    assert "hint: did you mean two?\n" in capsys.readouterr().err


def test_plot(tmp_path):
    """The chart is an SVG file of its own that names every model."""
    record = write(tmp_path / "run.jsonl", environment(), row(), row(model="kea", hypothesis="hello where"), end())

    assert main(["plot", str(record), "-o", str(tmp_path / "chart.svg")]) == 0
    texts = [one.text for one in ET.parse(tmp_path / "chart.svg").iter() if one.tag.endswith("}text")]
    assert {"polly", "kea"} <= set(texts)


@pytest.fixture
def nights(tmp_path):
    """A folder of two runs: in the newer one the weights are others, the text is worse, and the machine is another."""
    folder = tmp_path / "nights"
    folder.mkdir()
    first, second = ({"commit": digit * 40, "dirty": False} for digit in "ab")
    write(folder / "z.jsonl", environment(git=first), row(), end())
    newer = row(hypothesis="hello where", weights_sha256="1" * 64)
    write(folder / "a.jsonl", environment(git=second, time="2026-11-23T10:00:00+00:00", cpu="slide rule"), newer, end())
    return folder


def test_history(nights, tmp_path):
    """A folder of records is its newest run with the history of all, which marks what changed between them."""
    assert main(["report", str(nights), "-o", str(tmp_path / "report.html")]) == 0

    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert data(page)["items"][0]["answers"][0]["edits"] == [1, 0, 0, 2]
    history = page[page.index('id="history"') : page.index('id="environment"')]
    assert re.findall(r'scope="row">(\w+), (\S+)', history) == [("bbbbbbb", "2026-11-23"), ("aaaaaaa", "2026-11-22")]
    assert "weights: polly: weights 00000000 -&gt; 11111111; machine: cpu abacus -&gt; slide rule" in history
    assert 'class="events">weights, machine</text>' in history


def test_plot_of_a_history(nights, tmp_path, capsys):
    """Several records are drawn over time; a file of the folder that is no record is left out, and exits 1."""
    (nights / "notes.json").write_text("{}")

    assert main(["plot", str(nights), "-o", str(tmp_path / "chart.svg")]) == 1

    texts = [node.text for node in ET.parse(tmp_path / "chart.svg").iter() if node.tag.endswith("}text")]
    assert {"aaaaaaa", "bbbbbbb", "WER", "RTF"} <= set(texts)
    assert "notes.json" in capsys.readouterr().err
    assert main(["report", str(nights)]) == 2
    (tmp_path / "empty").mkdir()
    assert main(["plot", str(tmp_path / "empty"), "-o", str(tmp_path / "chart.svg")]) == 2
