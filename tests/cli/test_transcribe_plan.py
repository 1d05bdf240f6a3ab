"""Which clips ``asrlab transcribe`` plans for each model."""

from asrlab_pytest.cli import main
from asrlab_pytest.corpus.large_manifest import LargeManifest


def test_a_large_manifest_is_read_once_for_all_models(project, monkeypatch):
    """Each model is to transcribe the clips that it is meant for, and further models do not read the manifest again."""
    german = '[tool.asrlab.models.kea]\nengine = "parrot"\nweights = "here"\nlanguages = ["de"]\n'
    project.configure('model = ["polly", "kea", "lory"]\n', models=("polly", "lory"), tables=german)
    project.clip("one", "hello there")
    project.clip("zwei", "guten tag", language="de")
    monkeypatch.chdir(project.path)
    monkeypatch.setattr("asrlab_pytest.suite.workload.LARGE", 0)
    reads, clips = [], LargeManifest.clips
    monkeypatch.setattr(LargeManifest, "clips", lambda *given: reads.append(given) or clips(*given))

    assert main(["transcribe", "-o", "run.jsonl"]) == 0

    first, _ = project.record("run.jsonl")
    assert first["plan"] == {"polly": ["one", "zwei"], "kea": ["zwei"], "lory": ["one", "zwei"]}
    # For the clips that stand for all, for the plan, and for each model's transcripts.
    assert len(reads) == 1 + 1 + 3
