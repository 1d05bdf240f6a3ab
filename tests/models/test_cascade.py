"""A voice assistant made of parts: pocketsphinx, a table of answers, and a voice of piper."""

import json
from pathlib import Path

import numpy as np
import pocketsphinx
import pytest
import soxr
from engine_packages import install  # noqa: F401 - a fixture

import real_voice
from asrlab_pytest.errors import ModelError
from asrlab_pytest.inference.fingerprint import configuration, model_fingerprint
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.models import source
from asrlab_pytest.models.engines.cascade import UNHEARD, Cascade
from asrlab_pytest.models.profile import Profile
from asrlab_pytest.models.spec import ModelSpec, Readiness
from asrlab_pytest.models.status import model_status
from quick_search import QUICK

STATION = {"question": "Where is the station?", "answer": "Go forward ten meters."}
ANYWHERE = {"question": "How far is it?", "answer": "Which one?"}
FAR = {"question": "How far is it?", "answer": "Ten meters.", "after": "Where is the station?"}
PIPER = {"engine": "piper", "weights": str(real_voice.folder())}
QUICK_SPHINX = {"engine": "pocketsphinx", "weights": "en-us", "options": QUICK}


@pytest.fixture
def spec(tmp_path):
    """Makes the spec of an assistant with these lines in its table; it computes in one thread."""

    def make(*lines, **options):
        table = tmp_path / "answers.jsonl"
        table.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
        parts = {"synthesizer": PIPER, **options}
        return ModelSpec(
            id="assistant",
            engine="cascade",
            weights=str(table),
            profile=Profile(threads=1),
            task="conversation",
            options=parts,
        )

    return make


@pytest.fixture
def ask(speaker):
    """Asks an assistant aloud; returns text and speech of its answer."""

    def aloud(agent, question):
        spoken = real_voice.said(speaker, question)
        return heard(agent, soxr.resample(spoken, speaker.sample_rate, 16_000))

    return aloud


def heard(agent, samples):
    parts = list(agent.respond(samples))
    return "".join(part for part in parts if isinstance(part, str)), [
        len(part) for part in parts if not isinstance(part, str)
    ]


def test_from_a_folder_below_the_project(project, monkeypatch):
    """Paths of the table and of the parts' weights are relative to the project, wherever pytest is started."""
    acoustic = project.path / "models" / "heard"
    acoustic.parent.mkdir()
    acoustic.symlink_to(Path(pocketsphinx.get_model_path("en-us")))
    (project.path / "answers.jsonl").write_text(json.dumps(STATION))
    project.configure(
        'model = ["assistant"]',
        tables='[tool.asrlab.models.assistant]\nengine = "cascade"\nweights = "answers.jsonl"\n'
        'tasks = ["conversation"]\n[tool.asrlab.models.assistant.options.recognizer]\nengine = "pocketsphinx"\n'
        'weights = "models/heard"\noptions = { maxhmmpf = 1000 }\n'
        '[tool.asrlab.models.assistant.options.synthesizer]\nengine = "piper"\n'
        f'weights = "{real_voice.PACKAGED}"\n',
    )
    project.dialogue("one", "where is the station")
    project.evals("conversation")
    (project.path / "below").mkdir()
    monkeypatch.chdir(project.path / "below")

    result = project.run("--rootdir", "..", "../test_conversation.py", "-k", "one", "-rs")

    result.assert_outcomes(passed=1)


def test_a_dialogue(spec, ask):
    """The assistant answers in text and speech, and takes earlier questions of the dialogue into account."""
    agent = Cascade().load(spec(STATION, ANYWHERE, FAR), "cpu")
    questions = ("How far is it?", "Where is the station?", "How far is it?")

    agent.begin("en")
    assert [ask(agent, question)[0] for question in questions] == [
        "Which one?",
        "Go forward ten meters.",
        "Ten meters.",
    ]
    agent.begin("en")
    answer, speech = ask(agent, "How far is it?")
    assert answer == "Which one?"
    assert sum(speech) > 0.3 * agent.sample_rate
    agent.close()


