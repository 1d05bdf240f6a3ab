"""What a report tells people who have another machine."""

import pytest


@pytest.mark.parametrize("where", ["base.jsonl", "../elsewhere/base.jsonl"])
def test_no_folder_of_the_machine(project, where):
    """Reports name the baseline by its path within the project or by its name, and no folder of this machine."""
    for number in range(6):
        project.clip(f"c{number}", "go forward ten meters", says="go backward ten meters")
    project.clip("lost", "hello there", says="hello there")
    project.evals("accuracy")
    baseline = (project.path / where).resolve()
    baseline.parent.mkdir(exist_ok=True)
    project.run(f"--asr-baseline={baseline}", "--asr-update-baseline")
    baseline.write_text(baseline.read_text().replace("backward", "forward"))
    (project.path / "clips" / "lost.wav").write_bytes(b"")

    project.run(f"--asr-baseline={baseline}", "--asr-report", "report.html", "--asr-markdown", "asr.md")

    for name in ("report.html", "asr.md"):
        text = (project.path / name).read_text(encoding="utf-8")
        assert "base.jsonl (see below)" in text
        assert "clips/lost.wav" in text
        assert str(project.path) not in text
        if name == "report.html":
            assert "accuracy of polly against its baseline" in text
