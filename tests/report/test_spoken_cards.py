"""What models that speak came to, on the terminal and in Markdown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.records.state import ModelState
from asrlab_pytest.report.html.summary import spoken_card
from asrlab_pytest.report.layout import milliseconds
from asrlab_pytest.report.markdown_cards import spoken_section
from asrlab_pytest.report.spoken_card import spoken_cards
from asrlab_pytest.report.spoken_columns import points
from asrlab_pytest.report.terminal import write_spoken
from asrlab_pytest.scoring.rows import Rules
from stored_runs import dialogue, observed, prompt, turn

READY = ModelState(task="tts", status="ready", load_s=1.0, warmup_s=0.5)
GONE = ModelState(task="tts", status="weights missing", reason="it has flown", hint="asrlab pull kea")
PROMPTS = (
    prompt("we saw the sea", "we see a sea", recording_heard="we saw a sea", clip="one"),
    prompt("good morning", "good morning", clip="two", sound={"offset": 0.5}, first_audio_s=(0.5,)),
)
DIALOGUES = (
    dialogue(
        turn("it is Paris", facts=[{"keyword": "Paris"}, {"keyword": "France"}], forbidden=[{"keyword": "is"}]),
        turn("good bye", "", speech=False),
    ),
)


class Paper:
    """A screen that keeps what is written."""

    def __init__(self):
        self.lines = []

    def section(self, title, sep="=", **markup):
        self.lines.append(f"# {title}")

    def write_line(self, line, **markup):
        self.lines.append(line)


def cards(rows, **models):
    return spoken_cards(rows, models, rules=Rules())


def shown(card):
    paper = Paper()
    write_spoken(paper, card)
    return paper.lines


def test_a_card_for_each_task():
    """A run has a card for each task in which a model speaks, and none for recognition."""
    found = cards([observed(), *DIALOGUES, *PROMPTS], polly=ModelState(task="asr"), coco=READY)

    assert [(card.task, card.items) for card in found] == [("tts", "prompts"), ("conversation", "dialogues")]
    assert cards([observed()], polly=ModelState(task="asr")) == ()


def test_prompts_on_the_terminal():
    """The table has the figures as they are by hand, and below it stands what it has no room for."""
    (card,) = cards(PROMPTS, coco=READY)
    lines = shown(card)

    assert lines[:4] == [
        "# asrlab TTS",
        "2 prompts, 4 s, en | cpu | judge: polly 0.1",
        "model                       WER  excess    CER audio ms     RTF  faults",
        # 2 of 6 words and 5 of 26 characters; medians of 0.3 and 0.5 s; 2 s of work for 4 s of speech.
        "coco                      33.3%  +25.0%  19.2%      400   0.500       1",
    ]
    assert "accuracy   coco: 25.0 points above the recordings of 1 prompt (WER 25.0%)" in lines
    assert "faults     coco: two: its mean is +0.500, not 0" in lines
    assert "worst      one   50%  saw the -> see a" in lines


def test_dialogues_on_the_terminal():
    """The table has facts, agreement and the slowest times; facts missed, facts forbidden and silence are told."""
    (card,) = cards(DIALOGUES)
    lines = shown(card)

    assert lines[3] == "coco                      50.0%  40.0%      100      300   0.500       1"
    assert lines[5:9] == [
        "facts      coco: 1 of 2 facts said",
        "           coco: one: not said in turn 1: 'France'",
        "           coco: one: forbidden, but said in turn 1: 'is'",
        "faults     coco: one: turn 2: no speech was made",
    ]


def test_a_model_that_did_not_run():
    """A model that could not run has one line, with its status and what makes it run."""
    (card,) = cards(PROMPTS, coco=READY, kea=GONE)

    (line,) = [line for line in shown(card) if "kea" in line]
    assert line.startswith("not run    kea  weights missing")
    assert line.endswith("asrlab pull kea")


@pytest.mark.parametrize(
    ("every", "row", "words"),
    [
        (PROMPTS, "kea                       50.0%*", "1 of the 2 prompts"),
        (
            (*DIALOGUES, replace(DIALOGUES[0], clip="two")),
            "kea                       50.0%  40.0%*",
            "1 of the 2 dialogues",
        ),
    ],
    ids=["tts", "conversation"],
)
def test_rows_of_other_samples(every, row, words):
    """The row of a model that has only some of the prompts or dialogues is marked, and a line says how many."""
    (card,) = cards([*every, replace(every[0], model="kea")])
    lines = shown(card)

    assert sum(line.startswith(row) for line in lines) == 1
    assert not any("*" in line for line in lines if line.startswith(every[0].model))
    assert f"* fewer    kea: {words}" in lines
    table, notes = spoken_section(card)
    marked = [line for line in table.splitlines() if r"\*" in line]
    assert [line.startswith("| <code>kea</code> | 1 |") for line in marked] == [True]
    assert rf"- \* kea: {words}" in notes.splitlines()
    page = spoken_card(card, {})
    starred = [(cells[0].text, cell.why) for cells in page.table.rows for cell in cells if cell.text.endswith("*")]
    assert starred == [("kea", f"fewer {words.split()[-1]}")]
    assert (f"kea: {words}",) in [note.sentences for note in page.notes]
    assert not any("*" in line for line in shown(cards(every)[0]))


def test_repeats():
    """Whether a model says the same each time is told, with what it says otherwise; figures are of the first pass."""
    first = prompt("hello there", "hello there", clip="one")
    same, other = replace(first, repeat=1), replace(first, clip="two")
    changed = replace(other, repeat=1, audio_sha256="1" * 64, hypothesis="nothing of it")
    (card,) = cards([first, other, same, changed], coco=READY)

    assert "repeats    coco: same speech each time for 1 of 2 (not two)" in shown(card)
    assert card.rows[0].figures.score.heard.wer == 0


def test_recorded():
    """Times of speech that was read back are not shown, and that is said."""
    lines = shown(cards([replace(one, recorded=True) for one in PROMPTS])[0])

    assert "coco                      33.3%  +25.0%  19.2%        -       -       1" in lines
    place = lines.index("speed      not shown: all times are of an earlier run; run the models without")
    assert lines[place + 1] == "             --asr-resume or --asr-rescore"


def test_many_faults():
    """Of many faults the first are told, and how many more there are."""
    rows = [prompt("good morning", "good morning", clip=f"p{number}", sound={"offset": 0.5}) for number in range(8)]
    lines = shown(cards(rows)[0])

    assert sum("its mean is" in line for line in lines) == 3
    assert "           coco: and 5 more faults" in lines


def test_two_judges():
    """Speech that two judges heard says so."""
    other = prompt("good morning", "good morning", clip="two")
    other = replace(other, spoken=replace(other.spoken, hearer=replace(other.spoken.hearer, model="jude")))

    assert "2 prompts, 4 s, en | cpu | judge: jude 0.1, polly 0.1" in shown(cards([PROMPTS[0], other])[0])


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(names, names)
def test_width(model, clip):
    """No line of the tables is wider than 80 columns, whatever models and prompts are called."""
    rows = [
        prompt("we saw the sea", "we see a sea", model=model, clip=clip, sound={"clipped": 0.5, "clipped_runs": 1234})
    ]
    talk = dialogue(turn("hello", speech={"first_audio_s": (1234.5,)}), model=model, clip=clip)

    for card in cards([*rows, talk]):
        assert max(len(line) for line in shown(card)[:5]) <= 80


def test_markdown():
    """The Markdown has a table of all models, and the same notes as the terminal."""
    (card,) = cards(PROMPTS, coco=READY, kea=GONE)
    table, notes = spoken_section(card)
    heading, columns, rule, *rows = [line for line in table.splitlines() if line]

    assert heading == "### TTS"
    assert {line.count("|") for line in (columns, rule, *rows)} == {12}
    assert [cell.strip() for cell in rows[0].split("|")][2:9] == [
        *("2", "33.3%", "+25.0%", "19.2%", "400", "0.500", "1")
    ]
    assert rows[1].count("| - ") == 9
    assert "its mean is +0.500, not 0" in notes
    assert "asrlab pull kea" in notes
    assert "transcribed by polly 0.1" in notes


@pytest.mark.parametrize(
    ("difference", "words"),
    [(None, "-"), (0.125, "12.5 points above"), (-0.05, "5.0 points below"), (0.0001, "same as")],
)
def test_differences(difference, words):
    """A difference of rates reads as points, and one that rounds to nothing as the same."""
    assert points(difference) == words


@given(st.floats(0, 1e4))
def test_milliseconds(time):
    """A time reads as whole milliseconds, to half of one."""
    assert abs(int(milliseconds(time)) - 1000 * time) <= 0.5 + 1e-6


def test_times_of_a_busy_machine():
    """Times of speech from a busy machine are not shown, with a way out that gives them in this section."""
    (card,) = cards([replace(one, load_per_core=3.0) for one in PROMPTS], coco=READY)
    text = " ".join(" ".join(shown(card)).split())

    assert "not shown: the machine was busy (load 3.0 per core); run it on a quiet machine" in text
