"""Faults planted in a good corpus, as `benchmarks/audit.py` plants them: each is found, alone and among the others."""

import importlib.util
import random
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from asrlab_pytest.audit.auditing import audit
from asrlab_pytest.corpus.open import open_corpus
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.inference.witness import Hearing
from asrlab_pytest.scoring.rows import Rules

ROOT = Path(__file__).parents[2]
SEEDS = (0, 1)


@pytest.fixture(scope="module")
def benchmark_module():
    spec = importlib.util.spec_from_file_location("audit_benchmark", ROOT / "benchmarks" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit_benchmark"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["audit_benchmark"]


@pytest.fixture(scope="module", params=SEEDS)
def planted(request, benchmark_module, tmp_path_factory):
    """The fixtures' corpus with one fault of each kind, and what a model with few errors hears."""
    corpus = open_corpus("fixtures/audio", {}, ROOT)
    made = benchmark_module.Planted(corpus, tmp_path_factory.mktemp("planted"), random.Random(request.param))
    # Some sentences of the fixtures are in two clips: the half of one is then the other's, whole.
    expected = {**benchmark_module.EXPECTED, "half the text": {"partial", "speaking-rate", "swapped"}}
    return corpus, made, made.rows(0.05), expected


def checks_of(corpus, clips, rows):
    found = audit(replace(corpus, samples=tuple(clips)), tuple(clips), Rules(), rows)
    checks = {clip: {one.check for one in findings} for clip, findings in found.by_clip.items()}
    return checks, found.errors | found.suspects


def test_mixed(planted):
    """All faults at once are found, each for what it is, and no good clip is accused."""
    corpus, made, rows, expected = planted

    found, accused = checks_of(corpus, made.clips.values(), rows)

    missed = {
        (kind, clip) for kind, ids in made.faults.items() for clip in ids if not found.get(clip, set()) & expected[kind]
    }
    bad = set().union(*made.faults.values())
    assert missed == set()
    assert accused <= bad


@pytest.mark.parametrize("planted", SEEDS[:1], indirect=True)
def test_alone(planted):
    """Each fault is found where it is the only one, and nothing else is."""
    corpus, made, rows, expected = planted
    good = {clip.id: replace(clip, sha256=None, pcm_sha256=None, duration=None) for clip in corpus.samples}
    for kind, ids in made.faults.items():
        clips = {**good, **{clip: made.clips[clip] for clip in ids}}
        heard = [
            replace(row, hypothesis=corpus.by_id[row.clip].text) if row.clip not in ids else row
            for row in rows
            if row.clip in clips
        ]

        found, accused = checks_of(corpus, clips.values(), heard)

        assert all(found.get(clip, set()) & expected[kind] for clip in ids), kind
        assert accused <= ids, kind


def test_too_few_clips(benchmark_module, tmp_path):
    """A corpus too small for a fault of each kind is refused; parts and channels of files get no fault."""
    corpus = open_corpus("fixtures/audio", {}, ROOT)
    calls = replace(corpus, samples=tuple(replace(clip, channel=1) for clip in corpus.samples))

    with pytest.raises(CorpusError, match="too few clips for a fault of each kind"):
        benchmark_module.Planted(calls, tmp_path, random.Random(0))


def test_what_a_model_hears_of_one_file(benchmark_module, monkeypatch):
    """Two channels of one file are two sounds: a model's text for one is not taken for the other's."""
    clip = open_corpus("fixtures/audio", {}, ROOT).samples[0]
    calls = [replace(clip, id=f"call-{channel}", channel=channel) for channel in (1, 2)]

    def heard(spec, clips, conditions, **_):
        return Hearing([benchmark_module._simulated(each.id, each.id) for each in clips], None)

    monkeypatch.setattr(benchmark_module, "hear", heard)
    monkeypatch.setattr(benchmark_module, "witnesses", lambda *_: [SimpleNamespace(id="kea")])

    rows = benchmark_module.Listeners(["kea"]).rows(calls, ["kea"])

    assert [(row.clip, row.hypothesis) for row in rows] == [("call-1", "call-1"), ("call-2", "call-2")]
