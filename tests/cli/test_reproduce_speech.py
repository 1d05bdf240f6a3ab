"""``asrlab reproduce``: prompts that are spoken again, and dialogues that are held again."""

import pytest
import soundfile
from parrot_engine import hide

from asrlab_pytest.cli import main
from asrlab_pytest.records.checking import check
from asrlab_pytest.records.differences import differences
from asrlab_pytest.records.reading import read_run
from stored_runs import environment_of, write

TABLES = """
[tool.asrlab.models.coco.options]
answers = { "who are you" = "I am Polly" }
mumbles = { "I am Polly" = "I am Dolly" }
"""


@pytest.fixture(scope="module")
def ran(fresh_project):
    """A project with a run of a clip, two prompts and a dialogue."""
    with fresh_project("ran") as project:
        project.configure(models=("coco",), tasks=["asr", "tts", "conversation"], tables=TABLES)
        project.clip("heard", "hello there")
        project.prompt("one", "we saw the sea", says="we see a sea", recorded="we saw a sea")
        project.prompt("two", "good morning")
        project.dialogue("who", "who are you", "where is it")
        project.evals("accuracy", "tts", "conversation")
        project.run("-p", "no:cacheprovider", "--asr-record", "run.jsonl", "--benchmark-json", "results.json")
    return project


@pytest.fixture
def recorded(fresh_project, ran, monkeypatch):
    """A copy of the project with its run, in the working directory."""
    with fresh_project("recorded", like=ran) as project:
        monkeypatch.chdir(project.path)
        yield project


def told(capsys):
    """What is said of the cases."""
    lines = capsys.readouterr().out.splitlines()
    return [line for line in lines if "can change" not in line and line != "same machine"]


@pytest.mark.parametrize("name", ["run.jsonl", "results.json"])
def test_the_same_machine(recorded, capsys, name):
    """Every case of every task is made once more, is the same, and leaves nothing loaded and no speech behind."""
    before = {*recorded.path.rglob("*")}

    assert main(["reproduce", name]) == 0

    assert told(capsys) == ["same text: 4 of 4"]
    spoken = [line for line in recorded.events("speak") if not line.endswith("One.")]
    assert spoken == ["speak coco:tts en we saw the sea", "speak coco:tts en good morning"]
    assert [line.split()[3:] for line in recorded.events("ask") if " 2.0 " in line] == [
        ["who", "are", "you"],
        ["where", "is", "it"],
    ]
    assert len(recorded.events("load")) == len(recorded.events("close"))
    assert {*recorded.path.rglob("*")} == before


def test_a_judge_does_not_wait_beside_a_recognizer(recorded, capsys):
    """While a recognizer is at work the judge's weights are not in memory."""
    path = recorded.path / "run.jsonl"
    first, *rest = path.read_bytes().splitlines(keepends=True)
    write(path, first, *sorted(rest[:-1], key=lambda line: b'"asr"' in line), rest[-1])

    assert main(["reproduce", "run.jsonl"]) == 0

    loaded = [line for line in recorded.events("load") if line.split()[1] == "coco"]
    assert loaded == ["load coco alive=1"]


def test_another_text(recorded, capsys):
    """Each text that is another has its lines, with what it was of; the samples say whose doing it is."""

    def edit(line):
        if line.get("clip") == "one":
            line["hypothesis"] = "we saw nothing"
        if line.get("clip") == "who":
            line["spoken"]["turns"][0]["answer"] = "I am nobody"
            line["spoken"]["turns"][1]["heard"] = "where was it"
            line["spoken"]["turns"][1]["utterance"]["sound"]["pcm_sha256"] = "0" * 64

    recorded.rewrite(edit)

    assert main(["reproduce", "run.jsonl"]) == 1

    assert told(capsys) == [
        "coco:conversation on dialogue who: another text",
        "  turn 1, answer, then: 'I am nobody'",
        "  turn 1, answer, now:  'I am Polly'",
        "  turn 2, heard, then: 'where was it'",
        "  turn 2, heard, now:  'where is it'",
        "  the speech samples: different",
        "coco:tts on prompt one: another text",
        "  then: 'we saw nothing'",
        "  now:  'we see a sea'",
        "  the speech samples: the same",
        "same text: 2 of 4",
    ]


