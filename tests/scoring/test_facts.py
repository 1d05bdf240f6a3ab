"""Fact scores: what counts as said, and what is made of it."""

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from asrlab_pytest.corpus import expressions
from asrlab_pytest.corpus.fact import Expected, Fact
from asrlab_pytest.protocols.entities import EntityParameters, ListedEntity, canonical_keyword
from asrlab_pytest.scoring.facts import SEARCHED, pooled_facts, score_facts
from stored_runs import fact_of

words = st.text(st.characters(categories=["L"], max_codepoint=0x24F), min_size=1, max_size=8)
around = st.text(' ,.;:!?"()…–\n', max_size=4)
cases = st.sampled_from([str.lower, str.upper, str.title, str])


def says(fact, answer, language="en", **how):
    """Whether an answer says a fact, given as it is in a line."""
    return score_facts([answer], [Expected(facts=(fact_of(fact),))], language, **how).hits == 1


@pytest.mark.parametrize(
    ("fact", "answer", "said"),
    [
        ({"keyword": "Paris"}, "It is PARIS.", True),
        ({"keyword": "Paris"}, "Paris's river", True),
        ({"keyword": "Paris"}, "the Parisians", False),
        ({"keyword": "Paris"}, "", False),
        ({"keyword": "São Paulo"}, "in SÃO, Paulo!", True),
        ({"keyword": "São Paulo"}, "São in Paulo", False),
        ({"keyword": "東京"}, "東京 です", True),
        ({"keyword": "東京"}, "私は東京に住んでいます", True),
        ({"keyword": "C++"}, "vitamin C", False),
        ({"any": ["Chicago", "I don't know"]}, "I don’t know.", True),
        ({"any": ["Paris", "the French capital"]}, "In the French capital.", True),
        ({"any": ["Paris", "the French capital"]}, "In the capital.", False),
        ({"regex": r"\bturn(ing)? left\b"}, "Turning LEFT there.", True),
        ({"regex": r"\bturn(ing)? left\b"}, "turn to the left", False),
        ({"regex": "^$"}, "", True),
        ({"entity": {"type": "number", "value": "42"}}, "That makes forty-two.", True),
        ({"entity": {"type": "number", "value": "42"}}, "That makes 42 apples.", True),
        ({"entity": {"type": "number", "value": "42"}}, "That makes 420.", False),
        ({"entity": {"type": "number", "value": "4719"}}, "The code is four seven one nine.", True),
        ({"entity": {"type": "time", "value": "09:00"}}, "at nine in the morning", True),
        ({"entity": {"type": "time", "value": "09:00"}}, "at 9 p.m.", False),
        ({"entity": {"type": "date", "value": "2021-03-03"}}, "on March third, twenty twenty one", True),
        ({"entity": {"type": "keyword", "value": "anna"}}, "Hi, Anna!", True),
        ({"entity": {"type": "email", "value": "ann@example.com"}}, "Ann@Example.com", True),
    ],
)
def test_what_counts_as_said(fact, answer, said):
    """Keywords are found as whole words in any case, expressions anywhere, entities however they are written."""
    assert says(fact, answer) is said


def test_entities_by_the_language_and_the_parameters():
    """The rules are those of the language, and what a text leaves open is read as the parameters say."""
    dollars = {"entity": {"type": "money", "value": "CAD 5"}}

    assert not says({"entity": {"type": "number", "value": "42"}}, "42", language="de")
    assert not says(dollars, "It costs $5.")
    assert says(dollars, "It costs $5.", parameters=EntityParameters(currency="CAD"))


def test_a_name_with_an_ending():
    """The language says whether what an apostrophe joins to a name belongs to it."""
    assert says({"keyword": "İzmir"}, "İzmir'de", language="tr")
    assert not says({"keyword": "Xi"}, "Xi'an", language="en")


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("number", "1", '{"any": ["1", "one"]}'),
        ("ordinal", "3", '{"any": ["3rd", "third"]}'),
        ("url", "localhost", '{"any": ["localhost"]}'),
        ("email", "ann@here", '{"any": ["ann@here"]}'),
    ],
)
def test_what_no_rule_finds(kind, value, words):
    """A fact that no answer could have by the rules is refused, with what to write instead."""
    with pytest.raises(ValueError, match=f"the rules never find the {kind} {value}") as caught:
        Fact(entity=ListedEntity(type=kind, value=value))

    assert words in str(caught.value)


def test_counts_and_places():
    """Facts are counted over all turns; a missed one, and one that must not be said, is named with its turn."""
    anna, ben, left = Fact(keyword="Anna"), Fact(keyword="Ben"), Fact(regex="left")
    found = score_facts(
        ["Hello Anna.", "", "You are Ben, and go left."],
        [Expected(facts=(anna,)), Expected(), Expected(facts=(anna, left), forbidden=(ben, anna))],
    )

    assert (found.hits, found.total, found.errors) == (2, 3, 2)
    assert found.recall == pytest.approx(2 / 3)
    assert [str(one) for one in found.missed] == ["turn 3: 'Anna'"]
    assert [str(one) for one in found.found] == ["turn 3: 'Ben'"]


