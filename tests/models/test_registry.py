"""The table of models."""

from dataclasses import replace

import pytest

from asrlab_pytest.errors import ConfigError, ModelError
from asrlab_pytest.models.registry import DEFAULT_MODELS, Registry
from asrlab_pytest.suite.recording import recorded_tables
from stored_runs import observed


def refusal(tables, **keys):
    """The one sentence with which a table is refused."""
    with pytest.raises(ConfigError) as caught:
        Registry(tables, **keys)
    assert "\n" not in caught.value.problem
    return caught.value.problem


def test_default_models():
    """Every model of the default set is in the catalog."""
    assert [Registry()[name].id for name in DEFAULT_MODELS] == list(DEFAULT_MODELS)


def test_every_size_of_whisper():
    """The catalog has the well-known sizes of Whisper for both engines, with equal weights' names."""
    english = ("tiny.en", "base.en", "small.en", "medium.en")
    sizes = ("tiny", "base", "small", "medium", "large-v3", "turbo", *english)
    registry = Registry()

    assert [registry[f"whisper-{size}"].weights for size in sizes] == list(sizes)
    assert [registry[f"faster-whisper-{size}"].weights for size in sizes] == list(sizes)
    assert {spec.languages for spec in registry if spec.weights.endswith(".en")} == {("en",)}
    assert all(spec.revision for spec in registry if spec.engine == "faster-whisper")


@pytest.mark.parametrize(
    ("languages", "language", "is_for"),
    [
        ([], "de", True),
        (["en"], None, True),
        (["en"], "en", True),
        (["en"], "en-GB", True),
        (["en"], "EN_gb", True),
        (["en"], "de", False),
        (["pt-BR"], "pt-BR", True),
        (["pt-BR"], "pt", False),
    ],
)
def test_languages(languages, language, is_for):
    """A model is for the languages that it names, for those that are narrower, and for what states none."""
    spec = Registry({"polly": {"engine": "parrot", "weights": "here", "languages": languages}})["polly"]

    assert spec.is_for_language(language) is is_for


def test_unknown_id():
    """An unknown id is answered with the ids that look like it."""
    with pytest.raises(ModelError, match=r"no model 'whisper-bas'; did you mean whisper-base or .*\?"):
        Registry()["whisper-bas"]


def test_an_id_in_other_letters():
    """An id that differs in upper and lower case only is answered with the id, before longer ones that look like it."""
    own = Registry({"a": {"engine": "parrot", "weights": "here"}})

    with pytest.raises(ModelError, match=r"no model 'A'; did you mean a\?"):
        own["A"]


def test_id_like_no_other():
    """An id that looks like none is answered with some that are known, those of the project first."""
    own = Registry({"polly": {"engine": "parrot", "weights": "here"}})

    for name in ("zzz", "n"):
        with pytest.raises(ModelError, match=rf"^no model '{name}'; known: polly, pocketsphinx-en-us, .* and \d+ more"):
            own[name]


@pytest.mark.parametrize("name", ["pocket", "Pocket", "pocket-*"])
def test_a_part_of_an_id(name):
    """A part of an id, in upper or lower case or in a glob that matches nothing, is answered with the id."""
    with pytest.raises(ModelError, match="; did you mean pocketsphinx-en-us"):
        Registry().select((name,))


def test_glob_without_match():
    """A glob that matches nothing is an error, not an empty run."""
    with pytest.raises(ModelError, match=r"no model matches 'kaldi-\*'"):
        Registry().select(("kaldi-*",))


def test_select():
    """Ids and globs give each model once, in the order in which they were asked for."""
    chosen = Registry().select(("whisper-turbo", "whisper-t*", "pocketsphinx-en-us"))

    ids = ["whisper-turbo", "whisper-tiny", "whisper-tiny.en", "pocketsphinx-en-us"]
    assert [spec.id for spec in chosen] == ids


def test_user_table_overrides():
    """A table of the project changes the keys that it has and leaves the catalog's others."""
    spec = Registry({"whisper-base": {"compute_type": "float16", "options": {"threads": 2}}})["whisper-base"]

    assert (spec.engine, spec.weights, spec.compute_type) == ("openai-whisper", "base", "float16")
    assert spec.options == {"threads": 2}
    assert Registry({"whisper-base": {"weights": "small"}})["whisper-base"].weights == "small"


def test_user_table_adds():
    """A table with engine and weights adds a model after those of the catalog."""
    registry = Registry({"mine": {"engine": "openai-whisper", "weights": "base", "languages": ["de"]}})

    assert [spec.id for spec in registry][-1] == "mine"
    assert registry["mine"].languages == ("de",)


