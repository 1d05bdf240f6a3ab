"""--asr-prompts: which texts are said."""

from fnmatch import fnmatch

import pytest

from asrlab_pytest.corpus.prompts import read_prompts
from asrlab_pytest.errors import CorpusError


@pytest.fixture
def speaking(project):
    """A project of a parrot that speaks one prompt."""
    project.configure(models=("coco",), tasks=["tts"])
    project.evals("tts")
    return project


def elsewhere(project, content):
    """Prompts in a folder of another name."""
    (project.path / "texts").mkdir()
    (project.path / "texts" / "prompts.jsonl").write_text(content)


@pytest.mark.parametrize("path", ["texts", "texts/prompts.jsonl"])
def test_a_folder_or_a_file(speaking, path):
    """The option names a folder with prompts or their file, and is stronger than the project's key."""
    elsewhere(speaking, '{"id": "away", "text": "good morning", "language": "en"}\n')
    speaking.configure('prompts = "nowhere"', models=("coco",), tasks=["tts"])

    result = speaking.run("-v", "--asr-prompts", path, "-k", "away")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*test_tts[[]coco-away[]] PASSED*", "1 prompt, * | judge: polly"])


def test_the_key_of_the_project(speaking):
    """The project's key starts from the project's root."""
    elsewhere(speaking, '{"id": "away", "text": "good morning", "language": "en"}\n')
    speaking.configure('prompts = "texts"', models=("coco",), tasks=["tts"])

    speaking.run("-k", "away").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "no prompts at *texts: it does not exist"),
        ("", "*texts/prompts.jsonl lists no prompts"),
        ('{"id": "a", "text": "b"}\n{"id"\n', "*texts/prompts.jsonl:2: *"),
        ('{"id": "a"}\n', "*texts/prompts.jsonl:1: key 'text': missing key"),
        ('{"id": "a", "text": "b", "voise": "c"}\n', "*texts/prompts.jsonl:1: *did you mean 'voice'*"),
        ('{"id": "a", "text": " "}\n', "*texts/prompts.jsonl:1: the text is empty*"),
        ('{"id": "a", "text": "b"}\n' * 2, "*texts/prompts.jsonl:2: prompt id 'a' is already in line 1"),
    ],
)
def test_no_prompts(tmp_path, content, sentence):
    """Missing and damaged prompts are refused in a sentence that has file and line."""
    if content is not None:
        (tmp_path / "texts").mkdir()
        (tmp_path / "texts" / "prompts.jsonl").write_text(content)

    with pytest.raises(CorpusError) as refused:
        read_prompts(tmp_path / "texts")

    assert fnmatch(str(refused.value).splitlines()[0], sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"id": "a", "text": "b"}\n{"id"\n', "ERROR: *texts/prompts.jsonl:2: *"),
        ('{"id": "a", "text": "b", "normalization": "mine"}\n', "ERROR: *prompts.jsonl: prompt a: *'mine'*"),
    ],
)
def test_no_prompts_end_the_run(speaking, content, sentence):
    """Damaged prompts end the run before any test, with status 4 and a sentence that has file and line."""
    elsewhere(speaking, content)

    result = speaking.run("--asr-prompts", "texts")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([sentence])
    assert "Traceback" not in result.stderr.str() + result.stdout.str()
    assert speaking.events() == []


def test_not_read_without_need(project):
    """Damaged prompts are no mistake of a run whose models only recognize."""
    elsewhere(project, "damaged")
    project.clip("heard", "good morning")
    project.evals("accuracy", "tts")

    result = project.run("--asr-prompts", "texts")

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1, skipped=3)
