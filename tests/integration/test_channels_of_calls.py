"""A transcript of one channel of a file is not taken for that of another."""

import json

import numpy as np
import parrot_engine
import pytest
import soundfile


@pytest.fixture(scope="module")
def swapped(fresh_project):
    """A project whose calls were transcribed by channel 1, and are by now those of channel 2; and the first record."""
    with fresh_project("swapped") as project:
        for number in range(6):
            name = f"call{number}"
            audio = project.clip(name, f"hello number {number}", channel=1)
            caller, agent = (parrot_engine.hide(f"{said} number {number}", 2.0) for said in ("hello", "goodbye"))
            soundfile.write(audio, np.stack([caller, agent], axis=1), 16_000, subtype="PCM_16")
        project.write(test_accuracy="def test_accuracy(asr_case): asr_case.check('wer')")
        project.configure(tables="[tool.asrlab.thresholds]\nwer = 2.0\n")
        project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline", "--asr-record", "one.jsonl")
        manifest = project.path / "clips" / "manifest.jsonl"
        manifest.write_text(manifest.read_text().replace('"channel": 1', '"channel": 2'))
        yield project


def test_the_gate(swapped):
    """The gate compares nothing, and says that the audio is different."""
    result = swapped.run("--asr-baseline", "base.jsonl", "--asr-undecided", "fail", "--asr-record", "two.jsonl")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["UNDECIDED * polly*", "*6 clips with different audio than in the baseline: call0, *"])
    rows = [json.loads(line) for line in (swapped.path / "two.jsonl").read_text().splitlines()]
    assert {(row["start_s"], row["channel"]) for row in rows if row["kind"] == "observation"} == {(0.0, 2)}


def test_rescoring(swapped):
    """A record of the other channel is not scored, and each clip says which channel it is."""
    result = swapped.run("--asr-rescore", "one.jsonl")

    result.assert_outcomes(failed=6)
    result.stdout.fnmatch_lines(
        ["*clip call0: it is now channel 2 from 0.00 s of its file, and * has a transcript of channel 1 from 0.00 s"]
    )