def test_unknown_key():
    """A key that does not exist is named, with the one it looks like."""
    assert refusal({"whisper-base": {"compute_typ": "int8"}}) == (
        "[tool.asrlab.models.whisper-base]: key 'compute_typ': unknown key (did you mean 'compute_type'?)"
    )


def test_wrong_type():
    """A value of the wrong type is named with its key."""
    problem = refusal({"whisper-base": {"languages": "en"}})

    assert (
        problem == "[tool.asrlab.models.whisper-base]: key 'languages': input should be a valid array: write [\"en\"]"
    )


def test_missing_engine():
    """A new model without an engine is refused, and the key that lacks is named."""
    assert refusal({"mine": {"weights": "base"}}) == "[tool.asrlab.models.mine]: key 'engine': missing key"


def test_unknown_profile():
    """A decoding profile that is not defined is answered with those that are."""
    assert "no decoding profile 'fastest'" in refusal({"whisper-base": {"profile": "fastest"}})


@pytest.mark.parametrize("used", [{"profile": "careful"}, {}], ids=["used", "unused"])
@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"extends": "fair"}, "key 'extends': unknown key"),
        ({"beam_siz": 5}, "key 'beam_siz': unknown key (did you mean 'beam_size'?)"),
        ({"beam_size": 0}, "beam_size must be 1 or more, not 0"),
    ],
    ids=["unknown", "slip", "range"],
)
def test_wrong_profile(used, table, fault):
    """A mistake in a decoding profile is reported in the profile's own table, with the keys that it takes."""
    with pytest.raises(ConfigError) as caught:
        Registry(profiles={"careful": table}, **used)

    assert caught.value.problem == f"[tool.asrlab.profiles.careful]: {fault}"
    assert caught.value.hint.startswith("a profile takes beam_size, temperature, ")


@pytest.mark.parametrize("weights", ["models/own.pt", "./models/own.pt", "own.pt", "./folder", "answers.jsonl"])
def test_relative_path(tmp_path, weights):
    """A relative path of weights starts from the project's root, wherever pytest is called from."""
    spec = Registry({"mine": {"engine": "openai-whisper", "weights": weights}}, tmp_path)["mine"]

    assert spec.weights == str(tmp_path / weights)


def test_relative_paths_of_parts(tmp_path):
    """The weights of a model's parts start from the project's root as its own do; a size or a voice stays one."""
    parts = {
        "recognizer": {"engine": "openai-whisper", "weights": "models/own.pt"},
        "synthesizer": {"engine": "flite", "weights": "slt"},
        "unheard": "./once more",
    }
    spec = Registry({"mine": {"engine": "cascade", "weights": "a.jsonl", "options": parts}}, tmp_path)["mine"]

    recognizer = parts["recognizer"] | {"weights": str(tmp_path / "models/own.pt")}
    assert spec.options == parts | {"recognizer": recognizer}


def test_folder_that_is_there(tmp_path):
    """What looks like a hub id is a folder where the project has one of that name."""
    (tmp_path / "models" / "mine").mkdir(parents=True)
    tables = {name: {"engine": "faster-whisper", "weights": f"models/{name}"} for name in ("mine", "theirs")}
    registry = Registry(tables, tmp_path)

    assert registry["mine"].weights == str(tmp_path / "models" / "mine")
    assert registry["theirs"].weights == "models/theirs"


def test_size_is_no_path(tmp_path):
    """A size stays a size where the project has a folder of that name."""
    (tmp_path / "base").mkdir()

    assert Registry({}, tmp_path)["faster-whisper-base"].weights == "base"


SPEAKER = {"engine": "parrot", "weights": "here", "tasks": ["asr", "tts", "conversation"]}


def test_ids_of_tasks():
    """A model of several tasks is one line of the registry; its first task has its id, the others have it in theirs."""
    registry = Registry({"coco": SPEAKER, "kea": {**SPEAKER, "tasks": ["tts"]}})

    assert [spec.id for spec in registry][-2:] == ["coco", "kea"]
    found = {spec.id: (spec.task, spec.name) for spec in registry["coco"].by_task}
    assert found == {
        "coco": ("asr", "coco"),
        "coco:tts": ("tts", "coco"),
        "coco:conversation": ("conversation", "coco"),
    }
    assert registry["kea"].task == "tts"
    assert "kea:tts" not in registry
    assert registry["coco:tts"].weights == registry["coco"].weights


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (("coco",), ["coco", "coco:tts", "coco:conversation"]),
        (("coco:tts",), ["coco:tts"]),
        (("coco:conversation", "coco"), ["coco:conversation", "coco", "coco:tts"]),
        (("*:conversation",), ["coco:conversation", "kea:conversation"]),
        (("co*",), ["coco", "coco:tts", "coco:conversation"]),
        (("kea", "kea"), ["kea", "kea:conversation"]),
        (("coco:asr", "kea:tts"), ["coco", "kea"]),
        (("*:tts",), ["coco:tts", "kea"]),
    ],
)
def test_choosing_tasks(patterns, chosen):
    """An id chooses all tasks of its model, an id with a task that one, a glob both kinds, and none comes twice."""
    registry = Registry({"coco": SPEAKER, "kea": {**SPEAKER, "tasks": ["tts", "conversation"]}})

    assert [spec.id for spec in registry.select(patterns) if spec.name in ("coco", "kea")] == chosen


