"""Entities and keywords in a manifest: what is read, refused, proposed and written."""

import pytest

from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.proposal import propose, write_proposals
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.protocols.entities import EntityParameters, ListedEntity, extract
from asrlab_pytest.protocols.entities.protocol import golden_vectors

DEFAULT = EntityParameters()


def line(text="It cost $5.", **keys):
    return {"audio": "a.wav", "text": text, "language": "en", **keys}


def test_listed_entities_and_keywords(manifest):
    """What a line lists arrives in the clip; a line without the key lists nothing, which is not an empty list."""
    listed = [{"type": "money", "value": "USD 5", "text": "$5"}, {"type": "number", "value": "12"}]
    path = manifest(
        line("It cost $5 for twelve.", entities=listed, keywords=["Anna"]),
        line(audio="b.wav", entities=[]),
        {"audio": "c.wav", "text": "c"},
    )

    first, second, third = read_manifest(path).samples

    assert first.entities == (
        ListedEntity(type="money", value="USD 5", text="$5"),
        ListedEntity(type="number", value="12"),
    )
    assert first.keywords == ("Anna",)
    assert (second.entities, third.entities, third.keywords) == ((), None, ())


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (
            {"entities": [{"type": "money", "value": "$5"}]},
            ["entities.0", "'$5' is not a canonical money", "USD 123.45"],
        ),
        ({"entities": [{"type": "cash", "value": "USD 5"}]}, ["entities.0.type", "'money'"]),
        ({"entities": [{"type": "money"}]}, ["entities.0.value", "missing key"]),
        ({"entities": [{"type": "number", "value": 5}]}, ["entities.0.value", "string"]),
        ({"entities": [{"type": "number", "value": "5", "span": 3}]}, ["entities.0.span", "unknown key"]),
        ({"entities": {}}, ["entities", "array"]),
        ({"keywords": "Anna"}, ["keywords", "array"]),
        ({"keywords": ["Anna", "?!"]}, ["the keyword '?!' has no letter and no digit"]),
        (
            {"language": "de", "entities": [{"type": "money", "value": "EUR 5"}]},
            ["no rules find the type money in the language 'de'", 'only "email", "url" and "keyword"'],
        ),
        ({"entities": [{"type": "number", "value": "4/6"}]}, ["'4/6' is not a canonical number; write it as '2/3'"]),
        ({"entities": [{"type": "money", "value": "USD 1/2"}]}, ["write it as 'USD 0.5'"]),
        ({"entities": [{"type": "date", "value": "--02-30"}]}, ["'--02-30' is not a canonical date"]),
        ({"entities": [{"type": "date", "value": "2024-04-31"}]}, ["'2024-04-31' is not a canonical date"]),
        ({"entities": [{"type": "number", "value": "12"}]}, ["does not have the number '12'", 'list its "text"']),
        (
            {"text": "half a mile", "entities": [{"type": "number", "value": "0.5", "text": "a half"}]},
            ["the text does not have the number 'a half'", "in whole words"],
        ),
        (
            {
                "text": "서울에 살아요",
                "language": "ko",
                "entities": [{"type": "keyword", "value": "서울", "text": "서울"}],
            },
            ["the text does not have the keyword '서울'", "in whole words"],
        ),
        ({"entitys": []}, ["did you mean 'entities'?"]),
    ],
)
def test_a_wrong_list_is_named(manifest, keys, words):
    """A mistake in a list is refused with the manifest, the line's number, the key and what is wrong."""
    path = manifest(line(), line(audio="b.wav", **keys))

    with pytest.raises(CorpusError) as caught:
        read_manifest(path)

    message = str(caught.value)
    assert message.startswith(f"{path}:2: ")
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("It cost $5.", {"type": "money", "value": "AUD 5"}),
        ("On 3/4/2024.", {"type": "date", "value": "2024-04-03"}),
        ("She has one dog.", {"type": "number", "value": "1"}),
        ("She came third.", {"type": "ordinal", "value": "3"}),
        ("Half a mile.", {"type": "number", "value": "0.5", "text": "Half"}),
        ("A dozen eggs.", {"type": "number", "value": "12", "text": "A dozen"}),
        ("Acmecloud is down.", {"type": "keyword", "value": "acme cloud", "text": "Acmecloud"}),
    ],
)
def test_an_entity_that_is_in_the_text(manifest, text, entity):
    """An entity is accepted if its words are in the text, or the rules find its value for some parameters."""
    (sample,) = read_manifest(manifest(line(text, entities=[entity]))).samples

    assert sample.entities == (ListedEntity(**entity),)


def test_proposals(manifest):
    """Entities are proposed where none are listed and the rules know the language; keywords are not among them."""
    path = manifest(
        line("Anna paid $5 on March 3rd.", keywords=["Anna"]),
        line("It cost $5.", audio="b.wav", entities=[]),
        line("Es kostet 5 Euro.", audio="c.wav", language="de"),
    )

    first, second, third = (propose(clip, DEFAULT) for clip in read_manifest(path).samples)

    assert [(one.type, one.value, one.text) for one in first] == [
        ("money", "USD 5", "$5"),
        ("date", "--03-03", "March 3rd"),
    ]
    assert second is third is None


def test_no_proposal_is_refused(manifest):
    """Whatever the rules find in a text can be listed, with and without its words."""
    for vector in golden_vectors():
        if vector.get("language", "en") == "en":
            parameters = EntityParameters(**vector.get("parameters", {}))
            for entity in extract(vector["text"], parameters=parameters):
                plain = {"type": entity.type, "value": entity.value}
                read_manifest(manifest(line(vector["text"], entities=[plain, {**plain, "text": entity.text}])))


def test_what_is_written_is_what_was_proposed(manifest):
    """After writing, each proposal is in its line, the copy is the old manifest, and nothing is left to propose."""
    path = manifest(line("Café $5."), line("No entity.", audio="b.wav"))
    before = path.read_bytes()

    backup = write_proposals(path, DEFAULT)

    first, second = read_manifest(path).samples
    assert first.entities == (ListedEntity(type="money", value="USD 5", text="$5"),)
    assert (first.text, second.entities) == ("Café $5.", ())
    assert [propose(clip, DEFAULT) for clip in (first, second)] == [None, None]
    assert backup.read_bytes() == before
    assert sorted(file.name for file in path.parent.iterdir()) == ["manifest.jsonl", "manifest.jsonl.bak"]


def test_other_lines_stay_byte_for_byte(manifest):
    """Lines with a list, lines in other languages, blank lines, line ends and a byte order mark are not touched."""
    listed = b'{"audio":"a.wav",   "text": "It cost $5.", "entities": []}\r'
    german = b'{"text": "f\\u00fcnf Euro", "audio":"b.wav", "language": "de"}'
    path = manifest(b"\xef\xbb\xbf" + listed, b"", german, b'{"audio": "c.wav", "text": "$7", "language": "en"}\r', b"")

    write_proposals(path, DEFAULT)

    kept = path.read_bytes().split(b"\n")
    assert kept[:3] == [b"\xef\xbb\xbf" + listed, b"", german]
    assert kept[3].endswith(b'"text": "$7"}]}\r')
    assert kept[4] == b""
    assert len(read_manifest(path).samples) == 3


def test_an_older_copy_is_kept(manifest):
    """A second writing makes a second copy and leaves the first alone."""
    path = manifest(line())
    first = write_proposals(path, DEFAULT)
    content = first.read_bytes()

    second = write_proposals(path, DEFAULT)

    assert second != first
    assert first.read_bytes() == content
