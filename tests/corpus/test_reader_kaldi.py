"""Data directories of Kaldi and ESPnet."""

import pytest

from asrlab_pytest.corpus.audio import load_audio


@pytest.fixture
def data(folder):
    """A data directory with an utterance a file."""
    folder.text("data/wav.scp", "u1 one.wav\nu2 /audio/two.flac\n")
    folder.text("data/text", "u1 hello there\nu2 good night\n")
    folder.text("data/utt2spk", "u1 anna\nu2 ben\n")
    folder.audio("data/one.wav")
    return folder


@pytest.fixture
def segmented(data):
    """The same with segments of one recording, whose name has a space."""
    data.text("data/wav.scp", "rec my recording.wav\n")
    data.text("data/segments", "u1 rec 0.5 1.25\nu2 rec 1.5 -1\n")
    data.audio("data/my recording.wav", seconds=2)
    return data


def test_an_utterance_a_file(data):
    """Utterances become clips with their text, speaker and file."""
    data.text("data/utt2dur", "u1 0.25\n")

    first, second = data.clips("data")

    assert (first.id, first.text, first.group, first.duration) == ("u1", "hello there", "anna", 0.25)
    assert first.audio == data / "data/one.wav"
    assert (second.text, second.group, str(second.audio)) == ("good night", "ben", "/audio/two.flac")


def test_segments(segmented):
    """Segments are read from their recording, to its end where Kaldi's -1 stands."""
    clips = segmented.clips("data")

    assert [(clip.id, clip.start, clip.end) for clip in clips] == [("u1", 0.5, 1.25), ("u2", 1.5, None)]
    assert [load_audio(clip).seconds for clip in clips] == [0.75, 0.5]


def test_paths_from_the_recipe(data):
    """Relative paths start where the user says, as they do at a recipe's folder."""
    assert data.clips("data", audio="..")[0].audio.resolve() == data / "one.wav"


@pytest.mark.parametrize("value", ["sph2pipe -f wav a.sph |", "touch {0} |", "| touch {0}", "cat a.wav|"])
def test_a_pipe_is_never_run(data, value):
    """A command in wav.scp is refused in words, and not run."""
    trace = data / "trace"
    data.text("data/wav.scp", f"u1 one.wav\nu2 {value.format(trace)}\n")

    message = data.refusal("data")

    assert "wav.scp:2: a pipe command" in message
    assert "Commands are never run" in message
    assert not trace.exists()


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("wav.scp", "u1 one.wav\nu1 two.wav\n", "wav.scp:2: the recording 'u1' is duplicated"),
        ("wav.scp", "u1 raw.ark:5\nu2 b.wav\n", "wav.scp:1: 'raw.ark:5' is not an audio file of its own"),
        ("wav.scp", "u1 -\nu2 b.wav\n", "wav.scp:1: '-' is not an audio file of its own"),
        ("wav.scp", "u1\n", "wav.scp:1: nothing follows 'u1'"),
        ("wav.scp", "u1 one.wav\n", "text:2: the utterance 'u2' has no audio in"),
        ("text", "u1 hello\n", "wav.scp: the utterance 'u2' has no line in"),
        ("text", "u1 hello\nu1 there\n", "text:2: clip id 'u1' is already in"),
        ("text", b"u1 \xff\nu2 b\n", "text:1: not UTF-8"),
        ("utt2dur", "u1 long\nu2 1\n", "utt2dur:1: 'duration' must be a number of seconds"),
    ],
)
def test_a_wrong_directory_is_named(data, file, content, words):
    """A mistake is refused with the file and the line's number."""
    data.text(f"data/{file}", content)

    assert words in data.refusal("data")


@pytest.mark.parametrize(
    ("segments", "words"),
    [
        ("u1 rec 0.5\n", "segments:1: not of the form utterance recording start end"),
        ("u1 other 0 1\n", "segments:1: no recording 'other' in"),
        ("u1 rec 0 1\nu1 rec 1 2\n", "segments:2: the utterance 'u1' is duplicated"),
        ("u1 rec x 1\n", "segments:1: 'start' must be a number of seconds"),
        ("u1 rec 2 1\nu2 rec 0 1\n", "segments:1: end (1.0) must be after start (2.0)"),
    ],
)
def test_a_wrong_segment_is_named(segmented, segments, words):
    """A mistake in the segments is refused with the line's number."""
    segmented.text("data/segments", segments)

    assert words in segmented.refusal("data")


def test_a_missing_file(data):
    """A data directory without texts is refused with the file that lacks."""
    (data / "data/text").unlink()

    assert f"{data / 'data/text'} is missing" in data.refusal("data")
