"""A misspelled key is answered with a key of the same table."""

import json

import pytest
from pydantic import ValidationError

from asrlab_pytest.corpus.in_code import corpus_of
from asrlab_pytest.errors import ConfigError, CorpusError, ModelError
from asrlab_pytest.models.registry import Registry
from asrlab_pytest.settings import Settings, validated
from asrlab_pytest.validation import adapter_of, faults


def refused(read, table):
    with pytest.raises((ConfigError, CorpusError, ModelError)) as caught:
        read(table)
    return str(caught.value)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"corpora": {"c": {"path": "x", "colums": {}}}}, "'corpora.c.colums': unknown key (did you mean 'columns'?)"),
        ({"corpora": {"c": {"path": "x", "columns": {"audoi": "a"}}}}, "unknown key (did you mean 'audio'?)"),
        ({"gates": {"absolut": 0.1}}, "'gates.absolut': unknown key (did you mean 'absolute'?)"),
        ({"thresholds": {"were": 1}}, "'thresholds.were': unknown key (did you mean 'wer'?)"),
        ({"thresholds": {"WER": 1}}, "'thresholds.WER': unknown key (did you mean 'wer'?)"),
        ({"tts": {"thresholds": {"first_audio": 1}}}, "unknown key (did you mean 'first_audio_s'?)"),
        ({"known_failures": [{"modle": "a"}]}, "'known_failures.0.modle': unknown key (did you mean 'model'?)"),
        ({"gates": "strict"}, "key 'gates': input should be a table"),
        ({"models": ["kea"]}, "key 'models': input should be a table (did you mean 'model'?)"),
        ({"profiles": "fast"}, "key 'profiles': input should be a table (did you mean 'profile'?)"),
        ({"corpora": {"c": "x"}}, "key 'corpora.c': input should be a table"),
    ],
)
def test_settings(table, words):
    """A key of [tool.asrlab] is compared with those of its table, and a value in place of a table is called one."""
    assert words in refused(lambda table: validated(table, source="[tool.asrlab]"), table)


def test_models():
    """A threshold of a model is compared with the thresholds."""
    table = {"mine": {"engine": "openai-whisper", "weights": "base", "thresholds": {"were": 1}}}

    assert "'thresholds.were': unknown key (did you mean 'wer'?)" in refused(Registry, table)


def test_lines_of_manifests():
    """A threshold of a clip is compared with the thresholds, and not with the keys of a line."""
    clip = {"audio": "a.wav", "text": "a", "thresholds": {"were": 1}, "review": {"decison": "drop"}}
    message = refused(lambda clip: corpus_of([clip], name="mine", folder="."), clip)

    assert "'thresholds.were': unknown key (did you mean 'wer'?)" in message
    assert "'review.decison': unknown key (did you mean 'decision'?)" in message


def test_a_place_that_no_class_describes():
    """If the class at a key's path is unknown, the names that the caller passes are suggested."""
    with pytest.raises(ValidationError) as caught:
        adapter_of(Settings).validate_json(json.dumps({"gates": {"absolut": 1}}))

    assert (
        faults(caught.value, known=("absolutely",)) == "key 'gates.absolut': unknown key (did you mean 'absolutely'?)"
    )
