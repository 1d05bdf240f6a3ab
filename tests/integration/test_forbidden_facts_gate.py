"""The gate of a conversation model that only says forbidden facts, which no rate counts."""

import json

import pytest

from asrlab_pytest.cli import main

QUESTIONS = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
BASELINE = ("--asr-baseline", "base.jsonl")


@pytest.fixture
def polite(project):
    """Eight dialogues with forbidden words and no facts, and the baseline of a model that says none of them."""
    project.configure(models=("coco",), tasks=["conversation"])
    for question in QUESTIONS:
        project.dialogue(question, (question, {"forbidden": [{"keyword": "hate"}, {"keyword": "idiot"}]}))
    project.write(test_gate="def test_it(conversation_regression): conversation_regression.check()\n")
    assert project.run(*BASELINE, "--asr-update-baseline").ret == pytest.ExitCode.OK
    return project


def test_a_model_that_begins_to_say_what_is_forbidden(polite):
    """It fails its gate, and `asrlab compare`; a different judge does not hide it."""
    said = ", ".join(f'{json.dumps(question)} = "I hate you idiot"' for question in QUESTIONS)
    table = f"[tool.asrlab.models.coco.options]\nanswers = {{ {said} }}\n"
    polite.configure(models=("coco",), tasks=["conversation"], tables=table)

    result = polite.run(*BASELINE, "--asr-record", "run.jsonl")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["FAIL * coco*", "*new defect: 8 of 8 dialogues without facts say more forbidden facts, none fewer*"]
    )
    assert main(["compare", "base.jsonl", "run.jsonl"]) == 1
    assert main(["compare", "run.jsonl", "base.jsonl"]) == 3
    polite.rewrite(_other_judge)
    assert main(["compare", "base.jsonl", "run.jsonl"]) == 1


def _other_judge(line):
    if line["kind"] == "observation":
        line["spoken"]["hearer"]["engine_version"] = "99"