def test_nothing_expected():
    """Where no fact has to be said there is no recall, and no error unless something forbidden was said."""
    silent = score_facts(["Anything."], [Expected()])
    forbidden = score_facts(["Anything."], [Expected(forbidden=(Fact(keyword="anything"),))])

    assert (silent.recall, silent.total, silent.errors) == (None, 0, 0)
    assert (forbidden.recall, forbidden.total, forbidden.errors) == (None, 0, 1)
    assert score_facts([], []).recall is None


@pytest.mark.parametrize("answers", [[], ["a", "b"]])
def test_an_answer_for_each_turn(answers):
    """More answers than turns, or fewer, is a mistake of the caller and is not scored."""
    with pytest.raises(ValueError, match="argument"):
        score_facts(answers, [Expected()])


def test_plain_json():
    """A score as plain JSON has its counts and each wrong fact as it is in a line, with its turn."""
    expected = [Expected(facts=(Fact(keyword="Anna"),), forbidden=(Fact(any=("Ben", "Bob")),))]
    stored = json.loads(json.dumps(score_facts(["Bob."], expected).as_json()))

    assert {key: stored[key] for key in ("hits", "total", "errors", "recall")} == {
        "hits": 0,
        "total": 1,
        "errors": 2,
        "recall": 0.0,
    }
    assert stored["missed"] == [{"turn": 1, "keyword": "Anna"}]
    assert stored["found"] == [{"turn": 1, "any": ["Ben", "Bob"]}]


@given(st.lists(st.lists(st.booleans(), max_size=4), max_size=4))
def test_pooled(dialogues):
    """The score of many dialogues has the sums of theirs, so that each fact weighs the same."""
    fact = Fact(keyword="yes")
    scores = [
        score_facts(["yes" if said else "no" for said in turns], [Expected(facts=(fact,))] * len(turns))
        for turns in dialogues
    ]
    said = [one for turns in dialogues for one in turns]

    found = pooled_facts(scores)

    assert (found.hits, found.total, found.errors) == (sum(said), len(said), len(said) - sum(said))
    assert found.recall == (sum(said) / len(said) if said else None)


@given(st.lists(words, max_size=5), st.lists(words, min_size=1, max_size=3), st.lists(words, max_size=5), around, cases)
def test_a_keyword_in_an_answer_is_found(before, name, after, mark, case):
    """A keyword that is in an answer is found whatever its case and the punctuation around, and not without it."""
    keyword = " ".join(name)
    assume(canonical_keyword(case(keyword)) == canonical_keyword(keyword))
    others = [word for word in (*before, *after) if canonical_keyword(word) not in canonical_keyword(keyword).split()]

    answer = " ".join([*before, f"{mark} {case(keyword)} {mark}", *after])

    assert says({"keyword": keyword}, answer)
    assert not says({"keyword": keyword}, " ".join(others))


@given(st.text(max_size=60), st.text(max_size=10), st.sampled_from(["en", "de", None]))
def test_any_text_can_be_scored(answer, keyword, language):
    """No answer is too odd to be scored, and a fact is either said or missed."""
    facts = [Fact(regex=re.escape(keyword) or "x"), Fact(entity=ListedEntity(type="url", value="a.com"))]
    facts += [Fact(keyword=keyword)] if canonical_keyword(keyword) else []

    found = score_facts([answer], [Expected(facts=tuple(facts))], language)

    assert found.hits + len(found.missed) == found.total == len(facts)


def test_a_model_in_a_loop():
    """An expression is searched in the beginning of an answer only, for many take the square of its length."""
    assert says({"regex": "x"}, "y" * (SEARCHED - 1) + "x")
    assert not says({"regex": "x"}, "y" * SEARCHED + "x")


def test_a_fact_that_nobody_waits_for(monkeypatch):
    """A fact that takes too long to look for is an error wherever it stands, and is told apart from the others."""
    monkeypatch.setattr(expressions, "PATIENCE_S", 0.2)
    slow, quick = Fact(regex="(a+)+b"), Fact(regex="b")
    expected = Expected(facts=(slow, quick), forbidden=(slow, quick))

    found = score_facts(["a" * 9_999], [expected])

    assert (found.hits, found.total, found.errors) == (0, 2, 3)
    assert [str(one) for one in found.given_up] == ["turn 1: /(a+)+b/ (given up after 1 s)"] * 2
    assert found.as_json()["missed"] == [
        {"turn": 1, "regex": "(a+)+b", "given_up": True},
        {"turn": 1, "regex": "b"},
    ]
    assert pooled_facts([found, found]).given_up == found.given_up * 2
