"""CSV and TSV tables."""

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from asrlab_pytest.corpus.table import Columns


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_usual_columns_are_found(folder, ending, mark):
    """Columns of the usual names need no word about them, whatever the line ends, with byte order mark or without."""
    folder.text("list.csv", mark + ending.join(["path,sentence,speaker,tags", 'a b.wav,"Well, hé ""so""",bob,x;y', ""]))

    (clip,) = folder.clips("list.csv")

    assert (clip.id, clip.audio, clip.text) == ("a b", folder / "a b.wav", 'Well, hé "so"')
    assert (clip.group, clip.tags, clip.language) == ("bob", ("x", "y"), None)


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("path,text,begin,end", "t.csv:1: 'end' is read, and 'begin' is not"),
        ("path,text,start,stop", "t.csv:1: 'start' is read, and 'stop' is not"),
        ("path,text,offset,dur", "t.csv:1: 'offset' is read, and 'dur' is not"),
        ("path,text,from,to", "t.csv:3: all of a.wav is line 2 already, and 'from' and 'to' are not"),
        ("path,text,start_ms,EndMs", "t.csv:3: all of a.wav is line 2 already, and 'start_ms' and 'EndMs' are not"),
    ],
)
def test_times_that_are_not_read(folder, heading, sentence):
    """A table of parts of files is refused if it names their times as nobody could know."""
    folder.text("t.csv", f"{heading},id\na.wav,one,1,2,q1\na.wav,two,3,4,q2\n")

    refusal = folder.refusal("t.csv")

    assert sentence in refusal
    assert "columns = { start =" in refusal


def test_times_that_mean_something_else(folder):
    """Columns like those of MLS, of files that are cut already, and words such as weekend, are no times of parts."""
    folder.text("t.csv", "path,text,begin_time,end_time,weekend\na.wav,one,1,2,x\nb.wav,two,3,4,y\n")

    assert [(clip.start, clip.end) for clip in folder.clips("t.csv")] == [(None, None)] * 2


def test_speakers_who_are_not_known(folder):
    """What stands for no speaker, as in VoxPopuli, is none: such clips must not count as those of one person."""
    folder.text("list.csv", "path,text,speaker\na.wav,one,None\nb.wav,two,nan\nc.wav,three,Noah\nd.wav,four,\n")

    assert [clip.group for clip in folder.clips("list.csv")] == [None, None, "Noah", None]


def test_json_lines_with_named_columns(folder):
    """JSON lines whose columns are named are read as a table, also if a line lacks a column that another one has."""
    lines = [
        {"recording": "a.wav", "said": "one", "tags": ["x", "y"], "channel": None, "other": {"n": 1}},
        {"recording": "b.wav", "said": "two", "who": 7, "start": 1, "end": 2.5},
    ]
    folder.text("calls.jsonl", "\n".join(map(json.dumps, lines)))

    first, second = folder.clips("calls.jsonl", columns=Columns(audio="recording", text="said", group="who"))

    assert (first.id, first.audio, first.text, first.tags) == ("a", folder / "a.wav", "one", ("x", "y"))
    assert (second.group, second.start, second.end) == ("7", 1.0, 2.5)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"recording": "b.wav"}', "2: no 'said'"),
        ('{"said": "two"}', "2: no 'recording'"),
        ('{"recording": "b.wav", "said": null}', "2: the line has no text: 'said' is null"),
        ('{"recording": "b.wav", "said": ["two"]}', "2: key 'said': expected text, not ['two']"),
        ('{"recording": "b.wav", ', "2: not valid JSON"),
    ],
)
def test_a_wrong_json_line(folder, line, words):
    """A line without what the named columns hold is refused with its number."""
    folder.text("calls.jsonl", f'{{"recording": "a.wav", "said": "one"}}\n{line}\n')

    assert words in folder.refusal("calls.jsonl", columns=Columns(audio="recording", text="said"))


def test_a_column_that_no_json_line_has(folder):
    """A named column that is in no line is refused, with the keys that there are."""
    folder.text("calls.jsonl", '{"recording": "a.wav", "said": "one"}\n')

    refusal = folder.refusal("calls.jsonl", columns=Columns(audio="recording", text="words"))

    assert "no column 'words'; there are: recording, said" in refusal


