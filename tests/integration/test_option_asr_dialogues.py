"""--asr-dialogues: which dialogues are held."""

import pytest

from asrlab_pytest.corpus.dialogues import read_dialogues
from asrlab_pytest.errors import CorpusError


@pytest.fixture
def conversing(project):
    """A project of a parrot that converses."""
    project.configure(models=("coco",), tasks=["conversation"])
    project.dialogue("who", "who are you")
    project.evals("conversation")
    return project


@pytest.mark.parametrize("path", ["talks", "talks/dialogues.jsonl"])
def test_a_folder_or_a_file(conversing, path):
    """The option names a folder with dialogues or their file, audio starts from there, and it beats the key."""
    (conversing.path / "fixtures" / "dialogues").rename(conversing.path / "talks")
    conversing.configure('dialogues = "nowhere"', models=("coco",), tasks=["conversation"])

    result = conversing.run("--asr-dialogues", path, "-k", "who")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["asrlab: *; dialogues talks*", "1 dialogue, * | judge: polly"])


REFUSED = [
    (None, "no dialogues at *talks: it does not exist"),
    ("\n", "*talks/dialogues.jsonl lists no dialogues"),
    ("\n{]\n", "*talks/dialogues.jsonl:2: *"),
    ('{"id": "a", "turns": []}\n', "*talks/dialogues.jsonl:1: the dialogue a has no turns"),
    (
        '{"id": "a", "turns": [{"audio": "a.wav", "text": "b", "facts": [{"keyword": "c", "regex": "d"}]}]}\n',
        "*talks/dialogues.jsonl:1: *a fact has one of keyword, any, regex, entity*",
    ),
    (
        '{"id": "a", "turns": [{"audio": "a.wav", "text": "b", "facts": [{"regex": "("}]}]}\n',
        "*talks/dialogues.jsonl:1: *",
    ),
]


def write(path, content):
    if content is not None:
        (path / "talks").mkdir()
        (path / "talks" / "dialogues.jsonl").write_text(content)


@pytest.mark.parametrize(("content", "sentence"), REFUSED)
def test_no_dialogues(tmp_path, content, sentence):
    """Dialogues that are missing or damaged are refused in a sentence with file and line."""
    write(tmp_path, content)

    with pytest.raises(CorpusError) as caught:
        read_dialogues(tmp_path / "talks")

    pytest.LineMatcher(str(caught.value).splitlines()).fnmatch_lines([sentence])


@pytest.mark.parametrize(("content", "sentence"), [REFUSED[0], REFUSED[-1]])
def test_no_dialogues_in_a_run(conversing, content, sentence):
    """Dialogues that are missing or damaged end the run before any test, in that sentence."""
    write(conversing.path, content)

    result = conversing.run("--asr-dialogues", "talks")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {sentence}"])
    assert "Traceback" not in result.stderr.str() + result.stdout.str()
    assert conversing.events() == []
