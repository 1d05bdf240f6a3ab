"""asrlab corpus info, import, add, lock and sample."""

import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from asrlab_pytest.cli import main
from asrlab_pytest.corpus import lock
from asrlab_pytest.corpus.dialogues import read_dialogues
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.prompts import read_prompts

AUDIO = ("data/one.wav", "data/sub/two.wav")


@pytest.fixture
def shop(tmp_path, monkeypatch, capsys):
    """A project with a corpus in a table; calls of `shop` run `asrlab corpus` in it."""
    monkeypatch.chdir(tmp_path)

    class Shop:
        path = tmp_path

        def __call__(self, *arguments):
            """The exit status, and what was printed."""
            status = main(["corpus", *map(str, arguments)])
            captured = capsys.readouterr()
            return status, captured.out + captured.err

        def audio(self, name, seconds=0.5, value=0.1):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, np.full(int(seconds * 16_000), value), 16_000)
            return path

        def text(self, name, content):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            return path

        def lines(self, name):
            content = (tmp_path / name).read_text(encoding="utf-8")
            return [json.loads(line) for line in content.splitlines()]

    made = Shop()
    made.text(
        "pyproject.toml",
        '[tool.asrlab]\ncorpus = "calls"\n\n[tool.asrlab.corpora.calls]\npath = "data/calls.csv"\nlanguage = "en"\n'
        'columns = { audio = "rec", group = "agent" }\n',
    )
    made.text("data/calls.csv", "rec,text,agent\none.wav,Hello.,anna\nsub/two.wav,Good bye.,ben\n")
    made.audio("data/one.wav")
    made.audio("data/sub/two.wav", seconds=1.5)
    return made


def test_info(shop):
    """The project's corpus, a name and a path print clips, hours, groups, languages and a histogram."""
    status, printed = shop("info")

    assert status == 0
    assert printed == shop("info", "calls")[1]
    for line in ("corpus    calls", "clips     2, 0 without speech, 0 locked", "hours     0.00 (0 h 0 min 2 s)"):
        assert line in printed
    assert "groups    2\n" in printed
    assert "languages en 2" in printed
    assert "lengths   0.50 s to 1.50 s" in printed
    assert f"0 to 1 s |{'#' * 30} 1" in printed


@pytest.mark.parametrize("path", [".", "sub/.."])
def test_info_of_the_folder_one_is_in(shop, monkeypatch, path):
    """A path without a name takes options like any other."""
    shop.text("data/metadata.csv", "file_name,text\none.wav,Hello.\n")
    monkeypatch.chdir(shop.path / "data")

    status, printed = shop("info", path, "--language", "en")

    assert (status, printed.splitlines()[0]) == (0, "corpus    data")


@pytest.mark.parametrize("file", ["one.wav", "two.wav"])
def test_a_segment_that_ends_after_its_file(shop, file):
    """Info, filters and the lock agree on the length that a run reads, before and after the lock."""
    end = 0.8 if file == "one.wav" else 1.8
    lines = [
        {"audio": file, "id": f"to {number}", "text": "x", "start": 0.3, "end": number} for number in (0.4, 0.45, end)
    ]
    shop.text("data/manifest.jsonl", "\n".join(map(json.dumps, lines)))
    shop.audio("data/two.wav", seconds=1.5)
    last = end - 0.6

    for _ in ("before the lock", "after it"):
        found = json.loads(shop("info", "data", "--json")[1])
        assert (found["longest"], found["shortest"]) == (pytest.approx(last), pytest.approx(0.1))
        for filtered, clips in (("duration<{}", 3), ("duration>={}", 0), ("id:*8 duration<{}", 1)):
            chosen = shop("info", "data", "--json", "--clip", filtered.format(last + 0.1))
            assert chosen[0] == (0 if clips else 2), chosen
            assert not clips or json.loads(chosen[1])["clips"] == clips
        shop("lock", "data")
    assert [line["duration"] for line in shop.lines("data/manifest.jsonl")] == pytest.approx([0.1, 0.15, last])


