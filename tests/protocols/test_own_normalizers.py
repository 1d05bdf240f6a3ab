"""Normalizers of users, replacements of characters, alternatives and compounds: what they do, and their signatures."""

import gc
import importlib
import sys
from dataclasses import replace
from importlib.metadata import EntryPoint

import pytest

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.protocols.normalization import PROTOCOL, Normalizations, plugged
from asrlab_pytest.protocols.normalization.own import OwnProfile
from asrlab_pytest.protocols.normalization.step import Step
from asrlab_pytest.scoring.score import score

RULES = """
WORDS = {"colour": "color"}

def normalize(text):
    for old, new in WORDS.items():
        text = text.lower().replace(old, new)
    return text
"""


@pytest.fixture
def named(tmp_path, monkeypatch):
    """Gives the normalization of a name, after a module of that name was written in the folder of the run."""
    monkeypatch.chdir(tmp_path)

    def make(module, source=RULES, function="normalize"):
        (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
        sys.modules.pop(module, None)
        importlib.invalidate_caches()
        plugged.plugged.cache_clear()
        return Normalizations().named(f"python:{module}:{function}")

    yield make
    plugged.plugged.cache_clear()


def house(**keys):
    return Normalizations(own={"house": OwnProfile(**keys)}).named("house")


def test_a_function_is_a_normalization(named):
    """A function named as python:module:function normalizes, and single spaces part its words."""
    rules = named("my_rules")

    assert rules.apply("The  COLOUR\tred ") == "the color red"
    assert rules.signature.startswith(f"{PROTOCOL}+python#")


def test_the_signature_follows_the_function(named):
    """Another table gives another signature; another file, another name or a comment does not."""
    first = named("my_rules").signature

    assert named("other_rules", RULES + "# more\n").signature == first
    assert named("third_rules", RULES.replace("normalize", "fix"), "fix").signature == first
    assert named("fourth_rules", RULES.replace('"color"', '"colr"')).signature != first
    assert named("fifth_rules", RULES + "normalize.version = '2'\n").signature != first


def test_a_function_is_a_base(named, tmp_path):
    """A table may start from a function, and what it adds is part of the signature."""
    plain = named("my_rules")
    rules = house(base="python:my_rules:normalize", replacements={"Anna": "Anne"})

    assert rules.apply("Anna's COLOUR, anna") == "anna's color, anne"
    assert rules.signature.startswith(f"{PROTOCOL}+house(python)#")
    assert rules.fingerprint != plain.fingerprint


@pytest.mark.filterwarnings("error")
def test_an_async_function_is_not_a_normalizer(named):
    """A coroutine is not a text, and is closed, so that Python does not warn of it."""
    with pytest.raises(ConfigError, match=r"returned coroutine for .*, not a text"):
        named("my_async_rules", "async def normalize(text):\n    return text\n")
    gc.collect()


def test_a_package_offers_a_normalizer(named, monkeypatch):
    """A normalizer of an installed package is named by its entry point."""
    named("my_rules")
    point = EntryPoint("medical", "my_rules:normalize", plugged.ENTRY_POINT_GROUP)
    monkeypatch.syspath_prepend(".")
    monkeypatch.setattr(plugged, "_points", lambda: {"medical": point})

    rules = Normalizations("medical").choose("de")

    assert rules.apply("COLOUR") == "color"
    assert rules.signature.startswith(f"{PROTOCOL}+medical#")


@pytest.mark.parametrize(
    ("source", "function", "sentence"),
    [
        (RULES, "WORDS", "is not a function"),
        (RULES, "normalise", "there is no 'normalise' in 'wrong_rules'"),
        (RULES, "normalize.nothing", "there is no 'nothing' in 'wrong_rules'"),
        (RULES, "", "names no function"),
        ("raise RuntimeError('no')", "normalize", "does not load: RuntimeError: no"),
        ("def normalize(text): return 1", "normalize", "returned int"),
        ("def normalize(text): return text[100]", "normalize", "failed on"),
    ],
)
def test_a_function_that_is_none_is_refused(named, source, function, sentence):
    """A function that is missing, fails, or returns no text is an error in words."""
    with pytest.raises(ConfigError, match=sentence) as caught:
        named("wrong_rules", source, function)
    assert caught.value.hint


@pytest.mark.parametrize(
    "source",
    [
        "import random\ndef normalize(text): return text + str(random.random())",
        "from itertools import count\nNUMBERS = count()\ndef normalize(text): return f'{text} {next(NUMBERS)}'",
        "TEXTS = ['']\ndef normalize(text):\n    TEXTS.append(text)\n    return f'{TEXTS[-2]} {text}'",
    ],
)
def test_a_normalizer_that_writes_two_texts_for_one(named, source):
    """A normalizer that draws at random, counts or remembers is refused with its name and what it wrote."""
    with pytest.raises(ConfigError, match=r"'python:moody_rules:normalize' wrote .* for .*, and then "):
        named("moody_rules", source)


def test_characters_are_replaced_in_the_raw_text():
    """Characters are replaced before the base is applied, the longest first, and are part of the signature."""
    rules = house(base="und", characters={"æ": "ae", "ﷺ": "", "ae": "e"})

    assert rules.apply("Encyclopædia") == "encyclopaedia"
    assert rules.signature != house(base="und").signature
    with pytest.raises(ConfigError, match="replaces nothing"):
        house(characters={"": "x"})


@pytest.mark.parametrize(
    ("replacements", "text", "written"),
    [
        ({"東京": "京都"}, "私は東京に", "私は京都に"),
        ({"東京": "京都"}, "私は東 京に", "私は京都に"),
        ({"東京": "京都", "東京都": "都"}, "東京都と東京", "都と京都"),
        ({"軟體": "软件"}, "他寫軟體。", "他寫软件"),
        ({"กทม": "กรุงเทพ"}, "ไปกทมครับ", "ไปกรุงเทพครับ"),
        ({"東京": "tokyo"}, "in東京now", "in tokyo now"),
        ({"東京": ""}, "in東京now 東京", "in now"),
        ({"web site": "website"}, "web site東京", "website東京"),
        ({"ab": "x"}, "cab ab abc", "cab x abc"),
    ],
)
def test_replacements_in_scripts_without_spaces(replacements, text, written):
    """Where a script puts no spaces between words, a run of its characters is replaced, and elsewhere whole words."""
    assert house(base="und", replacements=replacements).apply(text) == written
    assert score(text, written, normalization=house(base="und", replacements=replacements)).wer == 0


def test_one_word_with_two_replacements():
    """Characters with a space between them and without are the same word, which has one replacement."""
    with pytest.raises(ConfigError, match="stands for both"):
        house(base="und", replacements={"東京": "a", "東 京": "b"})


def test_traditional_chinese_is_simplified():
    """Traditional and Simplified characters are equal where the table asks for it, and only there."""
    pytest.importorskip("opencc")
    rules = house(base="und", chinese="simplified")

    assert score("漢語", "汉语", normalization=rules).wer == 0
    assert score("漢語", "汉语", "zh").wer == 1
    assert rules.signature != house(base="und").signature
    assert rules.apply("\ud800漢") is not None


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors", "length"),
    [
        ("{okay|o k} then", "o k then", 0, 2),
        ("{gonna|going to} go", "gonna go", 0, 3),
        ("we are {gonna|going to} go", "we are going to go", 0, 5),
        ("{uh|} hello", "hello", 0, 1),
        ("{a|b|c} red {d|e}", "c red e", 0, 3),
        ("{white|black} cat", "red cat", 1, 2),
        ("u {c|} d", "ud", 0, 1),
        ("the u {|k} s economy", "the US economy", 0, 3),
        ("no group {here} | there", "no group here there", 0, 4),
        ("{twenty|thirty} {five|six} dogs " * 4, "36 dogs " * 4, 0, 8),
        ("{n|m} {niner|nine} {tree|three} {fife|five} {fower|four} {wun|one} {ait|eight}", "n 9 3 5 4 1 8", 0, 2),
    ],
)
def test_the_nearest_alternative_counts(reference, hypothesis, errors, length):
    """Of the alternatives in a reference, those that leave the fewest errors count."""
    found = score(reference, hypothesis, normalization=house(alternatives=True)).words

    assert (found.errors, found.reference_length) == (errors, length)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors", "length"),
    [
        ("the {white paper|blank sheet} is here", "the blanksheet is here", 0, 5),
        ("the {blank sheet|white paper} is here", "the blanksheet is here", 0, 5),
        ("the {|white} paper", "the whitepaper", 0, 3),
        ("the {note|whitepaper|blank sheet}", "the white paper", 0, 2),
        (" ".join(["{white paper|blank sheet}"] * 7), " ".join(["blanksheet"] * 7), 0, 14),
    ],
)
def test_the_nearest_alternative_may_be_a_compound(reference, hypothesis, errors, length):
    """With both options, the alternative counts that leaves the fewest errors once compounds are joined."""
    found = score(reference, hypothesis, normalization=house(alternatives=True, compounds=True)).words

    assert (found.errors, found.reference_length) == (errors, length)


