"""The engines that the tests' environment lacks, on real weights and recordings of people; `.ci/engines` runs them."""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from asrlab_pytest import score
from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.engines import ModelError
from asrlab_pytest.inference.boundary import loaded_by_engine
from asrlab_pytest.inference.loading import RunConditions, load, recognizer_maker
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.status import model_status
from asrlab_pytest.options import project_table
from asrlab_pytest.settings import validated
from asrlab_pytest.suite.suite import registry_of

FOLDER = os.environ.get("ASRLAB_TEST_PROJECT")
"""The project that `tools/engine_weights.py` makes."""
pytestmark = pytest.mark.skipif(FOLDER is None, reason="run .ci/engines, which makes the weights")
MODELS = {"onnx-base": 8, "sherpa-tiny.en": 13, "cpp-tiny.en": 11}
"""Wrong words over the recordings of people, of 98, with room for five more."""
OPEN = []
CLIPS = tuple(
    clip
    for clip in read_manifest(Path(__file__).parents[2] / "fixtures/audio").samples
    if "human" in clip.tags and clip.id != "joined"
)


def spec_of(name):
    table, root = project_table(Path(str(FOLDER)))
    return registry_of(validated(table, source="pyproject.toml"), root)[name]


@cache
def loaded(name):
    OPEN.append(loaded_by_engine(spec_of(name), "cpu")[0])
    return OPEN[-1]


@pytest.fixture(scope="module", autouse=True)
def _closed():
    yield
    while OPEN:
        OPEN.pop().close()


@cache
def texts(name):
    return [loaded(name).transcribe(load_audio(clip).samples, "en").text for clip in CLIPS]


@pytest.mark.parametrize("name", MODELS)
def test_the_text_of_recordings(name):
    """An engine writes what people say, clips of about a second included."""
    assert model_status(spec_of(name), "cpu").is_ready
    assert all(texts(name))
    scores = [score(clip.text, text, "en") for clip, text in zip(CLIPS, texts(name), strict=True)]
    assert sum(each.words.errors for each in scores) <= MODELS[name]


@pytest.mark.parametrize("name", MODELS)
def test_a_batch_of_one_is_the_single_call(name):
    """A batch of one clip gives the text of that clip by itself."""
    batch = loaded(name).transcribe_batch([load_audio(CLIPS[0]).samples], "en")

    assert [transcript.text for transcript in batch] == texts(name)[:1]


@pytest.mark.parametrize("name", MODELS)
def test_a_batch(name):
    """A batch has a text for each of its clips, in order."""
    clips = CLIPS[-3:]
    batch = loaded(name).transcribe_batch([load_audio(clip).samples for clip in clips], "en")

    assert [transcript.text.split()[0] for transcript in batch] == [text.split()[0] for text in texts(name)[-3:]]


@pytest.mark.parametrize("name", MODELS)
def test_how_it_ran(name):
    """The record has the device, the number format and the threads that were used."""
    recognizer = loaded(name)

    assert recognizer.device == "cpu"
    assert recognizer.compute_type == engine(spec_of(name).engine).resolve_compute_type(spec_of(name), "cpu")
    assert recognizer.decoding["beam_size"] == 1
    assert name != "onnx-base" or recognizer.settings["providers"] == ["CPUExecutionProvider"]


@pytest.mark.parametrize("name", MODELS)
def test_silence(name):
    """Digital silence is not an error."""
    assert isinstance(loaded(name).transcribe(np.zeros(16_000, np.float32), "en").text, str)


def damaged(name, folder):
    """Weights of a model of which every large file is cut off in the middle."""
    weights = Path(spec_of(name).weights)
    for file in weights.iterdir() if weights.is_dir() else [weights]:
        content = file.read_bytes()
        (folder / file.name).write_bytes(content[: len(content) // 2] if len(content) > 10_000_000 else content)
    return folder if weights.is_dir() else folder / weights.name


@pytest.mark.parametrize("name", MODELS)
def test_damaged_weights(name, tmp_path):
    """Weights that are cut off are an error in a sentence, and the process goes on."""
    spec = replace(spec_of(name), weights=str(damaged(name, tmp_path)))
    conditions = RunConditions(corpus="test", warmup=0)
    with pytest.raises(ModelError, match=f"model {name}: {spec.engine} does not load") as caught:
        load(spec, conditions, recognizer_maker(spec, conditions, load_audio(CLIPS[0]), "en"))

    assert "[tool.asrlab.models." in caught.value.hint


def test_vosk_writes_korean():
    """The Korean model of a wheel loads, and writes Hangul with the time of each word."""
    recognizer = loaded("vosk-ko")
    transcript = recognizer.transcribe(load_audio(CLIPS[-1]).samples, "ko")
    words = [word for segment in transcript.segments for word in segment.words]

    assert any("가" <= letter <= "힣" for letter in transcript.text)
    assert [word.start for word in words] == sorted(word.start for word in words)