@pytest.mark.parametrize("command", [["info"], ["lock"], ["lock", "--check"]])
def test_a_clip_with_a_normalization_that_is_none(shop, command):
    """A profile that no run would find is refused with the clip before anything is written; the project's is known."""
    line = {"audio": "one.wav", "text": "x", "normalization": "house"}
    manifest = shop.text("data/manifest.jsonl", json.dumps(line))
    status, printed = shop(*command, "data")
    settings = (shop.path / "pyproject.toml").read_text()
    shop.text("pyproject.toml", f'{settings}[tool.asrlab.normalizations.house]\nbase = "en"\n')

    assert status == 2
    assert "manifest.jsonl: clip one: no normalization 'house'" in printed
    assert manifest.read_text() == json.dumps(line)
    assert "no normalization" not in shop(*command, "data")[1]


def test_info_as_json(shop):
    """The same as one JSON object, of the clips that a filter chooses."""
    status, printed = shop("info", "--json", "--clip", "group:ben")

    found = json.loads(printed)
    assert status == 0
    assert (found["clips"], found["seconds"], found["languages"]) == (1, 1.5, {"en": 1})


def test_info_of_broken_audio(shop):
    """A clip whose header cannot be read is a failure that is named."""
    (shop.path / "data/one.wav").write_bytes(b"")

    status, printed = shop("info")

    assert status == 1
    assert "unreadable 1; the first: clip one: " in printed


def test_info_of_segments_outside_their_file(shop):
    """Segments that end after their file are failures that are named, and the others of the file are counted."""
    shop.text("data/calls.csv", "rec,text,agent,start,end\none.wav,Hi.,anna,0,0.4\none.wav,Oh.,anna,5,6\n")

    status, printed = shop("info")

    assert status == 1
    assert "lengths   0.40 s to 0.40 s" in printed
    assert "unreadable 1; the first: clip " in printed
    assert "the segment from 5 s to 6 s is not within" in printed


def test_options_for_a_path(shop):
    """A path is read by the options of the command line."""
    arguments = (
        "--column",
        "audio=rec",
        "--column",
        "group=agent",
        "--ids",
        "path",
        "--tag",
        "phone",
        "--format",
        "table",
    )

    status, printed = shop("info", "data/calls.csv", *arguments, "--language", "de", "--clip", "sub/two")

    assert status == 0
    assert "languages de 1" in printed
    assert "tags      phone 1" in printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("info", "calls", "--format", "table"), "reading options need a path, not calls"),
        (("info", "--language", "de"), "need a path, not the corpus of the project"),
        (("info", "data/calls.csv", "--column", "rec"), "--column 'rec' is not of the form KEY=NAME"),
        (("info", "data/calls.csv", "--column", "sound=rec"), "key 'columns.sound': unknown key"),
        (("info", "data/calls.csv", "--delimiter", "::"), "delimiter must be one character"),
        (("info", "data/calls.csv", "--split", "x"), "the format table has no key 'split'"),
        (("info", "data/nothing"), "no corpus at"),
        (("info", "--clip", "group:eve"), "group: anna, ben"),
        (("import", "data", "new"), "is a folder whose format is not known"),
        (("sample", "calls", "new", "-n", "3"), "choose -n from 1 to 2"),
        (("sample", "calls", "new", "-n", "1", "--by", "size"), "not among the keys language, tags, group"),
        (("lock", "data/calls.csv"), "is not an asrlab manifest; other formats are read-only"),
        (("lock", "calls"), "is not an asrlab manifest; other formats are read-only"),
        (("add", "data/one.wav", "--text", "x"), "is not an asrlab manifest; other formats are read-only"),
        (("entities", "--write"), "is not an asrlab manifest; other formats are read-only"),
    ],
    ids=" ".join,
)
def test_refusals(shop, arguments, words):
    """What cannot be done ends with status 2, a sentence and a hint, and writes nothing."""
    before = sorted(shop.path.rglob("*"))

    status, printed = shop(*arguments)

    assert status == 2
    assert words in printed
    assert "\n  hint: " in printed
    assert sorted(shop.path.rglob("*")) == before


def test_import(shop):
    """An import writes a manifest that refers to the audio, with hashes, lengths, languages and groups."""
    status, printed = shop("import", "calls", "new")

    lines = shop.lines("new/manifest.jsonl")
    assert status == 0
    assert "wrote   new/manifest.jsonl: 2 clips" in printed
    assert [(line["id"], line["audio"], line["group"]) for line in lines] == [
        ("one", "../data/one.wav", "anna"),
        ("two", "../data/sub/two.wav", "ben"),
    ]
    assert {line["language"] for line in lines} == {"en"}
    assert [line["duration"] for line in lines] == [0.5, 1.5]
    assert all(len(line["sha256"]) == 64 for line in lines)


