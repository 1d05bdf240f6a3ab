"""The entity protocol: golden vectors, its contract, and what must hold for any text."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from spoken_entities import CLASSES

from asrlab_pytest.protocols.entities import (
    ANY_LANGUAGE,
    ENTITY_TYPES,
    EntityParameters,
    ListedEntity,
    canonical_keyword,
    extract,
    fault_of_value,
    unsupported,
)
from asrlab_pytest.protocols.entities import protocol as contract

RECORDED = {
    "asrlab-entities/1.0": "9da362df2df3b907b769a14754c07ecf42d6088d70a58afd3396889e27be289b",
}
"""What each version finds in the golden texts. A changed output is a new version, not a new digest for an old one."""

GOLDEN = contract.golden_vectors()
words = st.sampled_from(
    [
        "a",
        "an",
        "and",
        "at",
        "oh",
        "o",
        "one",
        "two",
        "twelve",
        "twenty",
        "thirty",
        "five",
        "hundred",
        "thousand",
        "million",
        "first",
        "second",
        "third",
        "thirteenth",
        "half",
        "quarter",
        "past",
        "to",
        "point",
        "dot",
        "dash",
        "minus",
        "double",
        "triple",
        "dollars",
        "cents",
        "$",
        "€",
        "%",
        "percent",
        "per",
        "cent",
        "am",
        "p",
        "m",
        "a.m.",
        "o'clock",
        "noon",
        "may",
        "march",
        "third",
        "of",
        "the",
        "3",
        "20",
        "1984",
        "2024",
        "555-1234",
        "5:30",
        "1.2.3",
        "3/4",
        ",",
        ".",
        "-",
        "+",
        "@",
        "ann",
        "example",
        "com",
        "www",
        "slash",
    ]
)
sentences = st.lists(words, max_size=12).map(" ".join)


def pairs(text, **how):
    return [(entity.type, entity.value) for entity in extract(text, **how)]


def test_golden_vectors():
    """Every golden text gives exactly its entities: type, value and text."""
    assert contract.failures() == []


def test_golden_vectors_are_enough():
    """There are 150 golden vectors and more, of every type, some of them without any entity."""
    types = {entity["type"] for vector in GOLDEN for entity in vector["entities"]}

    assert len(GOLDEN) >= 150
    assert types == set(ENTITY_TYPES)
    assert sum(not vector["entities"] for vector in GOLDEN) >= 25


def test_a_changed_output_needs_a_changed_version():
    """What this version finds in the golden texts is what was recorded for it."""
    assert RECORDED[contract.PROTOCOL] == contract.digest()


def test_a_failed_vector_is_named(monkeypatch):
    """A golden vector that the rules do not give is reported with its text, what was expected and what was found."""
    wrong = {"text": "twelve", "entities": [{"type": "number", "value": "13", "text": "twelve"}]}
    monkeypatch.setattr(contract, "golden_vectors", lambda: [wrong])

    assert contract.failures() == [("twelve", [("number", "13", "twelve")], [("number", "12", "twelve")])]


def test_signature():
    """The signature names protocol, version, rules, fingerprint, and each parameter that is not the default."""
    mark = contract.fingerprint()[:8]

    assert contract.signature() == f"asrlab-entities/1.0+en#{mark}"
    assert contract.signature("de") == f"asrlab-entities/1.0+und#{mark}"
    assert (
        contract.signature("en-GB", EntityParameters(currency="GBP", date_order="DMY"))
        == f"asrlab-entities/1.0+en,currency=GBP,date_order=DMY#{mark}"
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_spoken_and_written_forms_meet(kind):
    """Of generated pairs, all give one entity of one type and value, however it is said or written."""
    random = Random(kind)
    made = [CLASSES[kind](random) for _ in range(1000)]

    lost = [case for case in made if not pairs(case[0]) == pairs(case[1]) == [case[2:]]]

    assert lost == []


@pytest.mark.parametrize("kind", CLASSES)
def test_inside_a_sentence(kind):
    """An entity is found with its own words between words that are no part of it."""
    random = Random(kind)
    for spoken, written, type_, value in (CLASSES[kind](random) for _ in range(200)):
        for text in (spoken, written):
            core = text.removeprefix("in ").removeprefix("at ")
            before = text.removesuffix(core) or "about "
            found = extract(f"Well, tell them {before}{core}, please.")
            assert [(entity.type, entity.value) for entity in found] == [(type_, value)]
            assert found[0].text in {core, core.removesuffix(".")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a million and a half dollars", [("money", "USD 1500000")]),
        ("two million and a quarter people", [("number", "2250000")]),
        ("three quarters of a million euros", [("money", "EUR 750000")]),
        ("six hundred sixty six thousandths", [("number", "0.666")]),
        ("₹5,00,000", [("money", "INR 500000")]),
        ("12,34,567 people", [("number", "1234567")]),
        ("from 5 to 10", [("number", "5"), ("number", "10")]),
        ("between five to ten", [("number", "5"), ("number", "10")]),
        ("the score was 5 to 10", [("number", "5"), ("number", "10")]),
        ("it was ten to five", [("time", "4:50?")]),
        ("$3 M, $4 bn, $3 b", [("money", "USD 3000000"), ("money", "USD 4000000000"), ("money", "USD 3000000000")]),
        ("100 US dollars and 5 U.S. dollars", [("money", "USD 100"), ("money", "USD 5")]),
        ("100 Canadian dollars", [("money", "CAD 100")]),
        ("five Swiss francs, five New Zealand dollars", [("money", "CHF 5"), ("money", "NZD 5")]),
        ("100 of us", [("number", "100")]),
        ("between one hundred and two hundred people", [("number", "100"), ("number", "200")]),
        ("two hundred and three hundred dollars", [("number", "200"), ("money", "USD 300")]),
        ("from May 3 to May 5", [("date", "--05-03"), ("date", "--05-05")]),
        ("postponed to March 3, 2024", [("date", "2024-03-03")]),
        ("to march 5 miles, they may 5 times", [("number", "5"), ("number", "5")]),
        ("100M users, 5bn, 3M, 5m", [("number", number) for number in ("100000000", "5000000000", "3", "5")]),
        ("come.It was at example.com", [("url", "example.com")]),
        ("a fifty-fifty chance, 50/50, 50-50, fifty fifty", []),
        ("24/7, 24-7, twenty four seven, twenty-four seven", []),
    ],
)
def test_readings(text, expected):
    """Amounts, ranges and phrases have the value that a reader gives them."""
    assert pairs(text) == expected


@given(st.text() | sentences)
@example("½" * 50)
@example("9" * 5000)
@example("a\x00b\ud800")
@example("İstanbul ǅ ﬁ ２０ ٣")
def test_any_text(text):
    """Any text gives entities in order, none over another, each with its own words and a canonical value."""
    found = extract(text)

    assert [entity.text for entity in found] == [text[entity.start : entity.end] for entity in found]
    assert all(one.start < one.end <= other.start for one, other in pairwise(found))
    assert [fault_of_value(entity.type, entity.value) for entity in found] == [None] * len(found)


@pytest.mark.parametrize(
    "loop",
    [
        "a",
        "five",
        "double",
        "a dot",
        "a-",
        "a.",
        "1.",
        "1,",
        "oh",
        "and",
        "eight hundred",
        "one million",
        "twenty",
        "$",
        "half",
        "a@",
        "may",
        "minus",
        "1-2-",
        "five-",
        "10 - ",
        "two hundred and",
        "55,",
    ],
)
@pytest.mark.parametrize("gap", [" ", ""], ids=["words", "one word"])
def test_a_model_in_a_loop(loop, gap):
    """A piece repeated without end is read like every other text: no recursion, no time beyond measure."""
    text = (loop + gap) * 4000

    found = extract(text)

    assert [entity.text for entity in found] == [text[entity.start : entity.end] for entity in found]


def test_a_minus_behind_many_quotation_marks():
    """Quotation marks without end before a minus are read without recursion, and open as one does."""
    assert pairs('"' * 4000 + "-5") == pairs('"-5') == [("number", "-5")]


@given(sentences)
def test_case_changes_nothing(text):
    """Upper and lower case give the same values."""
    assert pairs(text.upper()) == pairs(text) == pairs(text.title().replace("'C", "'c"))


def test_a_final_mark_changes_nothing():
    """A question mark, a full stop or white space around a golden text changes none of its values."""
    changed = []
    for vector in GOLDEN:
        how = {key: vector[key] for key in ("language", "keywords") if key in vector}
        how["parameters"] = EntityParameters(**vector.get("parameters", {}))
        text = vector["text"].rstrip(".")
        around = (text, f"{text}?", f"{text}.", f" \t{text}\u00a0")
        changed += [text for other in around if pairs(other, **how) != pairs(vector["text"], **how)]

    assert changed == []


@given(st.text())
def test_written_addresses_only_in_other_languages(text):
    """Outside English, no type is found but those that no language changes."""
    assert {entity.type for entity in extract(f"{text} twelve ann@example.com", language="de")} <= set(ANY_LANGUAGE)


def test_one_output_whatever_the_hash_seed():
    """Two processes with different hash seeds find the same."""
    code = "from asrlab_pytest.protocols.entities import protocol as p; print(p.digest(), p.fingerprint())"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert outputs == {f"{contract.digest()} {contract.fingerprint()}\n"}


def test_the_rules_need_no_other_package():
    """The protocol imports nothing but the standard library."""
    folder = Path(contract.__file__).parent
    imports = {
        line.split()[1].split(".")[0]
        for file in folder.glob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.match(r"(from|import) ", line)
    }

    assert imports - sys.stdlib_module_names == {"asrlab_pytest"}


@pytest.mark.parametrize(
    ("text", "how", "expected"),
    [
        ("$20", {"currency": "AUD"}, [("money", "AUD 20")]),
        ("$20 and 20 cents", {"currency": "EUR"}, [("money", "USD 20.2")]),
        ("20 cents", {"currency": "EUR"}, [("money", "EUR 0.2")]),
        ("3/4/2024", {"date_order": "DMY"}, [("date", "2024-04-03")]),
        ("2024-04-03", {"date_order": "DMY"}, [("date", "2024-04-03")]),
    ],
)
def test_parameters(text, how, expected):
    """Currency and the order of day and month come from the parameters, where the text does not say them."""
    assert pairs(text, parameters=EntityParameters(**how)) == expected


@pytest.mark.parametrize("wrong", [{"currency": "dollar"}, {"currency": "$"}, {"date_order": "YMD"}])
def test_wrong_parameters(wrong):
    """A currency that is not a code and an order that does not exist are refused by name."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        EntityParameters(**wrong)