@pytest.mark.parametrize("options", [{}, {"unheard": "Once more, please."}])
def test_a_question_that_is_not_heard(spec, ask, options):
    """To silence, and to a question that is not in the table, the assistant says that it did not understand."""
    agent = Cascade().load(spec(STATION, recognizer=QUICK_SPHINX, **options), "cpu")
    expected = options.get("unheard", UNHEARD)

    assert heard(agent, np.zeros(16_000, dtype=np.float32))[0] == expected
    assert ask(agent, "My uncle sells green apples on Sundays.")[0] == expected


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "not valid JSON"),
        ({"question": "a"}, "key 'answer': missing key"),
        ({**STATION, "afetr": "a"}, "unknown key"),
        ({"question": "?", "answer": "a"}, "key 'question' has no words"),
        ({**FAR, "after": "Who is it?"}, "no line has the question 'Who is it?'"),
        (ANYWHERE, "is already in line 1"),
    ],
)
def test_a_wrong_table(spec, line, fault):
    """Status and weights report a fault of the table with its file and line."""
    wrong = spec(ANYWHERE, line)

    status = Cascade().status(wrong)
    assert status.readiness is Readiness.BROKEN
    assert fault in status.reason
    with pytest.raises(ModelError, match=r"answers\.jsonl:2: "):
        Cascade().weights(wrong)


def test_no_table(tmp_path):
    """Without its table a model has missing weights; with an empty table it is broken."""
    path = tmp_path / "answers.jsonl"
    wanted = ModelSpec(id="assistant", engine="cascade", weights=str(path))

    assert Cascade().status(wanted).readiness is Readiness.WEIGHTS_MISSING
    path.touch()
    assert "has no answers" in Cascade().status(wanted).reason


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"recogniser": {}}, "no option 'recogniser'"),
        ({"recognizer": "whisper"}, "recognizer must be a table"),
        ({"recognizer": {"engine": "pocketsphinx"}}, "recognizer lacks weights"),
        ({"recognizer": {"engine": "pocketsphinx", "weight": "en-us"}}, "no key 'weight'"),
        ({"recognizer": {"engine": "pocketsphinx", "weights": 1}}, "weights of recognizer cannot be 1"),
        ({"recognizer": {"engine": "nothing", "weights": "a"}}, "no engine 'nothing'"),
        ({"recognizer": {"engine": "flite", "weights": "slt"}}, "flite cannot be its recognizer"),
        ({"synthesizer": {"engine": "pocketsphinx", "weights": "en-us"}}, "pocketsphinx cannot be its synthesizer"),
        ({"unheard": ""}, "unheard must be a text"),
    ],
)
def test_wrong_options(spec, options, fault):
    """A misspelt part, or one that cannot do its task, is reported in a sentence."""
    status = model_status(spec(STATION, **options), "auto")

    assert status.readiness is Readiness.BROKEN
    assert fault in status.reason


def test_a_part_that_is_not_ready(spec):
    """If a part cannot run, neither can the assistant, and its status names the part."""
    status = Cascade().status(spec(STATION, synthesizer={"engine": "piper", "weights": "nobody"}))

    assert (status.readiness, status.reason.partition(":")[0]) == (Readiness.BROKEN, "its synthesizer")


def test_identity(spec, tmp_path):
    """The hash of the weights changes with the answers and with the parts, and with nothing else."""
    first = Cascade().weights(spec(STATION)).sha256

    assert Cascade().weights(spec(STATION)).sha256 == first
    assert Cascade().weights(spec(STATION, ANYWHERE)).sha256 != first
    for path in real_voice.folder().glob("*.onnx*"):
        (tmp_path / path.name).write_bytes(path.read_bytes() + b" ")
    other = spec(STATION, synthesizer={"engine": "piper", "weights": str(tmp_path)})
    assert Cascade().weights(other).sha256 != first


@pytest.mark.parametrize(
    "recognizer",
    [
        {"engine": "openai-api", "weights": "whisper-1"},
        {"engine": "command", "weights": "cat", "options": {"command": ["cat"]}},
    ],
)
def test_a_part_that_nothing_identifies(spec, recognizer):
    """With a server or a program as its recognizer no assistant is identified, so that no store answers for it."""
    assistant = spec(STATION, recognizer=recognizer)

    assert Cascade().weights(assistant).sha256 is None
    assert model_fingerprint(assistant, RunConditions(corpus="dialogues")) is None


PART = """
from asrlab_pytest.engines import Engine, Recognizer
class Ours(Engine):
    def load(self, spec, device):
        return {word!r}
"""


def test_the_code_of_a_part(spec, install, tmp_path):  # noqa: F811
    """An assistant is another one where the code of its recognizer's engine changed."""
    (tmp_path / "words.bin").write_bytes(b"1")
    install("part_engine", PART.format(word="one"), "part = part_engine:Ours")
    assistant = spec(STATION, recognizer={"engine": "part", "weights": str(tmp_path / "words.bin")})
    conditions = RunConditions(corpus="dialogues")
    first = model_fingerprint(assistant, conditions), configuration(assistant, tmp_path)

    (tmp_path / "part_engine.py").write_text(PART.format(word="two"))
    source.source_digest.cache_clear()
    source._origins.cache_clear()

    assert model_fingerprint(assistant, conditions) != first[0]
    assert configuration(assistant, tmp_path) != first[1]