def test_other_samples(recorded, capsys):
    """Speech of other samples in which the same is heard is told, and is the same text."""

    def edit(line):
        if line.get("clip") == "two":
            line["spoken"]["utterance"]["sound"]["pcm_sha256"] = "0" * 64

    recorded.rewrite(edit)

    assert main(["reproduce", "run.jsonl"]) == 0

    assert told(capsys) == [
        "coco:tts on prompt two: same text, different audio samples",
        "same text: 4 of 4",
    ]


def test_prompts_and_dialogues_that_changed(recorded, capsys):
    """A prompt of another text or voice and a dialogue of other questions are refused, and nothing is made of them."""
    recorded.replace("prompts", "good morning", "good evening")
    recorded.replace("prompts", "we see a sea", "we see the sea")
    soundfile.write(recorded.path / "fixtures/dialogues/who-2.wav", hide("what is it", 2.0), 16_000, subtype="PCM_16")

    assert main(["reproduce", "run.jsonl"]) == 1

    lists = {kind: recorded.path / "fixtures" / kind / f"{kind}.jsonl" for kind in ("prompts", "dialogues")}
    assert told(capsys) == [
        f"coco:conversation on dialogue who: not held: {lists['dialogues']} has other questions for it than the record",
        f"coco:tts on prompt one: not spoken: {lists['prompts']} has other voice for it than the record",
        f"coco:tts on prompt two: not spoken: {lists['prompts']} has other text for it than the record",
        "same text: 1 of 4",
    ]
    assert recorded.events("speak", "ask") == []


def test_what_is_gone(recorded, capsys):
    """A prompt, a dialogue and the audio of a question that are not there any more are named."""
    recorded.replace("prompts", '"id": "two"', '"id": "three"')
    (recorded.path / "fixtures/dialogues/who-1.wav").unlink()

    assert main(["reproduce", "run.jsonl"]) == 1

    silent, gone, last = told(capsys)
    assert gone.startswith("coco:tts on prompt two: not spoken: ")
    assert gone.endswith("prompts.jsonl has no such prompt")
    assert silent.startswith("coco:conversation on dialogue who: not held: ")
    assert "who-1.wav" in silent
    assert last == "same text: 2 of 4"


def test_one_task_that_cannot_be_made(recorded, capsys):
    """Where the prompts are not here the other tasks are made, and a new record says what is missing."""
    (recorded.path / "fixtures" / "prompts").rename(recorded.path / "moved")

    assert main(["reproduce", "run.jsonl", "--record", "new.jsonl"]) == 1

    first, second, last = told(capsys)
    assert first.startswith("coco:tts on prompt one: not spoken: no prompts at ")
    assert second.startswith("coco:tts on prompt two: not spoken: no prompts at ")
    assert last == "same text: 2 of 4"
    found = check(recorded.path / "new.jsonl")
    assert (found.faults, found.observations) == ((), 2)
    run = read_run(recorded.path / "new.jsonl")
    assert run.environment.plan["coco:tts"] == ["one", "two"]
    assert {one.task for one in run.failures} == {"tts"}
    assert {model: (state.task, [*state.unread]) for model, state in run.models.items()} == {
        "coco": ("asr", []),
        "coco:tts": ("tts", ["one", "two"]),
        "coco:conversation": ("conversation", []),
    }
    assert main(["reproduce", "run.jsonl", "--prompts", "moved"]) == 0


