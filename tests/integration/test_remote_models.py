"""Models that a server runs: their times and memory are no figures of the model."""

import pytest

SERVED = """[tool.asrlab.models.served]
engine = "openai-api"
weights = "whisper-1"
options = { base_url = "http://127.0.0.1:9/v1" }
"""


def words(result):
    return " ".join(result.stdout.str().split())


@pytest.mark.parametrize("reference", ["polly", "served"])
def test_speed_and_memory_are_not_measured(project, reference):
    """Neither gate asks a server, whether it runs the model or the reference model, and both say why."""
    project.clip("one", "hello there")
    project.configure(f'model = ["polly", "served"]\nreference = "{reference}"', tables=SERVED)
    project.evals("speed", "memory")

    result = project.run("-rs")

    shown = words(result)
    whose = "it" if reference == "polly" else "the reference model served"
    timed = "served" if reference == "polly" else "polly"
    assert f"{timed}: {whose} runs on a server, so its time and memory cannot be measured here" in shown
    assert "served: it runs on a server, so its time and memory cannot be measured here" in shown


def test_bounds_on_time_do_not_judge_a_server(project):
    """A bound on time is said not to be judged where a server answers, whatever the times."""
    project.clip("one", "hello there")
    project.configure(
        tables='[tool.asrlab.models.polly.options]\ntakes = "remote"\n'
        "[tool.asrlab.thresholds]\nwer = 1\nrtf = 1e-9\n[tool.asrlab.corpus_thresholds]\nwer = 1\nrtf = 1e-9\n"
    )
    project.evals("accuracy", "latency", "corpus")

    result = project.run()

    result.assert_outcomes(passed=3)
    assert "times of a server are not judged: [tool.asrlab.thresholds] rtf, [tool.asrlab.corpus_thresholds] rtf" in (
        words(result)
    )