@pytest.mark.parametrize(("form", "listed"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_keywords_in_either_unicode_form(form, listed):
    """A keyword is found whichever way its accents are encoded, on either side."""
    text = unicodedata.normalize(form, "Ask Zoë's team.")

    (found,) = extract(text, keywords=[unicodedata.normalize(listed, "ZOË")])

    assert (found.type, found.value) == ("keyword", "zoë")
    assert text[found.start : found.end] == unicodedata.normalize(form, "Zoë")


@given(st.text(max_size=20))
def test_a_keyword_finds_itself(name):
    """Every keyword with a letter or digit in it is found in its own text."""
    value = canonical_keyword(name)
    expected = [("keyword", value)] if value else []

    assert [pair for pair in pairs(name, keywords=[name]) if pair[0] == "keyword"] == expected


def test_entities_are_plain_json():
    """An entity is a flat object of plain JSON values."""
    (entity,) = extract("It costs $5.")

    assert json.loads(json.dumps(entity.as_json())) == {
        "type": "money",
        "value": "USD 5",
        "text": "$5",
        "start": 9,
        "end": 11,
    }


@pytest.mark.parametrize(
    ("language", "types"), [("en-GB", []), (None, ["money", "number"]), ("de", ["money", "number"])]
)
def test_types_that_a_language_has_no_rules_for(language, types):
    """Outside English, or where no language is stated, listed types that only English rules extract are named."""
    listed = [
        ListedEntity(type="number", value="5"),
        ListedEntity(type="money", value="EUR 5"),
        ListedEntity(type="email", value="ann@example.com"),
    ]

    assert unsupported(listed, language) == types


@given(st.text() | sentences)
def test_what_is_extracted_can_be_listed(text):
    """Every extracted entity is one that a manifest may list."""
    for entity in extract(text):
        assert ListedEntity(type=entity.type, value=entity.value, text=entity.text).value == entity.value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("money", "$5"),
        ("money", "USD 5.50"),
        ("date", "3/4/2024"),
        ("date", "2024-13-01"),
        ("time", "5:30"),
        ("time", "17:30?"),
        ("number", "1,000"),
        ("number", "007"),
        ("phone", "555-1234"),
        ("email", "Ann@example.com"),
        ("url", "https://example.com"),
        ("percent", "12%"),
    ],
)
def test_a_value_that_is_not_canonical_is_refused(kind, value):
    """A listed value in another form is refused, with an example of the canonical one."""
    with pytest.raises(ValueError, match=r"is not a canonical .*; write it as in "):
        ListedEntity(type=kind, value=value)