def test_a_glob_without_a_colon():
    """A glob without a colon is of models, and none is chosen by the name of its task."""
    with pytest.raises(ModelError, match=r"no model matches 'co\*n'"):
        Registry({"coco": SPEAKER}).select(("co*n",))


def test_a_task_that_a_model_does_not_have():
    """An id with a task that the model does not have is answered with the ids that look like it."""
    registry = Registry({"kea": {**SPEAKER, "tasks": ["asr", "tts"]}})

    with pytest.raises(ModelError, match=r"no model 'kea:ttss'; did you mean kea:tts"):
        registry.select(("kea:ttss",))
    with pytest.raises(ModelError, match=r"no model 'kea:conversation'"):
        registry.select(("kea:conversation",))


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"task": "tts"}, "[tool.asrlab.models.coco]: key 'task': not for tables"),
        ({"tasks": []}, "tasks is empty; choose from asr, tts, conversation"),
        ({"tasks": ["singing"]}, "[tool.asrlab.models.coco]: key 'tasks.0': "),
        ({"tasks": ["tts"], "thresholds": {"wer": 0.1}}, "write tts = { ... }"),
        ({"tasks": ["tts", "tts"]}, "tasks has one of them twice: tts, tts"),
        (
            {"tasks": ["tts"], "conversation": {"thresholds": {"wer": 0.1}}},
            "conversation has bounds, but is not one of its tasks: tts",
        ),
        (
            {"tasks": ["asr"], "tts": {"corpus_thresholds": {"wer": 0.1}}},
            "tts has bounds, but is not one of its tasks: asr",
        ),
        ({"tts": {"thresholds": {"fact_recall": 1}}}, "key 'tts.thresholds.fact_recall': unknown key"),
        ({"conversation": {"thresholds": {"fact_recall": -1}}}, "fact_recall must be a number from 0 up, not -1"),
    ],
)
def test_refused_tasks(table, sentence):
    """A table that states tasks or their bounds wrongly is refused with what is right."""
    assert sentence in refusal({"coco": {**SPEAKER, **table}})


@pytest.mark.parametrize("task", ["asr", "conversation"])
def test_an_id_that_is_another_models_task(task):
    """Two models are never known by one id: that of one may not be what the other is called for one of its tasks."""
    tables = {"coco": SPEAKER, f"coco:{task}": {"engine": "parrot", "weights": "here"}}

    assert f'[tool.asrlab.models."coco:{task}"]: the id is that of coco for {task}' in refusal(tables)


@pytest.mark.parametrize("order", [1, -1])
def test_models_that_only_a_record_knows(order):
    """A model of a record is known by the ids that the record has, in whatever order its tasks stand there."""
    rows = [("coco", "asr"), ("coco:tts", "tts")]

    tables = recorded_tables({model: replace(observed(model), task=task) for model, task in rows[::order]})

    registry = Registry(tables)
    assert {model: registry[model].task for model, _ in rows} == dict(rows)


def test_bounds_of_tasks():
    """Each task of a model is judged by its own bounds."""
    table = {
        **SPEAKER,
        "thresholds": {"wer": 0.1},
        "tts": {"thresholds": {"wer": 0.2}, "corpus_thresholds": {"excess_wer": 0.3}},
        "conversation": {"thresholds": {"fact_recall": 0.4}},
    }
    registry = Registry({"coco": table})

    assert registry["coco"].case_bounds.wer == 0.1
    assert registry["coco:tts"].case_bounds.wer == 0.2
    assert registry["coco:tts"].pooled_bounds.excess_wer == 0.3
    assert registry["coco:conversation"].case_bounds.fact_recall == 0.4
    assert registry["coco:conversation"].pooled_bounds.fact_recall is None


def test_language_of_the_japanese_weights():
    """The Japanese weights are asked in Japanese, also for what does not state its language."""
    assert {spec.id: spec.language for spec in Registry() if spec.engine == "lfm2-audio"} == {
        "lfm2-audio-1.5b": None,
        "lfm2.5-audio-1.5b": None,
        "lfm2.5-audio-1.5b-jp": "ja",
    }