def test_import_with_copies(shop):
    """An import with copies stands on its own: the source may go."""
    shop("import", "calls", "new", "--copy")
    for name in ("data/one.wav", "data/sub/two.wav"):
        (shop.path / name).unlink()

    assert shop("info", "new")[0] == 0
    assert {clip.audio.parent for clip in read_manifest(shop.path / "new").samples} == {shop.path / "new/audio"}


def test_nothing_is_replaced(shop):
    """A manifest that is there is refused; by force it is replaced, and kept as a copy."""
    before = shop.text("new/manifest.jsonl", '{"audio": "x.wav", "text": "mine"}\n').read_bytes()
    for command in (("import", "calls", "new"), ("sample", "calls", "new", "-n", "1")):
        status, printed = shop(*command)
        assert status == 2
        assert "already exists" in printed
        assert (shop.path / "new/manifest.jsonl").read_bytes() == before

    status, printed = shop("import", "calls", "new", "--force")

    assert status == 0
    assert "kept    new/manifest.jsonl.bak" in printed
    assert (shop.path / "new/manifest.jsonl.bak").read_bytes() == before
    assert len(shop.lines("new/manifest.jsonl")) == 2


def test_audio_that_a_forced_import_replaces(shop):
    """Audio that differs from the copy which replaces it is kept under another name, and named."""
    shop("import", "calls", "new", "--copy")
    mine = shop.text("new/audio/one.wav", "mine").read_bytes()

    status, printed = shop("import", "calls", "new", "--copy", "--force")

    assert status == 0
    assert "kept    new/audio/one.wav.bak (audio as it was)" in printed
    assert (shop.path / "new/audio/one.wav.bak").read_bytes() == mine
    assert sorted(path.name for path in (shop.path / "new/audio").iterdir()) == ["one.wav", "one.wav.bak", "two.wav"]


@pytest.mark.parametrize("target", ["../../data/sub/two.wav", "../../another.wav", "../../nowhere.wav"])
def test_links_among_the_copies_of_an_import(shop, target):
    """A copy takes the place of a link, and what the link leads to stays: it may be audio of another corpus."""
    (shop.path / "another.wav").write_bytes(b"mine")
    before = {path: path.read_bytes() for path in [*(shop.path / "data").rglob("*.wav"), shop.path / "another.wav"]}
    (shop.path / "new/audio").mkdir(parents=True)
    (shop.path / "new/audio/one.wav").symlink_to(target)

    assert "new/audio/one.wav already exists and differs" in shop("import", "calls", "new", "--copy")[1]
    assert shop("import", "calls", "new", "--copy", "--force")[0] == 0

    assert {path: path.read_bytes() for path in before} == before
    assert not (shop.path / "nowhere.wav").exists()
    assert not (shop.path / "new/audio/one.wav").is_symlink()
    assert (shop.path / "new/audio/one.wav").read_bytes() == before[shop.path / "data/one.wav"]


def test_a_manifest_is_not_imported_onto_itself(shop):
    """A manifest as its own source is refused, also by force."""
    shop("import", "calls", "new")

    assert "is the source of the import" in shop("import", "new", "new", "--force")[1]
    assert len(shop.lines("new/manifest.jsonl")) == 2


def test_a_sample_does_not_replace_its_source(shop):
    """A sample never overwrites the manifest that it is drawn from, even with --force."""
    shop("import", "calls", "new")
    before = (shop.path / "new/manifest.jsonl").read_bytes()

    assert "is the source of the sample" in shop("sample", "new", "new", "-n", "1", "--force")[1]
    assert (shop.path / "new/manifest.jsonl").read_bytes() == before
    assert not (shop.path / "new/manifest.jsonl.bak").exists()


def test_broken_clips_stop_an_import(shop):
    """Where audio cannot be read, nothing is written and the clips are named; they can be left out."""
    (shop.path / "data/one.wav").unlink()

    status, printed = shop("import", "calls", "new")
    assert status == 2
    assert "1 of 2 clips cannot be read; no manifest written:\n  clip one: no file" in printed
    assert not (shop.path / "new/manifest.jsonl").exists()

    status, printed = shop("import", "calls", "new", "--skip-broken")
    assert status == 1
    assert "left out 1 clip:\n  clip one: no file" in printed
    assert [line["id"] for line in shop.lines("new/manifest.jsonl")] == ["two"]


