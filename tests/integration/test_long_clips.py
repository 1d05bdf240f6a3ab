"""A clip that is longer than an engine transcribes whole is cut, and that is said and recorded."""

import json


def test_a_long_clip_is_cut(project):
    """The text is whole, the record lists the cut, and terminal and Markdown say which clips were cut."""
    project.clip("short", "hello there", seconds=1.0)
    project.clip("long", "good night", seconds=3.0)
    table = "[tool.asrlab.models.kea]\nengine = 'parrot'\nweights = 'here'\noptions = { max_seconds = 2.0 }\n"
    project.configure('model = ["kea"]\n', models=(), tables=table)
    project.write(test_accuracy="def test_accuracy(asr_case): assert asr_case.wer == 0.0")

    result = project.run("--asr-record=run.jsonl", "--asr-markdown=run.md")

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["cut * kea: 1 clip longer than the engine's limit, cut at pauses (long)"])
    rows = [json.loads(line) for line in (project.path / "run.jsonl").read_text().splitlines()]
    cuts = {row["clip"]: row["transcript"]["cuts"] for row in rows if "clip" in row}
    assert cuts["short"] == []
    assert len(cuts["long"]) == 1
    assert 1.0 <= cuts["long"][0] <= 2.0
    assert "1 clip longer than the engine's limit, cut at pauses (long)" in (project.path / "run.md").read_text()
