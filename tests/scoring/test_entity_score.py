"""Entity scores: what counts as arrived, lost and invented."""

import json
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.protocols.entities import ListedEntity, extract
from asrlab_pytest.scoring.entities import EntityCounts, Listed, pooled_entities, score_entities
from asrlab_pytest.scoring.entity_pairing import maximum_matching

pieces = st.sampled_from(
    ["hello", "there", "12", "twelve", "$5", "five dollars", "March 3rd", "5:30 pm", "Anna", "Bob", "12%", "555-1234"]
)
texts = st.lists(pieces, max_size=8).map(" and ".join)
numbered = st.lists(st.sampled_from(["Route 66", "66", "6", "2016", "16", "Anna 5", "5", "$5", "the cat"]), max_size=8)
numbered = numbered.map(" with ".join)
NAMES = Listed(keywords=("Anna", "Bob"))
FIELDS = ("correct", "moved", "substituted", "missed", "invented")


def outcomes(reference, hypothesis, **how):
    return [str(one) for one in score_entities(reference, hypothesis, **how).matches]


@pytest.mark.parametrize(
    ("reference", "hypothesis", "rows"),
    [
        ("It cost $1.5 million.", "it cost 1.5 million dollars", ["correct: $1.5 million → 1.5 million dollars"]),
        ("It cost $1.5 million.", "It cost $1.5.", ["lost: $1.5 million → $1.5"]),
        ("It cost $1.5 million.", "It cost 1.5 million.", ["lost: $1.5 million → 1.5 million"]),
        ("It cost $1.5 million.", "It cost a lot.", ["lost: $1.5 million"]),
        ("It cost a lot.", "It cost $5.", ["invented: $5"]),
        ("Meet at 5:30 p.m.", "meet at 5:30", ["lost: 5:30 p.m. → 5:30"]),
        ("On March 3rd.", "on march third twenty twenty", ["lost: March 3rd → march third twenty twenty"]),
        ("The code is 4719.", "the code is four seven one nine", ["correct: 4719 → four seven one nine"]),
        ("Call 555-1234.", "Call 5551234.", ["correct: 555-1234 → 5551234"]),
        ("room 12, a long way from room 14", "room 14, a long way from room 12", ["moved: 12 → 12", "moved: 14 → 14"]),
        ("The 6:30 train.", "the six thirty train", ["correct: 6:30 → six thirty"]),
        ("The 6:30 p.m. train.", "the six thirty train", ["lost: 6:30 p.m. → six thirty"]),
        ("12 and 12", "12", ["correct: 12 → 12", "lost: 12"]),
        ("12", "12 and 12", ["correct: 12 → 12", "invented: 12"]),
    ],
)  # fmt: skip
def test_fates(reference, hypothesis, rows):
    """Each entity of either side has one fate, which reads as a row."""
    assert outcomes(reference, hypothesis) == rows


def test_a_far_entity_is_no_substitute():
    """A lost entity and an invented one that stands far from its place are two errors."""
    far = "and then we spoke for a very long time about nothing at all that mattered and then"

    counts = score_entities(f"We paid $5 {far} left.", f"We paid {far} left at 12%.").counts

    assert counts == EntityCounts(missed=1, invented=1)


@given(texts, texts)
def test_every_entity_once(reference, hypothesis):
    """Every entity said is hit, substituted or missed, and every one written is hit, substituted or invented."""
    said = score_entities(reference, reference, listed=NAMES).counts
    written = score_entities(hypothesis, hypothesis, listed=NAMES).counts
    counts = score_entities(reference, hypothesis, listed=NAMES).counts

    assert said.errors == written.errors == 0
    assert counts.reference_length == said.hits
    assert counts.hits + counts.substituted + counts.invented == written.hits


@given(texts, texts)
def test_hits_are_as_many_as_there_are_common_values(reference, hypothesis):
    """As many entities arrive as the two sides have values in common, whatever their order."""
    same_hearing = {"phone": "figures", "digits": "figures", "number": "figures"}

    def values(text):
        matches = score_entities(text, text, listed=NAMES).matches
        return Counter((same_hearing.get(one.type, one.type), one.reference.value) for one in matches)

    common = values(reference) & values(hypothesis)

    assert score_entities(reference, hypothesis, listed=NAMES).counts.hits == common.total()


@given(numbered, numbered)
def test_a_proposal_that_is_written_changes_nothing(reference, hypothesis):
    """Entities as the rules find them give the same counts once they are listed, however often one is in a text."""
    names = ("Route 66", "Anna 5")
    proposed = tuple(
        ListedEntity(type=entity.type, value=entity.value, text=entity.text)
        for entity in extract(reference, keywords=names)
        if entity.type != "keyword"
    )
    read = score_entities(reference, hypothesis, listed=Listed(keywords=names))
    listed = score_entities(reference, hypothesis, listed=Listed(entities=proposed, keywords=names))

    assert listed.by_type == read.by_type