def test_every_clip_that_an_import_leaves_out(shop):
    """Each clip that is left out is named, however many there are; a refusal names ten."""
    for number in range(12):
        shop.text(f"data/bad{number}.wav", "no audio")
    table = "".join(f"data/bad{number}.wav,text\n" for number in range(12))
    shop.text("list.csv", f"audio,text\ndata/one.wav,one\n{table}")

    assert shop("import", "list.csv", "new")[1].count("\n  clip bad") == 10
    assert shop("import", "list.csv", "new", "--skip-broken")[1].count("\n  clip bad") == 12


def test_an_import_of_nothing_usable(shop):
    """Where no clip can be read, there is nothing to leave the broken ones out of."""
    for name in ("data/one.wav", "data/sub/two.wav"):
        (shop.path / name).unlink()

    assert shop("import", "calls", "new", "--skip-broken")[0] == 2


def test_add(shop):
    """A clip is added with its hash and length, to a manifest that is made where there is none."""
    shop.text("pyproject.toml", '[tool.asrlab]\ncorpus = "mine"\n')

    first = shop("add", "data/one.wav", "--text", "Hello.", "--language", "en", "--tag", "a", "--tag", "b", "--copy")
    second = shop(
        "add", "data/sub/two.wav", "--text", "", "--id", "end", "--group", "g", "--start", "0.5", "--end", "1"
    )

    assert first == (0, f"added   one to {shop.path}/mine/manifest.jsonl: 0.50 s, 1 clip in all\n")
    assert second[0] == 0
    one, end = shop.lines("mine/manifest.jsonl")
    assert (one["audio"], one["language"], one["tags"], one["duration"]) == ("one.wav", "en", ["a", "b"], 0.5)
    assert (end["audio"], end["start"], end["end"], end["duration"]) == ("../data/sub/two.wav", 0.5, 1.0, 0.5)
    assert shop("lock", "mine")[0] == 0


def test_add_writes_nothing_again(shop):
    """Lines that are there stay byte for byte, also where the last has no line end."""
    before = shop.text("mine/manifest.jsonl", '{"text":  "x", "audio": "x.wav"}').read_bytes()

    shop("add", "data/one.wav", "--text", "Hello.", "--corpus", "mine")

    content = (shop.path / "mine/manifest.jsonl").read_bytes()
    assert content.startswith(before + b"\n")
    assert len(read_manifest(shop.path / "mine").samples) == 2


def test_add_beside_tables(shop):
    """A manifest begins in a folder that has Parquet tables, as of features."""
    shop.text("mine/features/a.parquet", "PAR1")

    status, printed = shop("add", "data/one.wav", "--text", "Hello.", "--corpus", "mine")

    assert status == 0, printed
    assert len(read_manifest(shop.path / "mine").samples) == 1


FULL = """
import resource, signal, sys
sys.dont_write_bytecode = True  # Half of what is compiled would be kept.
from asrlab_pytest.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
raise SystemExit(main(["corpus", *sys.argv[2:]]))
"""


