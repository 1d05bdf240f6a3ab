"""Under pytest, a gate names what of the model changed since the baseline was written."""

import json

SAID = [f"{name} wanted nine more of them today" for name in ("anna", "ben", "cara", "dora", "emil", "fritz")]


def test_another_version_of_the_engine(project):
    """Another version of the engine stands below the verdict, on screen and in Markdown, and fails nothing."""
    for number, text in enumerate(SAID):
        project.clip(f"c{number}", text, says=text)
    project.evals("regression")
    project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")
    path = project.path / "base.jsonl"
    head, *lines = path.read_text().splitlines()
    first = json.loads(head)
    (made_by,) = first["models"]["polly"]
    assert made_by["engine"] == "parrot"
    present, made_by["engine_version"] = made_by["engine_version"], "0.0.1"
    path.write_text("\n".join([json.dumps(first), *lines]) + "\n")

    result = project.run("--asr-baseline", "base.jsonl", "--asr-markdown", "run.md")

    remark = f"not as in the baseline: version of the engine 0.0.1, now {present}"
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["PASS accuracy of polly against polly", f"  {remark}"])
    assert "version of the engine 0.0.1, now" in (project.path / "run.md").read_text()