def test_nothing_is_where_it_was(recorded, capsys):
    """Where no task has anything to be made of, the command is refused with status 2, and the options say where."""
    (recorded.path / "fixtures").rename(recorded.path / "moved")
    (recorded.path / "clips").rename(recorded.path / "sounds")

    assert main(["reproduce", "run.jsonl"]) == 2
    assert "no corpus at" in capsys.readouterr().err
    places = ["--corpus", "sounds", "--prompts", "moved/prompts", "--dialogues", "moved/dialogues"]
    assert main(["reproduce", "run.jsonl", *places]) == 0


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"engine": "parrot", "weights": "nowhere"}, "weights missing: the parrot has flown (hint: asrlab pull polly)"),
        ({"engine": "parrot", "weights": "rotten"}, "the parrot is dead"),
        (None, "the judge: no model 'polly'; "),
    ],
)
def test_no_judge(recorded, capsys, table, why):
    """Where the judge cannot hear, no speech counts, each case says why, and recognition is made all the same."""

    def edit(line):
        if line["kind"] == "environment":
            del line["settings"]["models"]["polly"]
            line["settings"]["models"] |= {"polly": table} if table else {}

    recorded.rewrite(edit)

    assert main(["reproduce", "run.jsonl"]) == 1

    *refused, last = told(capsys)
    assert [line.partition(": ")[0] for line in refused] == [
        "coco:conversation on dialogue who",
        "coco:tts on prompt one",
        "coco:tts on prompt two",
    ]
    assert all(why in line for line in refused)
    assert last == "same text: 1 of 4"


def test_the_judge_is_the_records(recorded, capsys):
    """The judge that heard the record hears again, whatever judge the settings of a merged record's first part name."""
    recorded.rewrite(lambda line: line.get("settings", {}).update(judge="kakapo"))

    assert main(["reproduce", "run.jsonl"]) == 0


def test_two_judges(recorded, capsys):
    """Speech that another judge heard than the first is not compared, in words."""

    def edit(line):
        if line.get("clip") == "two":
            line["spoken"]["hearer"]["model"] = "coco"

    recorded.rewrite(edit)

    assert main(["reproduce", "run.jsonl"]) == 1
    assert told(capsys)[0] == (
        "coco:tts on prompt two: not spoken: it was transcribed by coco, and others by polly, the judge here"
    )


def test_other_weights_of_the_judge(recorded, capsys):
    """Other weights of the judge are told as those of a model are."""

    def edit(line):
        if line.get("spoken"):
            line["spoken"]["hearer"]["weights_sha256"] = "1" * 64

    recorded.rewrite(edit)

    assert main(["reproduce", "run.jsonl", "--dry-run"]) == 0
    assert "weights of polly: 111111111111, now 000000000000 (can change: text and speed)" in capsys.readouterr().out


def test_a_model_that_does_something_else_now(recorded, capsys):
    """A model that has another task by its table than it had in the record makes nothing, in words."""

    def edit(line):
        if line["kind"] == "environment":
            line["settings"]["models"]["coco"]["tasks"] = ["tts", "conversation"]

    recorded.rewrite(edit)

    assert main(["reproduce", "run.jsonl"]) == 1

    lines = told(capsys)
    assert lines[0] == "coco on heard: not transcribed: ASR is not its task here, but TTS"
    assert lines[1].startswith("coco:tts on prompt one: not spoken: no model 'coco:tts'; did you mean coco?")
    assert lines[-1] == "same text: 1 of 4"


def test_one_id_for_two_tasks(recorded, capsys):
    """Where a merged record has an id for two tasks, what the model does here is made again, and the rest refused."""

    def edit(line):
        if line.get("clip") == "two":
            line["model"] = "coco"

    recorded.rewrite(edit)

    assert main(["reproduce", "run.jsonl"]) == 1
    assert told(capsys) == [
        "coco on prompt two: not spoken: TTS is not its task here, but ASR",
        "same text: 3 of 4",
    ]


def test_lists_that_only_one_run_has():
    """A run without prompts does not differ in them from one that has some; two with others do."""
    then = environment_of(prompts={"name": "prompts", "manifest_sha256": "0" * 64})
    now = environment_of(prompts={"name": "prompts", "manifest_sha256": "1" * 64}, corpus=None)

    assert [one.what for one in differences(then, now)] == ["prompts manifest_sha256"]
    assert differences(then, environment_of()) == []
