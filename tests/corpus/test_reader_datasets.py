"""Data sets of Hugging Face, with a stand-in for their package, and with the package itself where it is installed."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.table import Columns
from asrlab_pytest.errors import ClipError


class Audio:
    """The type of a column of audio."""

    def __init__(self, decode=True):
        self.decode = decode


class ClassLabel:
    """The type of a column of labels, which holds their numbers."""

    def __init__(self, *names):
        self.int2str = names.__getitem__


class Data:
    """A data set as the reader sees one."""

    _fingerprint = "abc/1"
    split = None

    def __init__(self, rows, **features):
        self.rows = rows
        self.features = features
        self.column_names = [*rows[0]] if rows else []
        self.cast = None

    def cast_column(self, name, kind):
        assert not kind.decode
        self.cast = name
        return self

    def __iter__(self):
        assert self.cast
        return iter(self.rows)


class Raising:
    """A function that raises."""

    def __init__(self, error):
        self.error = error

    def __call__(self, *given, **named):
        raise self.error


@pytest.fixture
def stand_in(folder, monkeypatch):
    """A folder that looks like a saved data set, and a package that gives what the test puts into `data`."""
    asked = []
    package = SimpleNamespace(Audio=Audio, ClassLabel=ClassLabel, data=None, asked=asked)
    package.load_from_disk = lambda path: package.data
    package.load_dataset = lambda *given, **named: asked.append((given, named)) or package.data
    monkeypatch.setitem(sys.modules, "datasets", package)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    folder.text("saved/state.json", "{}")
    folder.text("saved/dataset_info.json", "{}")
    folder.audio("a.flac")
    return package


@pytest.fixture
def rows(folder, stand_in):
    """A row with its audio within, and one whose audio is a file."""
    content = (folder / "a.flac").read_bytes()
    rows = [
        {"audio": {"path": "x/a.flac", "bytes": content}, "text": "one", "speaker_id": 7, "tags": ["p", "q"]},
        {"audio": {"path": str(folder / "b.flac"), "bytes": None}, "text": "two", "speaker_id": None, "tags": None},
    ]
    stand_in.data = Data(rows, audio=Audio())
    return rows


def test_a_saved_data_set(folder, rows):
    """Rows become clips; audio within the data set is written to the cache, and audio in files is left there."""
    first, second = folder.clips("saved")

    assert (first.id, first.text, first.group, first.tags) == ("a", "one", "7", ("p", "q"))
    assert first.audio.match("cache/asrlab/corpora/abc_1/0000000-*.flac")
    assert load_audio(first).seconds == 0.25
    assert (second.id, second.audio, second.group) == ("b", folder / "b.flac", None)


def test_times_of_single_precision(folder, rows, stand_in):
    """A start that is not exact in single precision is in the clip's id as it was written."""
    rows[0] |= {"start": 0.10000000149011612, "end": 0.25}
    rows[1] |= {"start": None, "end": None}
    single = SimpleNamespace(dtype="float32")
    stand_in.data = Data(rows, audio=Audio(), start=single, end=single)

    assert [(clip.id, clip.start) for clip in folder.clips("saved")] == [("a-0.1", 0.1), ("b", None)]


def test_segments_of_one_file(folder, rows, stand_in):
    """Rows that are parts of one file have ids with their start, as in other formats."""
    rows[1]["audio"] = rows[0]["audio"]
    rows[0] |= {"start": 0.0, "end": 0.1}
    rows[1] |= {"start": 0.1, "end": 0.25}
    stand_in.data = Data(rows, audio=Audio())

    assert [(clip.id, clip.start) for clip in folder.clips("saved")] == [("a", 0.0), ("a-0.1", 0.1)]


def test_two_data_sets_of_one_fingerprint(folder, rows, stand_in):
    """Audio that differs is kept apart, even where its size and what `datasets` calls its data set are the same."""
    first = folder.open("saved")
    heard = first.samples[0].audio.read_bytes()
    rows[0]["audio"] = {"path": "x/a.flac", "bytes": heard[::-1]}
    stand_in.data = Data(rows, audio=Audio())
    second = folder.open("saved")

    assert first.samples[0].audio.read_bytes() == heard
    assert second.samples[0].audio.read_bytes() == heard[::-1]
    assert second.sha256 != first.sha256


def test_audio_is_written_once(folder, rows):
    """A second reading leaves the files of the first, and makes the same corpus."""
    first = folder.open("saved")
    written = first.samples[0].audio.stat().st_mtime_ns

    assert folder.open("saved") == first
    assert first.samples[0].audio.stat().st_mtime_ns == written


