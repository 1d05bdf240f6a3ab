"""A baseline of which a later run wrote some texts again, and what the gate says of the model then."""

import json

SAID = [f"{name} wanted nine more of them today" for name in ("anna", "ben", "cara", "dora", "emil", "fritz")]


def first_line(path):
    return json.loads(path.read_text().splitlines()[0])


def test_texts_that_are_kept(project):
    """Texts that an update keeps stay those of the engine that wrote them, and a gate counts the clips of it."""
    for number, text in enumerate(SAID):
        project.clip(f"c{number}", text, says=text)
    project.evals("regression")
    path = project.path / "base.jsonl"
    project.run("--asr-baseline", path.name, "--asr-update-baseline")
    head, *lines = path.read_text().splitlines()
    first = json.loads(head)
    present, first["models"]["polly"]["engine"] = first["models"]["polly"]["engine"], "parakeet"
    path.write_text("\n".join([json.dumps(first), *lines]) + "\n")

    project.run("--asr-baseline", path.name, "--asr-update-baseline", "--asr-clip", "c0")
    (other,) = first_line(path)["models"]["polly"]["others"]
    result = project.run("--asr-baseline", path.name, "--asr-markdown", "run.md")

    assert first_line(path)["models"]["polly"]["engine"] == "parakeet"
    assert (other["engine"], other["clips"]) == (present, ["c0"])
    result.assert_outcomes(passed=1)
    change = f"engine parakeet -> {present} (in 5 of 6 clips)"
    assert change in " ".join(result.stdout.str().split())
    assert "in 5 of 6 clips" in (project.path / "run.md").read_text()