def test_named_columns(folder):
    """Columns are taken as the user names them, and times in them make segments."""
    folder.text("list.tsv", "rec\twords\tfrom\tto\tn\nlong.wav\thi\t1.5\t2\tfirst\n")
    columns = Columns(audio="rec", text="words", start="from", end="to", id="n")

    (clip,) = folder.clips("list.tsv", columns=columns, language="de", tags=("calls",))

    assert (clip.id, clip.text, clip.start, clip.end) == ("first", "hi", 1.5, 2.0)
    assert (clip.language, clip.tags) == ("de", ("calls",))


def test_a_start_and_a_duration(folder):
    """A row with a start and a duration is that part of the file, as in NeMo; a duration alone selects no part."""
    folder.text("list.csv", "audio,text,offset,duration\na.wav,a,1.5,2\nb.wav,b,0,1\nc.wav,c,,3\n")

    assert [(clip.start, clip.end) for clip in folder.clips("list.csv")] == [(1.5, 3.5), (0.0, 1.0), (None, None)]


def test_a_table_without_a_heading(folder):
    """The first clip is not taken for a heading of strange columns."""
    folder.text("list.csv", "a.wav,hello\nb.wav,bye\n")

    assert "list.csv:1: a clip, not the heading\n  hint: give the table a heading" in folder.refusal("list.csv")


def test_where_the_audio_is(folder):
    """The audio's paths start at the table's folder, or at the one that is named; absolute ones stand as they are."""
    folder.text("lists/list.csv", "audio,text\na.wav,a\n/data/b.wav,b\n../c.wav,c\n")

    own = [clip.audio for clip in folder.clips("lists/list.csv")]
    other = folder.clips("lists/list.csv", audio="../audio")[0].audio

    assert own[0] == folder / "lists/a.wav"
    assert str(own[1]) == "/data/b.wav"
    assert own[2].resolve() == folder / "c.wav"
    assert other.resolve() == folder / "audio/a.wav"


def test_another_delimiter(folder):
    """The delimiter is the user's to choose, and quotes may belong to the text."""
    folder.text("list.csv", 'audio;text\na.wav;"Ja", sagte er\n')

    assert folder.clips("list.csv", delimiter=";", quotes=False)[0].text == '"Ja", sagte er'


def test_a_field_of_several_lines(folder):
    """A quoted field may hold line ends, and the lines after it keep their numbers."""
    folder.text("list.csv", 'audio,text\na.wav,"one\ntwo"\nb.wav\n')

    assert "list.csv:4: 1 column, where the heading has 2" in folder.refusal("list.csv")


@pytest.mark.parametrize("delimiter", ["\t", "|"])
def test_a_quotation_over_several_rows(folder, delimiter):
    """Quotes that open in one text and close in a later one swallow no rows: the table is refused, with a hint."""
    rows = [("audio", "text"), ("a.wav", '"Come in,'), ("b.wav", "he said."), ("c.wav", 'Sit down."')]
    folder.text("list.tsv", "".join(f"{delimiter.join(row)}\n" for row in rows))

    refusal = folder.refusal("list.tsv", delimiter=delimiter)

    assert "list.tsv:4: a quoted field has whole rows in it" in refusal
    assert "--no-quotes" in refusal
    assert len(folder.clips("list.tsv", delimiter=delimiter, quotes=False)) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("audio,words\na.wav,a\n", "list.csv:1: no column for the text: none of text, transcript"),
        ("sound,text\na.wav,a\n", "list.csv:1: no column for the audio"),
        ("audio,text,text\na.wav,a,b\n", "list.csv:1: the column 'text' is duplicated"),
        ("audio,text\na.wav,a\nb.wav\n", "list.csv:3: 1 column, where the heading has 2"),
        ("audio,text\na.wav,a,b\n", "list.csv:2: 3 columns, where the heading has 2"),
        ("audio,text\na.wav,a\nx/a.wav,b\n", "list.csv:3: clip id 'a' is already in"),
        ("audio,text\n,a\n", "list.csv:2: the path of the audio is empty"),
        ('audio,text\na.wav,"open\n', "list.csv:2: not a row of a table"),
        ('audio,text\na.wav,"a" b\n', "list.csv:2: not a row of a table"),
        ("audio,text,start\na.wav,a,soon\n", "list.csv:2: 'start' must be a number of seconds from 0 up, not 'soon'"),
        ("audio,text,start,end\na.wav,a,2,1\n", "list.csv:2: end (1.0) must be after start (2.0)"),
        ("audio,text\n", "lists no clips"),
        (b"audio,text\na.wav,\xe9\n", "list.csv:2: not UTF-8"),
    ],
)
def test_a_wrong_table_is_named(folder, content, words):
    """A mistake is refused with the file and the line's number."""
    folder.text("list.csv", content)

    assert words in folder.refusal("list.csv")


