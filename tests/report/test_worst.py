"""The worst clips, with what was heard."""

from io import StringIO

from asrlab_pytest.report.terminal import write_worst
from asrlab_pytest.report.worst import Worst, WorstClip, misheard
from asrlab_pytest.scoring.alignment import align
from asrlab_pytest.visible import PlainScreen


def told(said, heard):
    return [*misheard(align(said.split(), heard.split()))]


def test_words_that_were_misheard():
    """Neighboring words that differ stand together, and words that are missing or invented are next to nothing."""
    assert told("the station is old", "the stadium is old") == ["station -> stadium"]
    assert told("a b c", "a c") == ["b -> (nothing)"]
    assert told("a c", "a b c") == ["(nothing) -> b"]


def test_a_long_stretch():
    """Of a long stretch both sides begin, so that what was heard is not cut away after what was said."""
    assert told("we spent the whole summer", "it has been a good one") == [
        "we spent the whole ... -> it has been a ..."
    ]


def lines_of(*misheard, models=("polly",), ran=3):
    clip = WorstClip(clip="babble-10db", rate=1.42, models=models, misheard=misheard)
    stream = StringIO()
    write_worst(PlainScreen(stream), Worst(clips=(clip,)), ran)
    return stream.getvalue().splitlines()


def test_words_that_fit_are_on_the_line_of_the_clip():
    """A short stretch is next to the clip and the models, of which a single one is not named."""
    assert lines_of("clubs -> close") == ["worst      babble-10db  142%  polly  clubs -> close"]
    assert lines_of("clubs -> close", ran=1) == ["worst      babble-10db  142%  clubs -> close"]
    assert lines_of("clubs -> close", models=("polly", "kea", "coco")) == [
        "worst      babble-10db  142%  all 3  clubs -> close"
    ]


def test_words_that_do_not_fit_are_below():
    """Where the words do not fit next to the models, both are whole, and what has no room is counted."""
    models = ("whisper-tiny.en", "faster-whisper-tiny.en")
    stretches = [f"{word} the whole ... -> it has been ..." for word in ("spent", "saw", "left", "knew")]

    assert lines_of(*stretches, models=models) == [
        "worst      babble-10db  142%  whisper-tiny.en, faster-whisper-tiny.en",
        "             spent the whole ... -> it has been ... (3 more)",
    ]
    several = tuple(f"faster-whisper-{size}.en" for size in ("tiny", "base", "small", "medium"))
    assert all(len(line) <= 80 for line in lines_of("x" * 90, "y", models=several, ran=5))
    assert lines_of("x" * 90, "y", models=several, ran=5)[0].endswith("faster-whisper-tiny.en and 3 more")
    assert lines_of("x" * 90, "y")[1].endswith("xxx... (1 more)")
