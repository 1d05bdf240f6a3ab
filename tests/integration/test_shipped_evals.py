"""The shipped evals with the real embedded engine: one run, looked at from all sides."""

import json

import pytest

DESIGNED = {
    *("model", "engine", "clip", "corpus", "outcome", "reference", "hypothesis", "wer", "cer", "counts", "rtf"),
    *("latency_s", "audio_s", "load_s", "device_requested", "device", "compute_type", "peak_rss_bytes"),
    *("device_memory_bytes", "cpu_percent", "normalization", "audio_sha256"),
}


@pytest.fixture(scope="module")
def real(fresh_project):
    """A run with three clips and pocketsphinx: its project, and its result."""
    with fresh_project("real") as project:
        project.configure(
            'model = ["pocketsphinx-en-us"]',
            models=(),
            tables="[tool.asrlab.thresholds]\nwer = 0.5\n[tool.asrlab.corpus_thresholds]\nwer = 0.5\nrtf = 50\n",
        )
        project.real_clips("goforward", "short-rms", "silence")
        project.evals("accuracy", "corpus", "latency")
        arguments = ("-W", "error", "--benchmark-json", "results.json", "--asr-record", "run.jsonl")
        return project, project.run_apart(*arguments)


def test_one_run(real):
    """The evals pass on speech that the engine knows, and JSON, record and scorecard all say the same."""
    project, result = real

    assert result.ret == 0
    result.assert_outcomes(passed=5)
    results = project.json("results.json")
    cases = {entry["extra_info"]["asr"]["clip"]: entry["extra_info"]["asr"] for entry in results["benchmarks"]}
    assert set(cases) == {"goforward", "short-rms", "silence"}
    for case in cases.values():
        assert case.keys() >= DESIGNED
        assert "weights_sha256" in case or "weights_revision" in case
        assert (case["model"], case["engine"]) == ("pocketsphinx-en-us", "pocketsphinx")
        assert (case["device_requested"], case["device"], case["compute_type"]) == ("auto", "cpu", "float32")
        assert (case["outcome"], case["corpus"]) == ("passed", "clips")
        assert case["rtf"] == pytest.approx(case["latency_s"] / case["audio_s"])
        assert case["peak_rss_bytes"] > 10_000_000
        assert case["load_s"] > 0
        assert len(case["weights_sha256"]) == len(case["audio_sha256"]) == 64
    goforward = cases["goforward"]
    assert goforward["reference"] == "Go forward ten meters."
    assert goforward["hypothesis"] == "go forward ten meters"
    assert goforward["wer"] == 0.0
    assert goforward["cpu_percent"] > 0
    assert goforward["counts"] == {"hits": 4, "substitutions": 0, "deletions": 0, "insertions": 0}
    assert goforward["audio_s"] == pytest.approx(2.79, abs=0.01)
    assert cases["silence"]["wer"] is None

    environment, rows = project.record()
    assert environment["kind"] == "environment"
    assert {row["clip"]: row["hypothesis"] for row in rows} == {
        clip: case["hypothesis"] for clip, case in cases.items()
    }
    assert results["asrlab"]["environment"] == {key: value for key, value in environment.items() if key != "kind"}
    assert results["asrlab"]["models"]["pocketsphinx-en-us"]["status"] == "ready"
    assert results["asrlab"]["models"]["pocketsphinx-en-us"]["load_s"] == goforward["load_s"]
    result.stdout.fnmatch_lines(
        [
            "*= asrlab scorecard =*",
            "3 clips, * | cpu | *",
            "model * WER * CER *",
            "pocketsphinx-en-us         0.0% *  0.0% *",
        ]
    )


def test_every_number_of_one_inference(real):
    """pytest-benchmark's time is the latency of the observation: the case was not transcribed a second time."""
    entries = {entry["extra_info"]["asr"]["clip"]: entry for entry in real[0].json("results.json")["benchmarks"]}
    assert len(entries) == 3
    for entry in entries.values():
        assert entry["stats"]["rounds"] == 1
        assert json.dumps(entry["extra_info"], allow_nan=False)
    entry = entries["short-rms"]
    assert entry["stats"]["median"] == pytest.approx(entry["extra_info"]["asr"]["latency_s"], rel=0.05)
