"""[tool.asrlab.corpora]: corpora of a project, in the forms that people have."""

import tomllib

import numpy as np
import parrot_engine
import pytest
import soundfile

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.settings import validated
from asrlab_pytest.suite.items import Samples

TABLE = '[tool.asrlab.corpora.calls]\npath = "data"\nlanguage = "en"\ntags = ["phone"]\n'


def items_of(toml, root):
    """What a project of these settings is evaluated on."""
    return Samples(validated(tomllib.loads(toml)["tool"]["asrlab"], source="pyproject.toml"), root)


@pytest.fixture
def kaldi(project):
    """A project whose corpus is a Kaldi directory: two utterances in one recording."""
    data = project.path / "data"
    data.mkdir()
    samples = np.concatenate([parrot_engine.hide(text, 2.0) for text in ("one two", "three four")])
    soundfile.write(data / "rec.wav", samples, 16_000, subtype="PCM_16")
    for name, content in {
        "wav.scp": "rec rec.wav\n",
        "segments": "u1 rec 0 2\nu2 rec 2.0 4.0\n",
        "text": "u1 one two\nu2 three four\n",
        "utt2spk": "u1 anna\nu2 ben\n",
    }.items():
        (data / name).write_text(content)
    project.evals("accuracy", "corpus")
    return project


def test_a_path_in_another_form(kaldi):
    """Segments of a Kaldi directory are transcribed as clips, each its own part of the recording."""
    kaldi.run("--asr-corpus", "data").assert_outcomes(passed=3)

    assert kaldi.heard() == ["polly one two", "polly three four"]


@pytest.mark.parametrize("where", ["command line", "project"])
def test_a_name(kaldi, where):
    """A named corpus is chosen by the command line or the project, and stands by its name in scorecard and record."""
    kaldi.configure('corpus = "calls"' if where == "project" else "", tables=TABLE)
    arguments = ["--asr-corpus", "calls"] if where == "command line" else []

    result = kaldi.run(*arguments, "--asr-record", "run.jsonl")

    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["asrlab: *; corpus calls; *"])
    environment, (first, second) = kaldi.record()
    assert environment["corpus"]["name"] == "calls"
    assert environment["settings"]["corpora"]["calls"]["path"] == "data"
    assert (first["clip"], first["group"], first["tags"], first["language"]) == ("u1", "anna", ["phone"], "en")
    assert (first["audio_s"], second["audio_s"]) == (2.0, 2.0)


@pytest.mark.parametrize(
    ("pattern", "heard"),
    [
        ("group:ben", ["polly three four"]),
        ("duration<5 tag:phone group:a*", ["polly one two"]),
        ("lang:en", ["polly one two", "polly three four"]),
    ],
)
def test_filters(kaldi, pattern, heard):
    """A filter chooses clips by group, duration, tag and language."""
    items = items_of(f'[tool.asrlab]\ncorpus = "calls"\nclip = ["{pattern}"]\n{TABLE}', kaldi.path)

    assert [f"polly {clip.text}" for clip in items.clips] == heard


def test_filters_in_a_run(kaldi):
    """Cases and corpus figures use the clips that a filter chooses."""
    kaldi.configure(tables=TABLE)

    arguments = ("--asr-corpus", "calls", "--asr-clip", "duration<5 tag:phone group:a*")
    kaldi.run(*arguments).assert_outcomes(passed=1 + 1)

    assert kaldi.heard() == ["polly one two"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--asr-corpus", "cals"), "ERROR: no corpus at *cals: it does not exist*has no 'cals'"),
        (("--asr-corpus", "calls", "--asr-clip", "group:eve"), "ERROR: no clip of *; group: anna, ben"),
        (("--asr-corpus", "calls", "--asr-clip", "duration<x"), "ERROR: the clip filter 'duration<x' *"),
        (("--asr-corpus", "evals"), "ERROR: */evals is not a corpus of a known format*"),
    ],
)
def test_refusals(kaldi, arguments, words):
    """What cannot be meant ends the run with status 4, in words."""
    (kaldi.path / "evals").mkdir()
    kaldi.configure(tables=TABLE)

    result = kaldi.run(*arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([words])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('[tool.asrlab.corpora.calls]\nformat = "kaldi"\n', "*key 'corpora.calls.path': missing key*"),
        (TABLE + 'lang = "en"\n', "*key 'corpora.calls.lang': unknown key*"),
        (TABLE + "columns = { txt = 'x' }\n", "*key 'corpora.calls.columns.txt': unknown key*"),
        (TABLE + 'ids = "number"\n', "*key 'corpora.calls.ids': *"),
        (TABLE + 'split = "test"\n', "*corpus calls: *: the format kaldi has no key 'split'*"),
        (TABLE + 'format = "wavs"\n', "*corpus calls: no corpus format 'wavs'*"),
    ],
)
def test_a_wrong_table(kaldi, table, words):
    """A mistake in a corpus table is said with the key."""
    with pytest.raises(AsrlabError) as caught:
        items_of(f'[tool.asrlab]\ncorpus = "calls"\n{table}', kaldi.path).clips  # noqa: B018

    pytest.LineMatcher(str(caught.value).splitlines()).fnmatch_lines([words])


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (TABLE + 'lang = "en"\n', "*key 'corpora.calls.lang': unknown key*"),
        (TABLE + 'split = "test"\n', "*corpus calls: *: the format kaldi has no key 'split'*"),
    ],
)
def test_a_wrong_table_in_a_run(kaldi, table, words):
    """A mistake in a corpus table ends the run before any test."""
    kaldi.configure('corpus = "calls"', tables=table)

    result = kaldi.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([words])


def test_locked_samples_that_differ(project):
    """A clip whose samples are not those that are pinned fails its own cases, and the others run on."""
    project.clip("one", "one", pcm_sha256="ab" * 32)
    project.clip("two", "two")
    project.evals("accuracy")

    result = project.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*clip one: *decodes to samples that differ from the manifest*"])


def test_a_folder_of_the_name_of_a_corpus(kaldi):
    """A path that is written with ./ is the folder, although a corpus has its name."""
    kaldi.clip("own", "own words")
    (kaldi.path / "clips").rename(kaldi.path / "calls")
    kaldi.configure(tables=TABLE)

    kaldi.run("--asr-corpus", "./calls", "-k", "accuracy").assert_outcomes(passed=1)

    assert kaldi.heard() == ["polly own words"]