def test_a_data_set_of_the_hub(folder, rows, stand_in):
    """An id on the hub is loaded by config, split and revision; without a revision it is refused."""
    assert "pin a commit" in folder.refusal("google/fleurs", format="datasets")

    clips = folder.clips("google/fleurs", format="datasets", config="de_de", split="test", revision="f00")

    assert stand_in.asked == [(("google/fleurs", "de_de"), {"split": "test", "revision": "f00"})]
    assert len(clips) == 2


def test_parquet_files(folder, rows, stand_in):
    """A Parquet file, and a folder of them as on the hub, are read as `datasets` reads them; a listing is stronger."""
    file = folder.text("hub/data/test-00000-of-00001.parquet", "PAR1")
    folder.audio("listed/a.wav")
    folder.text("listed/a.parquet", "PAR1")
    folder.text("listed/metadata.csv", "file_name,text\na.wav,one\n")

    assert [clip.text for clip in folder.clips("hub/data/test-00000-of-00001.parquet", split="test")] == ["one", "two"]
    assert [clip.text for clip in folder.clips("listed")] == ["one"]
    assert "has no part 'train': test" in folder.refusal("hub/data/test-00000-of-00001.parquet", split="train")
    stand_in.data = {"train": None, "test": stand_in.data}
    assert [clip.text for clip in folder.clips("hub", split="test", config="de")] == ["one", "two"]
    of_file = (("parquet",), {"data_files": str(file), "split": "train"})
    assert stand_in.asked == [of_file, of_file, ((str(folder / "hub"), "de"), {})]


def test_tables_that_are_missing(folder, rows, stand_in):
    """A folder is refused without a table that the names of others count, unless it is of another split or language."""
    stand_in.data = {"test": stand_in.data, "train": Data([], audio=Audio())}
    for name in ("en/test-00000-of-00003.parquet", "en/train-00000-of-00009.parquet", "de/test-00000-of-00001.parquet"):
        folder.text(f"hub/{name}", "PAR1")

    message = folder.refusal("hub", split="test")

    assert "lacks 2 tables of 3: test-00001-of-00003.parquet, test-00002-of-00003.parquet" in message
    assert "run hf download again" in message
    assert len(folder.clips("hub", split="test", config="de")) == 2
    for number in (1, 2):
        folder.text(f"hub/en/test-0000{number}-of-00003.parquet", "PAR1")
    assert len(folder.clips("hub", split="test", config="en")) == 2
    stand_in.data = stand_in.data["test"]
    assert len(folder.clips("hub/en/train-00000-of-00009.parquet")) == 2


def test_tables_that_are_counted_from_one(folder, rows, stand_in):
    """A folder whose tables are counted from 1 lacks none, unless one of them is not there."""
    stand_in.data = {"test": stand_in.data}
    for number in (1, 2, 4):
        folder.text(f"hub/test-0000{number}-of-00004.parquet", "PAR1")

    assert "lacks 1 table of 4: test-00003-of-00004.parquet" in folder.refusal("hub")
    folder.text("hub/test-00003-of-00004.parquet", "PAR1")
    assert len(folder.clips("hub")) == 2


@pytest.mark.usefixtures("rows")
def test_places_of_parquet_files(folder):
    """A Parquet file is found by a name in capitals, and in the folder of a part or of a configuration."""
    for name in ("A.PARQUET", "parts/test/0000.parquet", "deep/data/en/test-00000-of-00001.parquet"):
        folder.text(name, "PAR1")

    assert [len(folder.clips(name)) for name in ("A.PARQUET", "parts", "deep")] == [2, 2, 2]


def test_parquet_beside_other_formats(folder):
    """A table of features in a folder of another format, or in a folder of it, changes nothing."""
    folder.audio("texts/a.wav", "kaldi/a.wav", "listed/train/a.wav", "bare/a.wav")
    folder.text("texts/a.txt", "one")
    folder.text("kaldi/wav.scp", f"a {folder / 'kaldi/a.wav'}\n")
    folder.text("kaldi/text", "a one\n")
    folder.text("listed/train/metadata.csv", "file_name,text\na.wav,one\n")
    for name in ("texts/a.parquet", "kaldi/data/en/a.parquet", "listed/train/a.parquet", "bare/a.parquet"):
        folder.text(name, "PAR1")

    for name in ("texts", "kaldi", "listed"):
        assert [clip.text for clip in folder.clips(name)] == ["one"], name
    assert "bare has audio files, but no texts" in folder.refusal("bare")


