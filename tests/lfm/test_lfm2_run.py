"""A run of pytest measures LFM2-Audio as it does every other model."""

import json
import re
from pathlib import Path

import pytest

from asrlab_pytest.models.engine import engine_names

pytest.importorskip("liquid_audio", reason='needs the extra "lfm2", on Python 3.12 or later')

from lfm_checkpoint import SPECIAL

REPOSITORY = Path(__file__).parents[2]
LENIENT = """
[tool.asrlab.thresholds]
wer = 2.0
[tool.asrlab.tts]
thresholds = { speech_faults = 99 }
corpus_thresholds = { rtf = 1000.0 }
[tool.asrlab.conversation]
thresholds = { speech_faults = 99 }
corpus_thresholds = { rtf = 1000.0 }
"""
"""Thresholds that random weights do not miss."""


@pytest.mark.skipif("lfm2-audio" not in engine_names(), reason="the engine's entry point is not installed")
@pytest.mark.parametrize(("last", "wer"), [(" meters", "0.0%"), (" miles", "25.0%")])
def test_known_error_rate(project, answering, last, wer):
    """Weights that write a known sentence get the error rate that it has against the clip's text."""
    folder = answering("Go", " forward", " ten", last, ".", SPECIAL[7])
    project.configure(
        'model = ["tiny"]\n',
        models=(),
        tables=f'[tool.asrlab.models.tiny]\nengine = "lfm2-audio"\nweights = "{folder}"\noptions = {{ threads = 1 }}\n',
    )
    project.real_clips("goforward")
    project.evals("accuracy")

    result = project.run_fresh("--benchmark-disable", "--asr-device", "cpu", "-p", "no:cacheprovider")

    assert result.ret == 0
    assert re.search(rf"^tiny +{re.escape(wer)}", result.stdout.str(), re.MULTILINE)


@pytest.mark.skipif("lfm2-audio" not in engine_names(), reason="the engine's entry point is not installed")
@pytest.mark.parametrize("compute_type", ["float32", "bfloat16"])
def test_all_tasks(project, answering, compute_type):
    """One model is evaluated in all of its tasks by one run: it transcribes, speaks, and answers two turns in order."""
    folder = answering("Go", SPECIAL[128])
    project.configure(
        'model = ["tiny"]\n',
        models=(),
        tables=f'[tool.asrlab.models.tiny]\nengine = "lfm2-audio"\nweights = "{folder}"\n'
        f'tasks = ["asr", "tts", "conversation"]\ncompute_type = "{compute_type}"\n'
        "options = { threads = 1, max_new_tokens = 36 }\n" + LENIENT,
    )
    project.real_clips("goforward")
    clip = REPOSITORY / "fixtures" / "audio" / "clips" / "goforward.wav"
    lay(project.path / "fixtures/prompts/prompts.jsonl", {"id": "hello", "text": "Hello.", "language": "en"})
    turn = {"audio": str(clip), "text": "Go forward ten meters."}
    lay(project.path / "fixtures/dialogues/dialogues.jsonl", {"id": "walk", "language": "en", "turns": [turn, turn]})
    project.evals("accuracy")
    for name in ("tts", "conversation"):
        shipped = (REPOSITORY / "evals" / f"test_{name}.py").read_text(encoding="utf-8")
        project.write(**{f"test_{name}": shipped})

    result = project.run_fresh("--benchmark-disable", "--asr-device", "cpu", "--asr-record", "run.jsonl", "-rs")

    result.assert_outcomes(passed=5, skipped=2)
    _, rows = project.record()
    assert {(row["model"], row["task"]) for row in rows} == {
        ("tiny", "asr"),
        ("tiny:tts", "tts"),
        ("tiny:conversation", "conversation"),
    }
    spoken = {row["task"]: row["spoken"] for row in rows}
    assert {row["compute_type"] for row in rows} == {compute_type}
    assert spoken["tts"]["utterance"]["sound"]["seconds"] > 1
    first, second = spoken["conversation"]["turns"]
    assert first["answer"].startswith("Go")
    assert first["utterance"]["sound"]["seconds"] > 1
    assert second["utterance"]["first_audio_s"][0] < second["latencies_s"][0]


def lay(path, entry):
    """A file of one line."""
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(entry) + "\n", encoding="utf-8")
