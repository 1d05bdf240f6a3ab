"""Figures that the scorecard does not have, and models that lack clips: on the page and on the terminal."""

import re

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.scoring.intervals import Tally, rate_uncertainty
from stored_runs import end, environment, row, write


@pytest.mark.parametrize(
    ("errors", "words", "why"),
    [
        ([1, 0], [10, 10], "too few clips for an interval"),
        ([0] * 30, [10] * 30, "no error in any clip"),
        ([1, 0, 2] * 10, [10] * 29 + [900], "the clip 29 has 76% of the words"),
        ([1, 0, 2] * 10, [10] * 30, ""),
    ],
    ids=["few", "right", "long", "none"],
)
def test_why_there_is_no_interval(errors, words, why):
    """A WER without an interval says why, and names the clip whose words outweigh all others."""
    tallies = [
        Tally(clip=str(number), group=None, errors=count, words=length)
        for number, (count, length) in enumerate(zip(errors, words, strict=True))
    ]

    assert rate_uncertainty(tallies).why_none == why


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The page of two models, of which kea lacks a clip, and their record; one clip has most of the words."""
    folder = tmp_path_factory.mktemp("run")
    long = {"reference": "and so on " * 99, "hypothesis": "and so on " * 98}
    lines = [
        row(model, clip=f"c{number}", hypothesis="hello where", quarantined=number == 0)
        for model in ("polly", "kea")
        for number in range(9 if model == "polly" else 8)
    ]
    lines += [row(model, clip="long", **long) for model in ("polly", "kea")]
    record = write(folder / "run.jsonl", environment(), *lines, end())
    assert main(["report", str(record), "-o", str(folder / "report.html")]) == 0
    return (folder / "report.html").read_text(encoding="utf-8"), record


def test_a_model_that_lacks_clips_is_marked(shown):
    """A model with fewer clips has a star and their number, as on the terminal; quarantined clips are separate."""
    page, _ = shown

    rows = re.findall(r'<tr><th scope="row">(polly|kea)</th>(.*?)</tr>', page[: page.index('id="clips"')], re.DOTALL)
    texts = {model: re.findall(r"<td[^>]*>([^<]*)", cells) for model, cells in rows}
    assert [(model, cells[0][-1], cells[-2]) for model, cells in texts.items()] == [
        ("polly", "%", "9 + 1"),
        ("kea", "*", "8 + 1"),
    ]
    assert "kea: 9 of the 10 clips" in page


def test_a_clip_of_most_words_is_named(shown, capsys):
    """A clip with most of the words is named in place of the interval; a chart without bars does not mention bars."""
    page, record = shown
    main(["report", str(record)])

    sentence = "polly, kea: none, the clip long has 95% of the words"
    assert sentence in page
    assert "Bars are" not in page
    assert f"95% CI     {sentence}" in capsys.readouterr().out.splitlines()