def test_folders_of_languages(folder, rows, stand_in):
    """Tables in folders of several languages are no data set without a column of languages or a data card."""
    for name in ("two/de_DE/0.parquet", "two/en/0.parquet", "parts/dev/0.parquet", "parts/test/0.parquet"):
        folder.text(name, "PAR1")

    assert len(folder.clips("parts")) == len(folder.clips("two/en")) == len(folder.clips("two", config="en")) == 2
    assert "two has tables of several languages, without a column of it: de_DE, en" in folder.refusal("two")
    folder.text("two/README.md", "---\nconfigs:\n- config_name: all\n  data_files: '*/*'\n---\n")
    assert len(folder.clips("two")) == 2
    (folder / "two/README.md").unlink()
    stand_in.data = Data([row | {"language": "en"} for row in rows], audio=Audio())
    assert len(folder.clips("two")) == 2


@pytest.mark.parametrize(
    ("content", "problem", "hint"),
    [
        ("version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer, not the table itself", "git lfs pull"),
        ("", "is empty", "fetch it again"),
        ("PAR1 and more", "is truncated or damaged", "fetch it again"),
    ],
)
def test_parquet_files_that_are_none(folder, stand_in, content, problem, hint):
    """A table that is a pointer, empty or truncated is refused as what it is."""
    stand_in.load_dataset = Raising(ValueError("magic bytes not found"))
    folder.text("hub/data/a.parquet", "PAR1PAR1")
    folder.text("hub/data/b.parquet", content)

    for name in ("hub", "hub/data/b.parquet"):
        message = folder.refusal(name)
        assert f"b.parquet {problem}" in message
        assert hint in message
    assert "cannot be loaded: ValueError: magic bytes" in folder.refusal("hub/data/a.parquet")


def test_several_configurations(folder, stand_in):
    """Where a data set has several configurations, they are named, and how to choose one."""
    text = "Config name is missing.\nPlease pick one among the available configs: ['en', 'de']\nExample of usage:\n"
    stand_in.load_dataset = Raising(ValueError(text))
    folder.text("hub/en/a.parquet", "PAR1")

    message = folder.refusal("hub")

    assert "has several configurations: en, de" in message
    assert 'config = "en" in [tool.asrlab.corpora.<name>], or --config en' in message


def test_splits(folder, rows, stand_in):
    """Of several splits one must be named."""
    data = stand_in.data
    stand_in.data = {"train": Data([], audio=Audio()), "test": data}

    assert "holds several parts: train, test" in folder.refusal("saved")
    assert "has no part 'dev': train, test" in folder.refusal("saved", split="dev")
    assert [clip.text for clip in folder.clips("saved", split="test")] == ["one", "two"]


@pytest.mark.usefixtures("rows")
def test_a_split_of_a_single_data_set(folder, stand_in):
    """A folder with one split is not taken for another."""
    stand_in.data.split = "test"

    assert len(folder.clips("saved", split="test")) == 2
    assert "has no part 'dev': test" in folder.refusal("saved", split="dev")


def test_faults(folder, rows, stand_in):
    """A missing column, two rows of one id, and a row without audio are refused with what is there."""
    assert "no column 'sound'; there are: audio, text" in folder.refusal("saved", columns=Columns(audio="sound"))
    assert "no column 'words'" in folder.refusal("saved", columns=Columns(text="words"))

    rows[1]["text"] = None
    assert "saved: row 1: no text in 'text'" in folder.refusal("saved")
    rows[1]["text"] = "two"
    rows[1]["audio"] = rows[0]["audio"]
    refusal = folder.refusal("saved")
    assert "saved: row 1: clip id 'a' is already in" in refusal
    assert "or name a column of ids:" in refusal
    assert "ids = " not in refusal
    rows[1]["audio"] = None
    assert "saved: row 1: no audio" in folder.refusal("saved")
    stand_in.data = Data([{"sound": None, "text": "one"}])
    assert "has no columns of audio" in folder.refusal("saved")


def test_decoded_audio(folder, rows, stand_in):
    """Samples with their rate are read as they are; several channels, or no rate, are refused with the row."""
    samples = [0.25, -0.5, 1.5] * 1000
    for row in rows:
        row["audio"] = {"array": samples, "sampling_rate": 16_000, "path": "x/a.mp3"}
    rows[1]["audio"] = rows[1]["audio"] | {"path": None}
    stand_in.data = Data(rows, audio={"array": "list", "sampling_rate": "int64", "path": "string"})
    stand_in.data.cast = "not needed"

    first, second = folder.clips("saved")

    assert [first.id, second.id] == ["a", "1"]
    assert load_audio(first).samples.tolist() == load_audio(second).samples.tolist() == samples
    rows[0]["audio"]["sampling_rate"] = None
    assert "saved: row 0: array has the shape (3000,), and sampling_rate is None" in folder.refusal("saved")
    rows[0]["audio"] |= {"array": [samples, samples], "sampling_rate": 16_000}
    assert "saved: row 0: array has the shape (2, 3000)" in folder.refusal("saved")


