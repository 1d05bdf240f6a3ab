"""A table as settings, and each mistake in it as a sentence."""

import pytest

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.settings import KnownFailure, Settings, validated


def refusal(table):
    with pytest.raises(ConfigError) as caught:
        validated(table, source="pyproject.toml: [tool.asrlab]")
    return str(caught.value)


def test_an_empty_table():
    """An empty table is the defaults."""
    assert validated({}, source="") == Settings()


def test_every_kind_of_value():
    """Lists, numbers, tables and lists of tables arrive as they were written."""
    settings = validated(
        {
            "model": ["a", "b-*"],
            "rounds": 3,
            "require_device": True,
            "thresholds": {"wer": 0.5, "hallucinated_words": 2},
            "models": {"a": {"engine": "parrot", "weights": "w"}},
            "known_failures": [{"model": "a", "clip": "noise-*", "reason": "too loud"}],
        },
        source="",
    )

    assert settings.model == ("a", "b-*")
    assert (settings.rounds, settings.require_device) == (3, True)
    assert (settings.thresholds.wer, settings.thresholds.hallucinated_words) == (0.5, 2)
    assert settings.models == {"a": {"engine": "parrot", "weights": "w"}}
    assert settings.known_failures == (KnownFailure(model="a", clip="noise-*", reason="too loud"),)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"modle": []}, ["'modle'", "unknown key", "did you mean 'model'?"]),
        ({"zzz": 1}, ["'zzz': unknown key"]),
        ({"model": "whisper-base"}, ["'model'", "array"]),
        ({"model": [1]}, ["'model.0'", "string"]),
        ({"corpus": 3}, ["'corpus'", "string"]),
        ({"device": "tpu"}, ["'device'", "'auto', 'mps', 'cuda' or 'cpu'"]),
        ({"rounds": "3"}, ["'rounds'", "integer"]),
        ({"rounds": 2.5}, ["'rounds'", "integer"]),
        ({"rounds": 0}, ["rounds must be 1 or more, not 0"]),
        ({"warmup": -1}, ["warmup must be 0 or more, not -1"]),
        ({"require_device": "yes"}, ["'require_device'", "boolean"]),
        ({"missing": "ignore"}, ["'missing'", "'skip' or 'error'"]),
        ({"download": "always"}, ["'download'", "'auto' or 'never'"]),
        ({"thresholds": {"were": 1}}, ["'thresholds.were'", "unknown key"]),
        ({"thresholds": {"wer": -0.1}}, ["'thresholds'", "wer must be a number from 0 up, not -0.1"]),
        ({"gates": {"absolute": 30.0}}, ["absolute 30 is 3000 points of an error rate: 0.01 is one"]),
        ({"timeout": 1e7}, ["timeout must be a number of seconds from 0 (no limit) to 100,000, not 10000000.0"]),
        ({"record": "\0x"}, ["key 'record': a null character"]),
        ({"models": {"m": {"engine": "parrot", "weights": "./\0"}}}, ["key 'weights': a null character"]),
        ({"clip": ["a", "b\0"]}, ["key 'clip': a null character"]),
        ({"gates": {"relative": 10.0}}, ["relative 10 is 1000 % of the baseline's error rate: 0.1 is 10 %"]),
        ({"gates": {"cer_rise": 50.0}}, ["cer_rise 50 is 5000 % of a clip's reference: 0.1 is 10 %"]),
        ({"gates": {"speed": 10.0}}, ["speed 10 is 1000 % of the baseline's ratio: 0.1 is 10 %"]),
        ({"thresholds": {"wer": float("nan")}}, ["wer must be a number from 0 up, not nan"]),
        ({"corpus_thresholds": {"cer": "low"}}, ["'corpus_thresholds.cer'", "a valid number"]),
        ({"thresholds": {"wer": "50%"}}, ["'thresholds.wer'", "a valid number: write 0.5"]),
        ({"rounds": " 3 "}, ["'rounds'", "a valid integer: write 3"]),
        ({"known_failures": [{"model": "a"}]}, ["'known_failures.0.clip': missing key", "'known_failures.0.reason'"]),
        ({"known_failures": {"model": "a"}}, ["'known_failures'", "array"]),
        ({"models": {"a": 3}}, ["'models.a'", "table"]),
        (3, ["table"]),
    ],
    ids=str,
)
def test_a_mistake_is_one_sentence(table, words):
    """A wrong key, type or range is named in one line, with where it stands."""
    message = refusal(table)

    assert message.startswith("pyproject.toml: [tool.asrlab]: ")
    assert "\n" not in message
    assert [word for word in words if word not in message] == []


def test_every_mistake_at_once():
    """Two mistakes are both named."""
    assert refusal({"zzz": 1, "rounds": "3"}).count("key '") == 2


@pytest.mark.parametrize(
    ("model", "clip", "covered"),
    [("a", "noise-5", True), ("b", "noise-5", False), ("a", "quiet", False), ("A", "noise-5", False)],
)
def test_known_failures_by_glob(model, clip, covered):
    """A known failure covers the pairs that its model and clip patterns name, in their case."""
    known = KnownFailure(model="a", clip="noise-*", reason="too loud")

    assert (Settings(known_failures=(known,)).known_failure(model, clip) is known) == covered


def test_a_mistyped_metric():
    """A threshold of no metric is refused with the metric that was meant, and a known metric is never offered."""
    with pytest.raises(ConfigError, match=r"'thresholds.were': unknown key \(did you mean 'wer'\?\)"):
        validated({"thresholds": {"were": 0.3}}, source="pyproject.toml")