def test_an_import_on_a_disk_that_is_full(shop, forked):
    """A copy that the disk has no room for leaves no half of it, and the same import succeeds where there is room."""
    command = [sys.executable, "-c", FULL, "20000", "import", "calls", "new", "--copy"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "new/audio/two.wav cannot be written: " in done.stderr
    assert [path.name for path in shop.path.glob("new/**/*.*")] == ["one.wav"]
    assert shop("import", "calls", "new", "--copy")[0] == 0


@pytest.mark.parametrize(
    ("limit", "older", "copies"),
    [(40, '{"text": "x", "audio": "x.wav"}', ()), (40, None, ()), (40, None, ("--copy",))],
    ids=["a manifest", "no manifest", "a copy"],
)
def test_add_on_a_disk_that_is_full(shop, forked, limit, older, copies):
    """A clip that the disk has no room for leaves the manifest as it was, and neither half a copy nor an empty file."""
    if older:
        shop.text("mine/manifest.jsonl", older)
    command = [sys.executable, "-c", FULL, str(limit), "add", "data/one.wav", "--text", "Hello.", "--corpus", "mine"]

    done = subprocess.run([*command, *copies], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "mine/manifest.jsonl cannot be written: " in done.stderr
    left = {path.name: path.read_text() for path in (shop.path / "mine").iterdir()}
    assert left == ({"manifest.jsonl": older} if older else {})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("data/gone.wav", "--text", "x"), "hint: correct its path\n"),
        (("pyproject.toml", "--text", "x"), "is not readable audio"),
        (("data/one.wav", "--text", "x", "--id", "there"), "already has a clip 'there'"),
        (("data/one.wav", "--text", "x", "--id", " "), "the clip id is empty"),
        (("data/one.wav", "--text", "x", "--start", "3"), "is not within"),
        (("data/one.wav", "--text", "x", "--start", "0.4", "--end", "0.1"), "end (0.1) must be after start (0.4)"),
        (("data/one.wav", "--text", "x", "--copy"), "one.wav already exists"),
    ],
)
def test_what_is_not_added(shop, arguments, words):
    """What could not be evaluated is not added."""
    before = shop.text("mine/manifest.jsonl", '{"text": "x", "audio": "there.wav"}\n').read_bytes()
    shop.audio("mine/one.wav")

    status, printed = shop("add", *arguments, "--corpus", "mine")

    assert status == 2
    assert words in printed
    assert (shop.path / "mine/manifest.jsonl").read_bytes() == before


def test_lock(shop):
    """A lock pins file and samples of every clip, keeps the manifest as it was, and is then complete."""
    shop.text("mine/manifest.jsonl", '{"text": "x", "audio": "../data/one.wav"}\n')

    assert shop("lock", "mine", "--check") == (1, "0 of 1 clips are locked\n")
    assert shop("lock", "mine")[1].startswith("locked 1 of 1 clips in ")
    assert shop("lock", "mine")[1].endswith("manifest.jsonl is locked already (1 clip)\n")
    assert shop("lock", "mine", "--check") == (0, "1 of 1 clips are locked\n")
    (line,) = shop.lines("mine/manifest.jsonl")
    assert {len(line["sha256"]), len(line["pcm_sha256"])} == {64}
    assert line["duration"] == 0.5
    assert shop.lines("mine/manifest.jsonl.bak") == [{"text": "x", "audio": "../data/one.wav"}]


def test_changed_audio_is_not_locked_again(shop):
    """Audio that is not what the manifest pins is refused by name, and pinned again only by force."""
    shop.text("mine/manifest.jsonl", '{"text": "x", "audio": "../data/one.wav"}\n')
    shop("lock", "mine")
    shop.audio("data/one.wav", value=0.2, seconds=0.75)

    for arguments in (("lock", "mine"), ("lock", "mine", "--check")):
        status, printed = shop(*arguments)
        assert status == 2
        assert "the audio of 1 clip does not match the hashes in manifest.jsonl: one" in printed
    assert shop("lock", "mine", "--force")[0] == 0
    assert shop("lock", "mine", "--check")[0] == 0
    assert shop.lines("mine/manifest.jsonl")[0]["duration"] == 0.75


def test_a_clip_that_cannot_be_locked(shop):
    """A clip without audio ends the lock with its name."""
    shop.text("mine/manifest.jsonl", '{"text": "x", "audio": "gone.wav"}\n')

    assert "1 of 1 clips cannot be read; the first: clip gone: no file" in shop("lock", "mine")[1]


def test_sample(shop):
    """A sample is a manifest of some clips, the same for the same seed, and reads as part of its source."""
    rows = "".join(f"{n}.wav,text {n},{'ab'[n % 2]}\n" for n in range(40))
    shop.text("data/calls.csv", "rec,text,agent\n" + rows)

    status, printed = shop("sample", "calls", "some", "-n", "10", "--seed", "3", "--by", "group")

    lines = shop.lines("some/manifest.jsonl")
    assert status == 0
    assert "10 of 40 clips of calls, seed 3" in printed
    assert [line["group"] for line in lines].count("a") == 5
    assert lines[0]["audio"].startswith("../data/")
    shop("sample", "calls", "again", "-n", "10", "--seed", "3", "--by", "group")
    assert shop.lines("again/manifest.jsonl") == lines