@pytest.fixture
def decoded(rows, stand_in):
    """Gives the rows samples of a type, with a rate."""

    def put(kind, *samples, rate=16_000):
        for row, array in zip(rows, samples, strict=True):
            row["audio"] = {"array": array, "sampling_rate": rate}
        column = {"array": SimpleNamespace(feature=SimpleNamespace(dtype=kind)), "sampling_rate": "float64"}
        stand_in.data = Data(rows, audio=column)
        stand_in.data.cast = "not needed"

    return put


@pytest.mark.parametrize(
    ("kind", "samples", "scaled"),
    [
        ("int16", [16_384, -32_768, 1], [0.5, -1, 2**-15]),
        ("int64", [16_384, -32_768, 1], [0.5, -1, 2**-15]),
        ("int32", [2**30, -(2**31), 2**16], [0.5, -1, 2**-15]),
        ("uint8", [192, 0, 129], [0.5, -1, 2**-7]),
        ("float64", [0.5, -1.5, 2**-15], [0.5, -1.5, 2**-15]),
    ],
)
def test_samples_of_every_type(folder, decoded, kind, samples, scaled):
    """Integers are read at the full scale of their type, and 64 bits as the 16 bits that they hold."""
    decoded(kind, samples * 1000, samples * 2000)

    assert [load_audio(clip).samples.tolist() for clip in folder.clips("saved")] == [scaled * 1000, scaled * 2000]


@pytest.mark.parametrize(
    ("kind", "samples", "words"),
    [
        ("int64", [0, 40_000], "int64 samples from 0 to 40000"),
        ("int32", [-9, 32_000], "int32 samples from -9 to 32000"),
        ("int8", [0, 100], "int8 samples from 0 to 100"),
        ("int16", [0, None], "row 0: array or sampling_rate cannot be read"),
        ("float32", [[0.0, 1.0], [0.5]], "row 0: array or sampling_rate cannot be read"),
        ("null", [], "row 0: array or sampling_rate cannot be read"),
    ],
)
def test_samples_of_an_unknown_scale(folder, decoded, kind, samples, words):
    """Integers whose full scale is not known, gaps and lists of several lengths are refused with the row."""
    decoded(kind, samples, samples)

    assert words in folder.refusal("saved")


@pytest.mark.parametrize("rate", [16_000.5, float("nan"), float("inf"), -16_000, 0, 2**31])
def test_rates_of_samples(folder, decoded, rate):
    """A rate that is a float is read where it is a whole number of hertz; any other is refused with the row."""
    samples = [0.5, -0.5] * 1000
    decoded("float32", samples, samples, rate=16_000.0)
    assert [load_audio(clip).file_rate for clip in folder.clips("saved")] == [16_000] * 2

    decoded("float32", samples, samples, rate=rate)

    assert f"saved: row 0: array has the shape (2000,), and sampling_rate is {rate}" in folder.refusal("saved")


def test_floats_at_the_scale_of_integers(folder, decoded):
    """A clip whose float samples are far beyond 1 is refused with the reason."""
    decoded("float32", [16_384.0, -32_768.0] * 1000, [1.0, -2.0] * 1000)
    first, second = folder.clips("saved")

    assert load_audio(second).samples.min() == -2
    with pytest.raises(ClipError, match="contains samples of 32768, far beyond 1") as caught:
        load_audio(first)
    assert "divide" in caught.value.hint


def test_columns_of_paths_and_of_bytes(folder, rows, stand_in, monkeypatch):
    """A column with a usual name is read as files where no column has the type of audio; paths start where you are."""
    monkeypatch.chdir(folder / ".")
    rows[1]["audio"]["path"] = "b.flac"
    stand_in.data = Data(rows, audio="string", text="string")

    first, second = folder.clips("saved")

    assert stand_in.data.cast == "audio"
    assert (first.id, load_audio(first).seconds) == ("a", 0.25)
    assert second.audio == folder / "b.flac"
    stand_in.data = Data([{"file" if key == "audio" else key: row[key] for key in row} for row in rows], file="string")
    assert [clip.id for clip in folder.clips("saved")] == ["a", "b"]


