"""What an engine raises or returns that can neither be printed nor kept costs its clip, which the record names."""

import json

import pytest

BAD = "good night"
FAULTS = {
    "unprintable": "Unprintable: (no message: ValueError when it was printed)",
    "unprintable exit": "EngineQuit: UnprintableExit: (no message: Exit when it was printed)",
    "cyclic": "detail p of a segment is of type dict, and not a number",
    "object": "detail p of a segment is of type object, and not a number",
}
ISOLATED = {
    "unprintable": FAULTS["unprintable"],
    "lambda": "detail p of a segment is of type function, and not a number",
}


def table(name, options, keys=""):
    return f'[tool.asrlab.models.{name}]\nengine = "wicked"\nweights = "here"\n{keys}options = {options}\n'


def does(deed):
    return f'{{ does = "{deed}", on = "{BAD}" }}'


def model_of(deed):
    return deed.replace(" ", "-")


@pytest.fixture(scope="module")
def run(fresh_project):
    """A run of three clips, in the second of which each model does what its name says."""
    with fresh_project("faults") as project:
        named = {model_of(deed): table(model_of(deed), does(deed)) for deed in FAULTS}
        named |= {f"apart-{deed}": table(f"apart-{deed}", does(deed), "isolate = true\n") for deed in ISOLATED}
        named["settings"] = table("settings", '{ settings = "cyclic" }')
        project.configure(f"model = {json.dumps(list(named))}\n", models=(), tables="".join(named.values()))
        for number, said in enumerate(("good morning", BAD, "good day")):
            project.clip(f"c{number}", said)
        project.evals("accuracy")
        result = project.run("--asr-record", "run.jsonl", "-q")
        lines = [json.loads(line) for line in (project.path / "run.jsonl").read_text().splitlines()]
        return result, lines


def test_each_fault_costs_its_clip(run):
    """The other clips pass, and the run ends in order."""
    result, _ = run

    assert "INTERNALERROR" not in result.stdout.str()
    result.assert_outcomes(passed=2 * (len(FAULTS) + len(ISOLATED)), failed=len(FAULTS) + len(ISOLATED) + 3)


def test_the_record_names_the_clip(run):
    """Each fault is a failure line of the record, with the sentence that the terminal has, too."""
    result, lines = run
    problems = {line["model"]: line["problem"] for line in lines if line["kind"] == "failure" and line["clip"] == "c1"}
    text = result.stdout.str()

    expected = {model_of(deed): words for deed, words in FAULTS.items()}
    expected |= {f"apart-{deed}": words for deed, words in ISOLATED.items()}
    for model, words in expected.items():
        assert words in problems[model]
        assert f"model {model} failed on clip c1: " in text
        assert words in text
    assert lines[-1]["kind"] == "end"


def test_settings_that_contain_themselves(run):
    """A model whose settings no record can hold does not load, in a sentence."""
    _, lines = run
    found = {line["clip"]: line["problem"] for line in lines if line.get("model") == "settings"}

    assert found == dict.fromkeys(
        ("c0", "c1", "c2"), "model settings: engine wicked: settings cannot be recorded: it contains itself"
    )