PROMPTS = (
    '{"id": "one", "text": "Hello.", "recording": "../data/one.wav"}\r\n'
    "\n"
    '{"id": "two",  "text": "Good bye."}\n'
    '{"id": "three", "text": "Bye.", "recording": "../data/sub/two.wav", "recording_end": 1.0}\n'
)
DIALOGUES = (
    '{"id": "who", "turns": [{"audio": "../data/one.wav", "text": "Who?"}, '
    '{"audio": "../data/sub/two.wav", "text": "Where?", "facts": [{"keyword": "Rome"}]}]}\n'
)


@pytest.mark.parametrize("name", ["mine", "mine/prompts.jsonl", "mine/other.jsonl"])
def test_recordings_of_prompts_are_locked(shop, name):
    """Each recording of a prompt is pinned by its file, by folder or file, and all other lines keep their bytes."""
    path = shop.text("mine/other.jsonl" if "other" in name else "mine/prompts.jsonl", PROMPTS)

    assert shop("lock", name, "--check") == (1, "0 of 2 recordings are locked\n")
    assert shop("lock", name)[1].startswith("locked 2 of 2 recordings in ")
    assert shop("lock", name, "--check") == (0, "2 of 2 recordings are locked\n")
    first, second = read_prompts(path).samples[0], read_prompts(path).samples[2]
    for prompt, audio in ((first, "data/one.wav"), (second, "data/sub/two.wav")):
        assert prompt.recording.sha256 == hashlib.sha256((shop.path / audio).read_bytes()).hexdigest()
    lines = path.read_bytes().split(b"\n")
    assert lines[1:3] == PROMPTS.encode().split(b"\n")[1:3]
    assert lines[0].endswith(b'"}\r')


def test_questions_of_dialogues_are_locked(shop):
    """The question of each turn is pinned in its place, and one that has changed is refused by dialogue and turn."""
    path = shop.text("mine/dialogues.jsonl", DIALOGUES)

    assert shop("lock", "mine")[1].startswith("locked 2 of 2 questions in ")
    (line,) = shop.lines("mine/dialogues.jsonl")
    pins = [turn.pop("sha256") for turn in line["turns"]]
    assert pins == [hashlib.sha256((shop.path / name).read_bytes()).hexdigest() for name in AUDIO]
    assert line == json.loads(DIALOGUES)
    shop.audio("data/sub/two.wav", value=0.2)
    status, printed = shop("lock", "mine")
    assert status == 2
    assert "the audio of 1 question does not match the hashes in dialogues.jsonl: who-2" in printed
    assert shop("lock", "mine", "--force")[0] == 0
    first, second = read_dialogues(path).samples[0].turns
    assert (first.question.sha256 == pins[0], second.question.sha256 == pins[1]) == (True, False)


def test_a_list_that_is_edited_while_it_is_locked(shop, monkeypatch):
    """Pins go to the lines of their clips, also where a line was added before them while the audio was hashed."""
    path = shop.text("mine/prompts.jsonl", PROMPTS)
    added = '{"id": "zero", "text": "Ahem."}\n'

    def edited_meanwhile(clips, keys):
        path.write_bytes(added.encode() + PROMPTS.encode())
        return lock.measured(clips, keys)

    monkeypatch.setattr("asrlab_pytest.cli.corpus.lock.measured", edited_meanwhile)

    shop("lock", "mine")

    pinned = {prompt.id for prompt in read_prompts(path).samples if prompt.recording and prompt.recording.sha256}
    assert pinned == {"one", "three"}
    assert path.read_text().startswith(added)


def test_nothing_to_lock(shop):
    """Prompts without recordings hold nothing to lock, which is said."""
    shop.text("mine/prompts.jsonl", '{"id": "two", "text": "Good bye."}\n')

    assert "prompts.jsonl lists no recordings, so there is nothing to lock" in shop("lock", "mine")[1]


def test_wrong_reading_options(shop):
    """A wrong option is refused with the help of the command that was called, and the column's key that is like it."""
    status, printed = shop("info", "data/calls.csv", "--column", "audoi=rec")
    assert status == 2
    assert "key 'columns.audoi': unknown key (did you mean 'audio'?)" in printed
    assert "hint: see: asrlab corpus info --help" in printed
    assert "see: asrlab corpus sample --help" in shop("sample", "data/calls.csv", "new", "-n1", "--delimiter=||")[1]
