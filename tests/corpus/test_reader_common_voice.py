"""Common Voice, as it ships."""

import pytest

HEADING = "client_id\tpath\tsentence_id\tsentence\tup_votes\tdown_votes\tage\tgender\taccents\tlocale\tsegment\n"


def row(path, sentence, *, speaker="4f2a", locale="zh-CN"):
    return f"{speaker}\t{path}\t77\t{sentence}\t2\t0\t\t\t\t{locale}\t\n"


@pytest.fixture
def release(folder):
    """A language of a release, with two splits and durations."""
    folder.text("zh/test.tsv", HEADING + row("a.mp3", '"Ja", sagte er') + row("b.mp3", "Nein", speaker="99"))
    folder.text("zh/dev.tsv", HEADING + row("c.mp3", "Doch"))
    folder.text("zh/clip_durations.tsv", "clip\tduration[ms]\na.mp3\t250\n")
    folder.audio("zh/clips/a.mp3", "zh/clips/b.mp3", "zh/clips/c.mp3", rate=48_000)
    return folder


def test_a_split(release):
    """A split's rows become clips: the speaker is the group, the locale the language, and quotes are text."""
    first, second = release.clips("zh/test.tsv")

    assert (first.id, first.audio, first.text) == ("a", release / "zh/clips/a.mp3", '"Ja", sagte er')
    assert (first.group, first.language, first.duration) == ("4f2a", "zh", 0.25)
    assert (second.group, second.duration) == ("99", None)
    assert release.open("zh/test.tsv").name == "test"


def test_the_folder_of_a_language(release):
    """The folder of several splits asks for one of them, and takes the one that is named."""
    message = release.refusal("zh")

    assert "holds several parts: dev, test" in message
    assert "--split dev" in message
    assert [clip.text for clip in release.clips("zh", split="dev")] == ["Doch"]
    assert "has no part 'train': dev, test" in release.refusal("zh", split="train")
    assert "has no part 'train': dev" in release.refusal("zh/dev.tsv", split="train")


def test_paths_without_an_ending(release):
    """An old release, whose paths have no ending, means MP3 files."""
    release.text("zh/test.tsv", HEADING + row("a", "Ja"))

    assert release.clips("zh/test.tsv")[0].audio == release / "zh/clips/a.mp3"


@pytest.mark.parametrize("path", ["/etc/a.mp3", "../a.mp3", "x/../../a.mp3", "..", "."])
def test_a_path_that_leaves_the_folder(release, path):
    """A path that is absolute or leads out of the clips' folder is refused."""
    release.text("zh/test.tsv", HEADING + row("a.mp3", "Ja") + row(path, "Ja"))

    assert f"test.tsv:3: {path!r} is outside the corpus folder" in release.refusal("zh/test.tsv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADING + row("a.mp3", "x") + row("a.mp3", "y"), "test.tsv:3: clip id 'a' is already in"),
        (HEADING + row("", "x"), "test.tsv:2: the path of the audio is empty"),
        (HEADING + "a\tb\n", "test.tsv:2: 2 columns, where the heading has 11"),
        (HEADING, "lists no clips"),
        (HEADING.encode() + b"s\ta.mp3\t7\t\xff\t2\t0\t\t\t\tde\t\n", "test.tsv:2: not UTF-8"),
    ],
)
def test_a_wrong_row_is_named(release, content, words):
    """A mistake is refused with the file and the line's number."""
    release.text("zh/test.tsv", content)

    assert words in release.refusal("zh/test.tsv")


def test_a_missing_column(release):
    """A table without a column of Common Voice's is refused, where it is said to be one."""
    release.text("zh/test.tsv", "client_id\tpath\na\tb.mp3\n")

    assert "test.tsv:1: no column 'sentence'" in release.refusal("zh/test.tsv", format="common-voice")
