"""The HTML report of stored runs."""

import base64
import json
import re
from xml.etree import ElementTree as ET

import numpy as np
import soundfile

from asrlab_pytest.cli import main
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.report.columns import side_by_side
from asrlab_pytest.report.html.charts import Measured, in_bins, pareto_front
from asrlab_pytest.report.html.clips import Observed, items_of
from asrlab_pytest.report.html.sound import Sounds, encode
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import score
from asrlab_pytest.scoring.scorer import Scorer
from stored_runs import end, environment, failure, observed, row, write

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


def test_plot(tmp_path):
    """The chart is an SVG file of its own that names every model."""
    record = write(tmp_path / "run.jsonl", environment(), row(), row(model="kea", hypothesis="hello where"), end())

    assert main(["plot", str(record), "-o", str(tmp_path / "chart.svg")]) == 0
    texts = [one.text for one in ET.parse(tmp_path / "chart.svg").iter() if one.tag.endswith("}text")]
    assert {"polly", "kea"} <= set(texts)
