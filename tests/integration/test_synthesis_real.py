"""The real thing: flite speaks, and PocketSphinx judges."""

import shutil
from pathlib import Path

import pytest

import asrlab_pytest.models.engine as engines

pytestmark = pytest.mark.skipif(
    shutil.which("flite") is None or "flite" not in engines.engine_names(),
    reason="flite is not installed (mend: apt-get install flite)",
)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "prompts"
PROMPTS = ("doctor", "children")


def test_flite_judged_by_pocketsphinx(project):
    """PocketSphinx understands most of what flite says, about as well as recordings, and its sound has no fault."""
    project.configure(
        f'model = ["flite-slt"]\nprompts = "{FIXTURES}"',
        models=(),
        tables=(
            "[tool.asrlab.synthesis.thresholds]\nspeech_faults = 0\n"
            "[tool.asrlab.synthesis.corpus_thresholds]\nwer = 0.35\nexcess_wer = 0.2\n"
        ),
    )
    project.evals("synthesis")
    arguments = [part for prompt in PROMPTS for part in ("--asr-prompt", prompt)]

    result = project.run("--asr-record", "run.jsonl", *arguments)

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=3, skipped=1)
    rows = {row["clip"]: row for row in project.record()[1]}
    assert rows.keys() == set(PROMPTS)
    for row in rows.values():
        assert row["engine"] == "flite"
        assert row["spoken"]["hearer"]["model"] == "pocketsphinx-en-us"
        assert 1 < row["audio_s"] < 6
        assert (project.path / ".asrlab" / "speech" / row["spoken"]["utterance"]["file"]).stat().st_size > 10_000
    assert any(row["hypothesis"] == row["reference"].lower().strip(".") for row in rows.values())
    result.stdout.fnmatch_lines(["* | judge: pocketsphinx-en-us *"])
