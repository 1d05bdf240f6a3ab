"""Clips in languages that the weights of a Whisper model do not know."""

import numpy as np
import pytest

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.spec import ModelSpec

ENGINES = ("openai-whisper", "faster-whisper")


def spec(adapter, weights, **keys):
    return ModelSpec(id="mine", engine=adapter, weights=str(weights), **keys)


@pytest.mark.parametrize("adapter", ENGINES)
@pytest.mark.parametrize(
    ("weights", "known", "unknown"),
    [
        ("base", ("en-GB", "de", "nb", "jv", "fil", "zh-Hant"), ("zu", "ga", "yue")),
        ("turbo", ("de", "yue"), ("zu",)),
        ("tiny.en", ("en", "en-US"), ("de", "yue")),
    ],
)
def test_known_languages(adapter, weights, known, unknown):
    """The languages of Whisper are those of its package; weights named .en know English, and large-v3's Cantonese."""
    knows = {code: engine(adapter).knows_language(spec(adapter, weights), code) for code in (*known, *unknown)}

    assert knows == dict.fromkeys(known, True) | dict.fromkeys(unknown, False)


@pytest.mark.parametrize("adapter", ENGINES)
def test_english_only_folder(tiny_en, adapter):
    """Weights of a folder are known for English-only by their vocabulary, whatever the folder is called."""
    assert engine(adapter).knows_language(spec(adapter, tiny_en), "en")
    assert not engine(adapter).knows_language(spec(adapter, tiny_en), "de")


@pytest.mark.parametrize("adapter", ENGINES)
def test_loaded_english_only_weights(tiny_en, adapter):
    """Loaded weights of English alone refuse another language, which the packages would decode in English."""
    recognizer = engine(adapter).load(spec(adapter, tiny_en), "cpu")

    with pytest.raises(ModelError, match="mine: its weights know English alone, and it was asked for German"):
        recognizer.transcribe(np.zeros(16000, dtype=np.float32), "de")
    recognizer.close()


def configure(project, tiny_en, **keys):
    """A project with clips in English, German and Zulu, and a model of weights that know English alone."""
    stated = "".join(f"{key} = {value}\n" for key, value in keys.items())
    table = f'[tool.asrlab.models.ours]\nengine = "faster-whisper"\nweights = "{tiny_en}"\n{stated}'
    project.configure(models=(), toml='model = ["ours"]', tables=table)
    for name, language in (("one", "en"), ("zwei", "de"), ("kathathu", "zu")):
        project.clip(name, name)
        project.line(id=f"{name}-again", audio=f"{name}.wav", text=name, language=language)
    project.write(test_mine="def test_mine(asr_case):\n    pass\n")


@pytest.mark.parametrize(
    ("keys", "words", "hint"),
    [
        pytest.param(
            {},
            "clip zwei-again is in German (de), which its weights do not support, and 1 more like it",
            '*languages = [[]"en"] in [[]tool.asrlab.models.ours[]], or choose a model that supports it*',
            id="clips",
        ),
        pytest.param(
            {"language": '"zu"'},
            "its language is Zulu (zu), which its weights do not support",
            "*correct language in [[]tool.asrlab.models.ours[]]*",
            id="table",
        ),
    ],
)
def test_unknown_language_ends_the_run(project, tiny_en, keys, words, hint):
    """Clips in a language that a model does not know end the run before it is loaded, with what to choose instead."""
    configure(project, tiny_en, **keys)

    result = project.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: model ours: {words}", hint])


def test_clips_that_are_narrowed_to_known_languages(project, tiny_en):
    """A model whose table states the languages that it knows runs on the clips in these."""
    configure(project, tiny_en, languages='["en"]')

    assert project.run("--collect-only").ret == 0


@pytest.mark.parametrize(("name", "other"), [("whisper-small.en", "whisper-small"), ("ours", "small.pt")])
def test_english_only_weights_asked_for_by_name(project, name, other):
    """Weights named .en without a clip in English are an error that names clip, language and what to choose."""
    project.configure()
    project.line(id="zwei", audio="zwei.wav", text="zwei", language="de")
    project.write(test_mine="def test_mine(asr_case):\n    pass\n")
    weights = project.path / "small.en.pt"
    weights.write_bytes(b"\x80weights")
    table = f'\n[tool.asrlab.models."{name}"]\nengine = "openai-whisper"\nweights = "{weights.name}"\n'
    with (project.path / "pyproject.toml").open("a") as toml:
        toml.write(table)

    result = project.run("--asr-model", name)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            f"ERROR: model {name}: its weights * support only English, and clip zwei is in German (de), as *",
            f"*choose multilingual weights, such as {other}, or clips in English*",
        ]
    )