@pytest.mark.parametrize("reference", ["{a|{b|c}}", "say {{a|b}|c} now", "{x {a|b} y|z}", "{a|b", "a|b}", "{a|b} {c|"])
def test_alternatives_that_are_not_one_group(reference):
    """Alternatives within alternatives, and a brace that is not closed, are an error, but may be in a hypothesis."""
    rules = house(alternatives=True)

    with pytest.raises(ConfigError, match="alternatives within alternatives, or a brace that is not closed") as caught:
        score(reference, "c", normalization=rules)
    assert "{a|b|c}" in caught.value.hint
    assert score("c", reference, normalization=rules).wer > 0


@pytest.mark.parametrize("reference", ["{ okay / o k } so", "so { okay / @ }", "{a|b} { okay / o k }"])
def test_alternatives_as_sclite_writes_them(reference):
    """The form of sclite is not taken for one alternative, and is nothing where no alternatives are read."""
    with pytest.raises(ConfigError, match="in the form of sclite") as caught:
        score(reference, "o k so", normalization=house(alternatives=True))
    assert "{a|b|c}" in caught.value.hint
    assert score("{ okay / o k } so", "okay o k so").wer == 0


@pytest.mark.parametrize("key", ["\u00e4", "a\u0308"])
def test_characters_in_either_unicode_form(key):
    """A character is replaced whether it is one code or two, in the table and in the text."""
    rules = house(base="de", characters={key: "ae"})

    assert {rules.apply(text) for text in ("K\u00e4se", "Ka\u0308se", "Kaese")} == {"kaese"}