@given(texts, texts)
def test_rates(reference, hypothesis):
    """Rates are the ratios of the counts, and None if there is nothing to divide by."""
    score = score_entities(reference, hypothesis, listed=NAMES)
    counts = score.counts
    said, hits = counts.reference_length, counts.hits
    written = hits + counts.substituted + counts.invented

    assert score.recall == (hits / said if said else None)
    assert score.precision == (hits / written if written else None)
    assert score.error_rate == (counts.errors / said if said else None)
    assert score.f1 == (pytest.approx(2 * hits / (said + written)) if said + written else None)


@given(st.lists(st.tuples(texts, texts), max_size=4))
def test_pooling_adds_counts(pairs):
    """Pooled counts are the sums of the clips' counts, of each type and of all."""
    scores = [score_entities(*pair, listed=NAMES) for pair in pairs]
    pooled = pooled_entities(scores)

    assert [getattr(pooled.counts, name) for name in FIELDS] == [
        sum(getattr(score.counts, name) for score in scores) for name in FIELDS
    ]
    for kind, counts in pooled.by_type.items():
        parts = (score.by_type.get(kind, EntityCounts()) for score in scores)
        assert counts == sum(parts, start=EntityCounts())


@given(st.dictionaries(st.integers(0, 4), st.lists(st.integers(0, 4), unique=True), max_size=5))
def test_maximum_matching(candidates):
    """No member is paired twice, every pair is a candidate, and there is no larger matching."""
    found = maximum_matching(candidates)
    ones = list(candidates)
    orders = (zip(ones, order, strict=False) for order in permutations(range(5)))
    best = max(sum(other in candidates[one] for one, other in order) for order in orders)

    assert len(set(found.values())) == len(found) == best
    assert all(other in candidates[one] for one, other in found.items())


def test_a_long_recording():
    """Hundreds of equal entities are paired, also where some have no partner left."""
    score = score_entities("It cost $5. " * 700, "It cost $5. " * 600)

    assert score.counts == EntityCounts(correct=score.counts.correct, moved=600 - score.counts.correct, missed=100)


def test_a_keyword_heard_as_another():
    """A keyword heard as another listed one lowers recall, and precision too."""
    score = score_entities("Ask Anna, then Bob.", "Ask Bob, then Bob.", listed=NAMES)

    assert (score.keyword_recall, score.keyword_precision) == (0.5, 0.5)
    assert [str(one) for one in score.lost] == ["lost: Anna → Bob"]


def test_a_keyword_in_another_composition():
    """A keyword is found in each form of its letters that normalization takes for one."""
    score = score_entities("ดื่มน้ำ", "ดื่มน้ำ", "th", listed=Listed(keywords=("ดื่มน้\u0e4d\u0e32",)))

    assert (score.keyword_recall, score.keyword_precision) == (1.0, 1.0)


def test_keywords_without_any():
    """Without keywords on a side, its keyword rate is None."""
    score = score_entities("Ask Anna.", "Ask her.", listed=NAMES)

    assert (score.keyword_recall, score.keyword_precision) == (0.0, None)


def test_listed_entities_are_the_reference():
    """What the manifest lists counts, not what the rules would find in the reference."""
    listed = Listed(entities=(ListedEntity(type="number", value="12", text="a dozen"),))

    score = score_entities("A dozen or a dozen of 14.".lower(), "12 or some of 15", listed=listed)

    assert [str(one) for one in score.matches] == ["correct: a dozen → 12", "invented: 15"]
    assert score.unreviewed == 0


def test_listed_without_text():
    """A listed entity without its text stands where the rules find its value."""
    far = "and then we spoke for a very long time about nothing at all that mattered and then"
    listed = Listed(entities=(ListedEntity(type="number", value="12"),))

    score = score_entities(f"Twelve {far} left.", f"Thirteen {far} 14 left.", listed=listed)

    assert [str(one) for one in score.matches] == ["lost: 12 → Thirteen", "invented: 14"]


