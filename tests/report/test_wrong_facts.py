"""Wrong facts of dialogues in what the terminal shows clip by clip."""

from asrlab_pytest.cli import main
from stored_runs import end, environment, held, turn, write


def test_show_names_wrong_facts(tmp_path, capsys):
    """A dialogue with correct words but wrong facts is shown with each fact, before others."""
    facts = {"facts": [{"keyword": "Anna"}], "forbidden": [{"keyword": "know"}]}
    lines = [held(turn("i am", "i was"), clip="misheard"), held(turn("i do not know", **facts), clip="wrong")]
    record = write(tmp_path / "run.jsonl", environment(corpus=None), *lines, end())

    assert main(["show", str(record)]) == 0

    shown = capsys.readouterr().out.splitlines()
    clips = [line for line in shown if line and not line.startswith("  ")]
    assert clips == ["wrong: coco 0.0%", "misheard: coco 50.0%"]
    assert shown[1:3] == ["  coco: missing fact in turn 1: 'Anna'", "  coco: forbidden fact in turn 1: 'know'"]