def test_braces_in_a_hypothesis():
    """A hypothesis holds no alternatives: each of its words counts."""
    rules = house(alternatives=True)

    assert score("alpha beta", "{alpha|gamma delta} beta", normalization=rules).words.insertions == 2
    assert score("{alpha|a} beta", "{gamma|alpha} beta", normalization=rules).words.insertions == 1


def test_many_groups_of_alternatives_take_no_time_beyond_measure():
    """A hundred groups are chosen one by one."""
    text = " ".join(["{red|blue|green}"] * 100)

    assert score(text, " ".join(["green"] * 100), normalization=house(alternatives=True)).wer == 0


def test_the_alternatives_of_a_long_text_are_chosen_section_by_section():
    """Twice as long a text takes about twice as much to normalize; each group has the alternative that was said."""
    plain = house(alternatives=True)

    def work(groups):
        lengths = []
        count = Step("count", "Counts characters.", "a", lambda text: lengths.append(len(text)) or text)
        rules = replace(plain, steps=(count, *plain.steps))
        words = "the birds of {twenty|thirty} {five|six} green trees sing and then one of them flies over the road "
        said = "the birds of thirty five green trees sing and then one of them flew over the road "
        assert score(words * groups, said * groups, normalization=rules).words.errors == groups
        return sum(lengths)

    assert work(60) < 3 * work(30)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors"),
    [
        ("a white paper here", "a whitepaper here", 0),
        ("good night goodnight", "goodnight good night", 0),
        ("any where anywhere", "anywhere any where", 0),
        ("bye bye byebye", "byebye bye bye", 0),
        ("good night byebye goodnight bye bye", "goodnight bye bye good night byebye", 0),
        ("we said goodnight good night", "he said good night goodnight", 1),
        ("a whitepaper here", "a white paper here", 0),
        ("the ice cream man can", "the icecream man can", 0),
        ("no body is in here", "nobody is inhere", 0),
        ("a white paper", "a white", 1),
        ("whitepaper", "white", 1),
        ("the the", "thethe thethe", 1),
        ("room 2 10", "room 210", 2),
        ("they won 3-1", "they won 31", 2),
        ("it was 3-1, 20 people", "it was 3 120 people", 2),
    ],
)
def test_compounds_count_as_their_words(reference, hypothesis, errors):
    """A compound in one word or in several is not an error, and the reference keeps its length."""
    plain = score(reference, hypothesis)
    found = score(reference, hypothesis, normalization=house(compounds=True))

    assert found.words.errors == errors
    assert found.words.reference_length == plain.words.reference_length


def test_options_are_off_by_default_and_in_the_signature():
    """Alternatives and compounds change nothing until they are asked for, and change the signature then."""
    assert score("a white paper", "a whitepaper", normalization=house()).words.errors == 2
    assert score("{okay|o k}", "okay", normalization=house()).words.errors > 0
    found = {house(**keys).signature for keys in ({}, {"compounds": True}, {"alternatives": True})}

    assert len(found) == 3


def test_a_module_is_in_the_folder_of_the_project(tmp_path, monkeypatch):
    """A function's module is searched for next to pyproject.toml, from any folder below it."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "rules_of_project.py").write_text(RULES)
    (tmp_path / "evals").mkdir()
    monkeypatch.chdir(tmp_path / "evals")

    assert Normalizations().named("python:rules_of_project:normalize").apply("Colour") == "color"
    with pytest.raises(ConfigError, match="the module 'nosuch_rules' does not load") as caught:
        Normalizations(folder=tmp_path).named("python:nosuch_rules:normalize")
    assert f"it is looked for in the project's folder {tmp_path}," in caught.value.hint


def test_a_module_of_another_project(tmp_path):
    """If the project is not in the working directory, its modules are searched for in its own folder."""
    (tmp_path / "rules_of_another.py").write_text(RULES)
    rules = Normalizations(folder=tmp_path, own={"house": OwnProfile(base="python:rules_of_another:normalize")})

    assert rules.named("house").apply("Colour") == "color"


def test_a_base_that_is_not_used():
    """A profile whose module does not load is refused only when it is chosen."""
    tables = {"house": OwnProfile(base="python:nosuch_rules:normalize"), "other": OwnProfile()}

    assert Normalizations(own=tables).named("other").name == "other(en)"
    with pytest.raises(ConfigError, match="'nosuch_rules' does not load"):
        Normalizations("house", tables)