def test_a_column_that_is_not_there(folder):
    """A named column that the table lacks is refused with those that it has."""
    folder.text("list.csv", "audio,text\na.wav,a\n")

    message = folder.refusal("list.csv", columns=Columns(text="words"))

    assert "list.csv:1: no column 'words'; there are: audio, text" in message
    assert "correct columns.text, or --column text=..." in message


def test_empty(folder):
    """A table of no bytes is refused with an example of a heading."""
    folder.text("list.csv", "")

    assert "list.csv is empty" in folder.refusal("list.csv")


FIELDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(FIELDS, min_size=1, max_size=5), delimiter=st.sampled_from([",", ";", "\t"]))
def test_any_text(folder, texts, delimiter):
    """Whatever a text holds but rows, what Python's own writer of tables wrote is read, except for space around it."""
    assume(delimiter != "\t" or not any("\t" in text and {"\r", "\n"} & {*text} for text in texts))
    # Cells without a text are refused unless nobody speaks there.
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(
        [("audio", "text"), *((f"{number}.wav", text) for number, text in enumerate(texts))]
    )
    folder.text("list.csv", file.getvalue())

    assert [clip.text for clip in folder.clips("list.csv", delimiter=delimiter, tags=("nonspeech",))] == [
        text.strip() for text in texts
    ]


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        ("list.csv", "audio,text,tags\na.wav,hi,\nb.wav, ,noisy\n", "list.csv:3"),
        ("metadata.csv", "file_name,text\na.wav,\n", "metadata.csv:2"),
        ("test.tsv", "client_id\tpath\tsentence\nx\ta.mp3\t\n", "test.tsv:2"),
    ],
)
def test_a_forgotten_text(folder, name, content, where):
    """An empty cell for the text is refused with its line, unless a tag says that nobody speaks there."""
    (folder / "clips").mkdir()
    folder.text(name, content)

    assert f"{where}: the text is empty" in folder.refusal(name)
    assert folder.clips(name, tags=("nonspeech",))[-1].text == ""


def test_a_row_without_speech(folder):
    """A row whose own tags say that nobody speaks may have no text."""
    folder.text("list.csv", 'audio,text,tags\na.wav,,"hum, silence"\n')

    assert folder.clips("list.csv")[0].text == ""


def test_a_column_of_channels(folder):
    """A column `channel` chooses the channel of a clip, and what is not a channel is refused with its line."""
    folder.text("calls.csv", "audio,text,channel\na.wav,hi,2\nb.wav,ho,\n")
    folder.text("wrong.csv", "audio,text,channel\na.wav,hi,left\n")

    assert [clip.channel for clip in folder.clips("calls.csv")] == [2, None]
    assert "wrong.csv:2: 'channel' must be a number from 1 up, not 'left'" in folder.refusal("wrong.csv")


@pytest.mark.parametrize(("times", "said"), [("1,2,3", "3.0"), ("1,2,0.2", "0.2"), ("0,5,0", "0.0"), (",2,4", "4.0")])
def test_times_that_contradict_each_other(folder, times, said):
    """A start, an end and a duration that differ by more than rounding are refused with their line."""
    path = folder.text("t.csv", f"audio,text,start,end,duration\na.wav,x,1,2.4,1\nb.wav,y,{times}\n")
    manifest = {"audio": "a.wav", "text": "x"}
    keys = {key: float(time) for key, time in zip(("start", "end", "duration"), times.split(","), strict=True) if time}
    listed = folder.text("manifest.jsonl", json.dumps(manifest | keys))

    assert f"{path}:3: duration ({said}) is not that from start (" in folder.refusal("t.csv")
    assert f"{listed}:1: duration ({said}) is not that from start (" in folder.refusal("manifest.jsonl")


def test_tags_that_are_a_list(folder):
    """Tags that pandas wrote as a list of Python are those in the list."""
    folder.text("list.csv", """audio,text,tags\na.wav,a,"['x', 'y z']"\nb.wav,b,[]\n""")

    assert [clip.tags for clip in folder.clips("list.csv")] == [("x", "y z"), ()]


def test_line_ends_of_old_macs(folder):
    """A table whose lines end in a carriage return alone is refused with how to save it."""
    folder.text("list.csv", "audio,text\ra.wav,a\rb.wav,b\r")

    assert "save it with the line ends of Unix or Windows" in folder.refusal("list.csv")
