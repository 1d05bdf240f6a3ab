"""What of a model is not as it was in the baseline is named beside the verdict, and changes none."""

import json

import pytest

from asrlab_pytest.gates.accuracy import AccuracyTerms, judge_models
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.pairing import pair
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.store.baseline import by_model, read_baseline, write_baseline
from asrlab_pytest.store.reading import RecordError
from stored_runs import environment, row

GREEDY = {"beam_size": 1, "vad": False, "threads": 2}


def rows(count=4, **keys):
    return {f"c{number}": row(clip=f"c{number}", **{"decoding": GREEDY, **keys}) for number in range(count)}


def result(before, now, against="polly"):
    found = pair("polly", against, now.values(), before, Rules())
    return judge_models([found], AccuracyTerms())["polly"]


@pytest.mark.parametrize(
    ("keys", "remark"),
    [
        ({}, ()),
        ({"weights_sha256": "1" * 64}, ("weights 000000000000, now 111111111111",)),
        ({"engine_version": "0.2"}, ("version of the engine 0.1, now 0.2",)),
        (
            {"device": "cuda", "compute_type": "float16", "profile": "library"},
            ("device cpu, now cuda; compute type squawk8, now float16; decoding profile fair, now library",),
        ),
        ({"decoding": {"beam_size": 5, "vad": False, "threads": 64}}, ("beam_size 1, now 5",)),
        ({"weights_sha256": None, "engine_version": None, "decoding": None}, ()),
    ],
)
def test_what_changed(keys, remark):
    """Other weights, another engine, device or decoding are named; what a side does not state is no change."""
    found = result(rows(), rows(**keys))

    assert found.outcome is Outcome.PASS
    assert found.remarks == tuple(f"not as in the baseline: {one}" for one in remark)


def test_on_some_clips():
    """A change on a part of the clips says on how many."""
    assert result(rows(), {**rows(), **rows(1, device="mps")}).remarks == (
        "not as in the baseline: device cpu, now mps (on 1 of 4 clips)",
    )


def test_another_model():
    """Of a model that is compared with another one, engine and weights are no change, and the device is."""
    now = rows(engine="kea", engine_version="9", weights_sha256="1" * 64, decoding=None, device="cuda")

    assert result(rows(), now, against="old").remarks == ("not as in the baseline: device cpu, now cuda",)


def test_clips_in_quarantine():
    """A clip in quarantine is not compared, and is named."""
    found = result(rows(), {**rows(), **rows(1, quarantined=True)})

    assert found.findings[0].sentence == "WER is the same on all 3 clips: 0.0%."
    assert found.remarks == ("1 clip in quarantine, not compared: c0",)


def test_a_baseline_knows_what_made_it(tmp_path):
    """A baseline states what made the texts of each model, once where it is the same, and the gate reads it there."""
    path = tmp_path / "baseline.jsonl"
    texts = [*rows().values(), row(clip="c9", weights_sha256="2" * 64)]
    write_baseline(path, environment(), by_model(texts))

    head, *lines = map(json.loads, path.read_text().splitlines())
    common, other = head["models"]["polly"]
    assert (common["weights_sha256"], common["decoding"]) == ("0" * 64, {"beam_size": 1, "vad": False})
    assert (other["clips"], other["weights_sha256"]) == (["c9"], "2" * 64)
    assert not any("weights_sha256" in line for line in lines)
    again = tmp_path / "again.jsonl"
    write_baseline(again, environment(), read_baseline(path).texts)
    assert again.read_bytes() == path.read_bytes()
    before = read_baseline(path).texts["polly"]
    now = {**rows(weights_sha256="1" * 64), "c9": row(clip="c9", weights_sha256="2" * 64)}
    assert result(before, now).remarks == (
        "not as in the baseline: weights 000000000000, now 111111111111 (on 4 of 5 clips)",
    )


def test_a_baseline_of_an_older_version(tmp_path):
    """A baseline that does not state what made it is compared, and nothing is called a change."""
    path = tmp_path / "baseline.jsonl"
    write_baseline(path, environment(), by_model(rows().values()))
    head, *lines = path.read_text().splitlines()
    older = {key: value for key, value in json.loads(head).items() if key != "models"}
    path.write_text("\n".join([json.dumps(older), *lines]) + "\n")

    assert result(read_baseline(path).texts["polly"], rows(device="cuda")).remarks == ()


@pytest.mark.parametrize("models", [[], {"polly": {}}, {"polly": [{"device": 1}]}, {"polly": [{"clips": "c0"}]}])
def test_a_damaged_head(tmp_path, models):
    """A first line whose models are no such lists is refused with the line."""
    path = tmp_path / "baseline.jsonl"
    write_baseline(path, environment(), by_model(rows().values()))
    head, *lines = path.read_text().splitlines()
    path.write_text("\n".join([json.dumps({**json.loads(head), "models": models}), *lines]) + "\n")

    with pytest.raises(RecordError, match="line 1: key 'models'"):
        read_baseline(path)
