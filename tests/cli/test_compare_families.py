"""``asrlab compare`` on a record of several tasks judges as pytest does: each task by itself."""

from asrlab_pytest.cli.compare import compare
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.settings import Settings
from stored_runs import environment, row, said, write

WORDS = ["amber", "birch", "cedar", "daisy", "ember", "fern", "grape", "hazel"]


def heard(number, is_wrong):
    text = " ".join(WORDS[number % 8 :] + WORDS[: number % 8])
    return text, text.replace("cedar", "mumble") if is_wrong else text


def recognized(wrong):
    pairs = (heard(number, number < wrong) for number in range(12))
    return [row("polly", f"c{number}", text, reference=said) for number, (said, text) in enumerate(pairs)]


def spoken(wrong):
    return [said(*heard(number, number in wrong), clip=f"p{number}") for number in range(12)]


def test_each_task_is_a_family(tmp_path):
    """What a model of speech changes does not make a recognizer's rise any less sure."""
    base = write(tmp_path / "base", environment(), *recognized(0), *spoken({0, 1, 2, 3, 4}))
    head = write(tmp_path / "head", environment(), *recognized(5), *spoken({5, 6, 7, 8, 9, 10}))

    polly, coco = compare(base, head, Settings()).results

    assert polly.outcome is Outcome.FAIL
    assert "5 clips worse, none better, 7 the same, sign-flip p 0.031" in polly.findings[0].sentence
    assert coco.outcome is Outcome.UNDECIDED
    assert "6 prompts worse, 5 better" in coco.findings[0].sentence
