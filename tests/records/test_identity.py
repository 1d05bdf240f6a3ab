"""What a baseline states of the models that wrote it, and what of them a gate calls changed."""

import json

import pytest

from asrlab_pytest.cli.compare import compare
from asrlab_pytest.records.baseline import by_model, read_baseline, write_baseline
from asrlab_pytest.records.identity import identities_of, identity_changes
from asrlab_pytest.records.reading import RecordError
from asrlab_pytest.settings import Settings
from stored_runs import environment, environment_of, observed, write

GREEDY = {"beam_size": 1, "vad": False, "threads": 2}
OPTIONS = {"repeat": False, "prompt": "Hm."}
OTHER = "f" * 64


def rows(*clips, **keys):
    own = {"decoding": GREEDY, "settings": OPTIONS, "configuration": "e" * 64, **keys}
    return [observed(clip=clip, **own) for clip in clips or ("c0", "c1", "c2", "c3")]


def changes(then, now, **keys):
    return identity_changes(identities_of(then), identities_of(now), "clip", **keys)


def baseline(path, observations):
    write_baseline(path, environment_of(), by_model(observations), models={"polly": identities_of(observations)})
    return path


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, []),
        ({"weights_sha256": "1" * 64}, ["weights 00000000 -> 11111111"]),
        ({"engine_version": "0.2"}, ["engine parrot 0.1 -> parrot 0.2"]),
        ({"engine_version": ""}, []),
        ({"engine": "kea", "engine_version": ""}, ["engine parrot 0.1 -> kea"]),
        ({"device": "cuda", "compute_type": "float16"}, ["device cpu -> cuda", "compute_type squawk8 -> float16"]),
        ({"decoding": {**GREEDY, "beam_size": 5}}, ["beam_size 1 -> 5"]),
        ({"decoding": {**GREEDY, "threads": 64}}, []),
        ({"weights_sha256": None, "decoding": None}, ["weights 00000000 -> not identified"]),
        ({"weights_sha256": None, "weights_revision": "main"}, []),
        ({"configuration": None, "settings": {"repeat": True}}, []),
        ({"settings": {**OPTIONS, "n_threads": 64}}, []),
        ({"configuration": OTHER, "settings": {"repeat": True}}, ["prompt Hm. -> not set", "repeat False -> True"]),
        ({"configuration": OTHER, "settings": {**OPTIONS, "prompt": "Hm. " * 20}}, ["another prompt"]),
        ({"configuration": OTHER, "settings": {**OPTIONS, "program": "/opt/b"}}, ["options or engine code changed"]),
        ({"configuration": OTHER, "settings": {**OPTIONS, "prompt": ""}}, ['prompt Hm. -> ""']),
        ({"configuration": OTHER, "decoding": {**GREEDY, "vad": True}}, ["vad False -> True"]),
    ],
)
def test_what_changed(keys, expected):
    """Other weights, engine, device, decoding or options are changes; other threads and an unknown version are none."""
    assert changes(rows(), rows(**keys)) == expected


def test_voices_of_a_program():
    """What is identified by a name, such as the voice of a program, is named whole where it changed."""
    then, now = (rows(weights_sha256=None, weights_revision=f"flite 2.2, voice {voice}") for voice in ("slt", "rms"))

    assert changes(then, now) == ["weights flite 2.2, voice slt -> flite 2.2, voice rms"]


def test_options_in_a_baseline(tmp_path):
    """A baseline keeps the options of a model, but not what differs between machines, and a gate names the changed."""
    then = baseline(tmp_path / "base", rows(settings={**OPTIONS, "n_threads": 8, "program": "/opt/a"}))
    now = rows(configuration=OTHER, settings={**OPTIONS, "repeat": True, "n_threads": 4, "program": "/opt/b"})
    head = write(tmp_path / "head", environment(), *(one.as_json() for one in now))

    stated = json.loads(then.read_text().splitlines()[0])["models"]["polly"]
    assert stated["settings"] == OPTIONS
    assert compare(then, head, Settings()).results[0].changes == ("repeat False -> True",)


def test_weights_that_were_not_identified():
    """Weights that only the later side identifies are not a change: earlier records identify fewer."""
    assert changes(rows(weights_sha256=None), rows()) == []
    then = rows(weights_sha256=None, weights_revision="0123456789")
    assert changes(then, rows(weights_sha256=None)) == ["weights 01234567 -> not identified"]


def test_in_some_clips():
    """A change that is not one of every clip that both have says of how many it is."""
    now = [*rows("c0", device="mps"), *rows("c1", "c2"), *rows("new", device="cuda")]

    assert changes(rows(), now) == ["device cpu -> mps (in 1 of 3 clips)"]


def test_another_model(tmp_path):
    """Of a model that is compared with another one, engine and weights are no change, and the device is."""
    then = baseline(tmp_path / "base", rows())
    other = {"engine": "kea", "engine_version": "9", "weights_sha256": "1" * 64, "device": "cuda"}
    now = write(tmp_path / "head", environment(), *(one.as_json() for one in rows(model="lora", **other)))

    (gate,) = compare(then, now, Settings(baseline_model=("lora=polly",))).results

    assert gate.changes == ("device cpu -> cuda",)


def test_a_baseline_of_two_versions(tmp_path):
    """A text that is kept from an older baseline keeps what wrote it, stated once, and a gate counts the clips."""
    path = baseline(tmp_path / "base", [*rows(), *rows("c9", weights_sha256="2" * 64)])
    head = [*rows(weights_sha256="2" * 64), *rows("c9", weights_sha256="2" * 64)]
    now = write(tmp_path / "head", environment(), *(one.as_json() for one in head))

    stated = json.loads(path.read_text().splitlines()[0])["models"]["polly"]
    assert (stated["weights_sha256"], stated["decoding"]) == ("0" * 64, {"beam_size": 1, "vad": False})
    assert [(one["clips"], one["weights_sha256"]) for one in stated["others"]] == [(["c9"], "2" * 64)]
    again = read_baseline(path)
    write_baseline(tmp_path / "again", environment_of(), again.texts, models=again.models)
    assert (tmp_path / "again").read_bytes() == path.read_bytes()
    (gate,) = compare(path, now, Settings()).results
    assert gate.changes == ("weights 00000000 -> 22222222 (in 4 of 5 clips)",)
    assert compare(now, path, Settings()).results[0].changes == ("weights 22222222 -> 00000000 (in 4 of 5 clips)",)


@pytest.mark.parametrize(
    "models", [[], {"polly": []}, {"polly": {"device": 1}}, {"polly": {"others": [{"clips": "c0"}]}}]
)
def test_a_damaged_head(tmp_path, models):
    """A first line that states no such models is refused with the line, and one without them names no change."""
    path = baseline(tmp_path / "base", rows())
    head, *lines = path.read_text().splitlines()
    first = json.loads(head)
    path.write_text("\n".join([json.dumps({**first, "models": models}), *lines]) + "\n")
    with pytest.raises(RecordError, match="line 1: key 'models"):
        read_baseline(path)

    del first["models"]
    path.write_text("\n".join([json.dumps(first), *lines]) + "\n")
    assert read_baseline(path).models == {}