@pytest.mark.parametrize(
    ("reference", "hypothesis", "listed", "rows"),
    [
        ("She has 1 dog.", "She has 1 dog.", [("number", "1", "1")], ["correct: 1 → 1"]),
        ("She has 1 dog.", "she has one dog", [("number", "1", None)], ["correct: 1 → one"]),
        ("She has 1 dog.", "no one knows her dog", [("number", "1", "1")], ["lost: 1"]),
        ("She has 1 dog.", "she has one hundred dogs", [("number", "1", "1")], ["lost: 1 → one hundred"]),
        ("1 or 1", "only 1", [("number", "1", "1"), ("number", "1", "1")], ["lost: 1", "correct: 1 → 1"]),
        ("No one has 1.", "no one has 1", [("number", "1", "1")], ["correct: 1 → 1"]),
        ("She came third.", "She came 3rd.", [("ordinal", "3", "third")], ["correct: third → 3rd"]),
        ("Came third.", "came thirty third", [("ordinal", "3", "third")], ["lost: third → thirty third"]),
        ("Half a mile.", "half a mile", [("number", "0.5", "Half")], ["correct: Half → half"]),
        ("Half a mile.", "half past 5", [("number", "0.5", "Half")], ["lost: Half → half past 5"]),
        ("A dozen eggs", "a dozen eggs", [("number", "12", "A dozen")], ["correct: A dozen → a dozen"]),
        (
            "From 5 past 10",
            "from 5 past 10",
            [("number", "5", "5"), ("number", "10", "10")],
            ["correct: 5 → 5", "correct: 10 → 10"],
        ),
        ("11 or 1", "11 or 1", [("number", "11", "11"), ("number", "1", "1")], ["correct: 11 → 11", "correct: 1 → 1"]),
        ("Year 1520", "year 1520", [("time", "15:20", "1520")], ["correct: 1520 → 1520"]),
    ],
)
def test_an_entity_is_found_as_it_is_listed(reference, hypothesis, listed, rows):
    """What the rules take for a word or another value counts where the hypothesis writes it in the aligned words."""
    entities = tuple(ListedEntity(type=kind, value=value, text=text) for kind, value, text in listed)

    assert outcomes(reference, hypothesis, listed=Listed(entities=entities)) == rows


def test_a_listed_keyword_in_any_form():
    """A keyword among the entities is the same in every way to write it, also where the text has it in another form."""
    names = Listed(entities=(ListedEntity(type="keyword", value="AT&T", text="Ma Bell"),))
    seoul = Listed(entities=(ListedEntity(type="keyword", value="서울", text="서울에"),))

    assert outcomes("Call Ma Bell.", "call AT and T", listed=names) == ["correct: Ma Bell → AT and T"]
    assert outcomes("서울에 살아요", "서울에 살아요", language="ko", listed=seoul) == ["correct: 서울에 → 서울에"]


def test_a_name_in_a_script_without_spaces():
    """A wrong name is an error in a script without spaces too, and the right one is none."""
    names = Listed(keywords=("東京", "京都"))

    assert outcomes("私は東京にいます", "私は東京にいます", language="ja", listed=names) == ["correct: 東京 → 東京"]
    assert outcomes("私は東京にいます", "私は京都にいます", language="ja", listed=names) == ["lost: 東京 → 京都"]


def test_an_empty_list_says_that_there_is_nothing():
    """A reference whose list of entities is empty has none, so that every one written is invented."""
    score = score_entities("Chapter 12.", "Chapter 12.", listed=Listed(entities=()))

    assert score.counts == EntityCounts(invented=1)
    assert score.error_rate is None


def test_listed_keywords():
    """A keyword among the listed entities is looked for in the hypothesis, and counts once if it is listed twice."""
    listed = Listed(entities=(ListedEntity(type="keyword", value="acme cloud"),), keywords=("Acme Cloud",))

    score = score_entities("Open Acme Cloud now.", "open acme-cloud now", listed=listed)

    assert score.by_type == {"keyword": EntityCounts(correct=1)}


def test_what_lies_inside_a_keyword():
    """A number inside a keyword is part of the keyword, on both sides, also where it is listed apart."""
    entities = (ListedEntity(type="number", value="66", text="66"),)
    for listed in (Listed(keywords=("Route 66",)), Listed(entities=entities, keywords=("Route 66",))):
        assert outcomes("Take Route 66.", "take route 66", listed=listed) == ["correct: Route 66 → route 66"]


def test_unreviewed():
    """A pooled score says how many clips had their reference entities extracted instead of listed."""
    one = score_entities("It cost $5.", "It cost $5.")
    none = score_entities("Hello.", "Hello.")

    assert pooled_entities([one, one, none]).unreviewed == 2


@given(texts, texts)
def test_plain_json(reference, hypothesis):
    """A score as JSON survives a round trip, and has a row for each match."""
    score = score_entities(reference, hypothesis, listed=NAMES)
    row = score.as_json()

    assert json.loads(json.dumps(row, allow_nan=False)) == row
    assert len(row["matches"]) == len(score.matches)
    assert row["protocols"] == list(score.protocols)