def test_columns_of_labels(folder, rows, stand_in):
    """The number of a label is read as its name in any column; no number, or -1, means no label."""
    rows[0] |= {"lang": 1, "speaker_id": 0}
    rows[1] |= {"lang": None, "speaker_id": -1}
    stand_in.data = Data(rows, audio=Audio(), lang=ClassLabel("en", "de"), speaker_id=ClassLabel("ann", "bob"))

    clips = folder.clips("saved")

    assert [(clip.language, clip.group) for clip in clips] == [("de", "ann"), (None, None)]


def test_columns_of_lists_of_labels(folder, rows, stand_in):
    """Each number of a list of labels is read as its name, and what is null in a list is left out."""
    rows[0] |= {"tags": [1, None, 0], "keywords": ["x", None]}
    rows[1] |= {"tags": None, "keywords": None}
    labels = SimpleNamespace(feature=ClassLabel("noisy", "far"))
    stand_in.data = Data(rows, audio=Audio(), tags=labels, keywords=SimpleNamespace(feature="string"))

    assert [clip.tags for clip in folder.clips("saved")] == [("far", "noisy"), ()]
    assert folder.clips("saved", columns=Columns(tags="keywords"))[0].tags == ("x",)


def test_a_package_that_fails(folder, stand_in):
    """What the package says of a broken folder is passed on in a sentence."""
    stand_in.load_from_disk = lambda path: 1 / 0

    assert "cannot be loaded: ZeroDivisionError" in folder.refusal("saved")


@pytest.mark.usefixtures("rows")
def test_a_column_of_numbers(folder, stand_in):
    """Of a column that holds no audio, the refusal says what it holds."""
    stand_in.data.features = {"audio": "List(float64)"}
    stand_in.data.cast_column = lambda *_: 1 / 0

    said = folder.refusal("saved", columns=Columns(audio="audio"))

    assert "column 'audio' has no audio files, but List(float64)" in said


def test_without_the_package(folder, stand_in, monkeypatch):
    """Where the package is not installed, the refusal names the extra that has it."""
    monkeypatch.setitem(sys.modules, "datasets", None)

    assert 'uv add --dev "asrlab-pytest[datasets]"' in folder.refusal("saved")


def test_the_package_itself(folder, monkeypatch):
    """A data set that the real package saved is read, audio within and all."""
    datasets = pytest.importorskip("datasets")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    folder.audio("a.flac", "b.flac")
    paths = [str(folder / f"{name}.flac") for name in "ab"]
    data = datasets.Dataset.from_dict({"audio": paths, "text": ["one", "two"]})
    data.cast_column("audio", datasets.Audio(decode=False)).save_to_disk(folder / "saved")
    for path in paths:
        (folder / path).unlink()
    (folder / "hub/data").mkdir(parents=True)
    datasets.load_from_disk(folder / "saved").to_parquet(folder / "hub/data/test-00000-of-00001.parquet")

    for clips in (folder.clips("saved"), folder.clips("hub"), folder.clips("hub/data/test-00000-of-00001.parquet")):
        assert [(clip.id, clip.text, load_audio(clip).seconds) for clip in clips] == [
            ("a", "one", 0.25),
            ("b", "two", 0.25),
        ]


def test_other_columns_of_the_package_itself(folder, monkeypatch):
    """Samples that the real package saved are read; a column of numbers and a data set without rows are refused."""
    datasets = pytest.importorskip("datasets")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    audio = {"array": [0.25, -0.5] * 2000, "sampling_rate": 8_000, "path": "x/a.wav"}
    decoded = datasets.Dataset.from_dict({"audio": [audio], "text": ["one"]})
    decoded.save_to_disk(folder / "decoded")
    decoded.filter(lambda _: False).save_to_disk(folder / "empty")
    short = np.array([8192, -16_384] * 2000, np.int16)
    columns = {"numbers": audio["array"], "short": audio | {"array": short}, "wide": audio | {"array": short.tolist()}}
    columns["paths"] = str(folder / "b.flac")
    for name, value in columns.items():
        datasets.Dataset.from_dict({"audio": [value], "text": ["one"]}).save_to_disk(folder / name)

    (clip,) = folder.clips("decoded")

    assert (clip.id, load_audio(clip).seconds) == ("a", 0.5)
    for name in ("short", "wide"):
        assert load_audio(folder.clips(name)[0]).pcm_sha256 == load_audio(clip).pcm_sha256
    assert folder.clips("paths")[0].audio == folder / "b.flac"
    assert "column 'audio' has no audio files" in folder.refusal("numbers")
    assert "empty has no rows" in folder.refusal("empty")
