"""Entity scores: which amounts, dates and names arrived, which were lost, and which were invented."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from asrlab_pytest.grouping import grouped
from asrlab_pytest.protocols.entities import (
    ENTITY_TYPES,
    Entity,
    EntityParameters,
    EntityType,
    ListedEntity,
    canonical_keyword,
    extract,
    occurrences,
    signature,
    spoken_form,
)
from asrlab_pytest.scoring.entity_matching import Alignment, EntityMatch, PlacedEntity, match
from asrlab_pytest.scoring.entity_pairing import Range, Ranges

if TYPE_CHECKING:
    from asrlab_pytest.records.observation import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a person has listed for a clip."""

    entities: tuple[ListedEntity, ...] | None = None
    """The entities of the reference; None if they are not listed, so that they are extracted."""
    keywords: tuple[str, ...] = ()
    """Names and terms to look for in reference and hypothesis."""

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The keywords, also those among the entities."""
        return (*self.keywords, *(entity.value for entity in self.entities or () if entity.type == "keyword"))


NOTHING_LISTED = Listed()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityCounts:
    """The outcomes of entities, and their rates. A rate without a denominator is None, never 0."""

    correct: int = 0
    moved: int = 0
    """Right, but elsewhere in the text; counts as a hit."""
    substituted: int = 0
    """Another value, or another type."""
    missed: int = 0
    invented: int = 0

    @property
    def hits(self) -> int:
        return self.correct + self.moved

    @property
    def errors(self) -> int:
        return self.substituted + self.missed + self.invented

    @property
    def reference_length(self) -> int:
        """N: entities of the reference."""
        return self.hits + self.substituted + self.missed

    @property
    def error_rate(self) -> float | None:
        """(S + D + I) / N; above 1 where more were invented than said."""
        return _ratio(self.errors, self.reference_length)

    @property
    def recall(self) -> float | None:
        """Of the entities that were said, those that arrived."""
        return _ratio(self.hits, self.reference_length)

    @property
    def precision(self) -> float | None:
        """Of the entities that were written, those that were said."""
        return _ratio(self.hits, self.hits + self.substituted + self.invented)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall: 2H / (2H + 2S + D + I)."""
        return _ratio(2 * self.hits, 2 * self.hits + 2 * self.substituted + self.missed + self.invented)

    def __add__(self, other: EntityCounts) -> EntityCounts:
        return EntityCounts(
            correct=self.correct + other.correct,
            moved=self.moved + other.moved,
            substituted=self.substituted + other.substituted,
            missed=self.missed + other.missed,
            invented=self.invented + other.invented,
        )

    def as_json(self) -> dict[str, object]:
        """Counts and rates as plain JSON."""
        return {
            **asdict(self),
            "error_rate": self.error_rate,
            "recall": self.recall,
            "precision": self.precision,
            "f1": self.f1,
        }


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityScore:
    """Entities of one clip, or of many pooled."""

    by_type: Mapping[EntityType, EntityCounts]
    """Only types that occur. A substitution counts for the reference's type, an invention for the hypothesis's."""
    matches: tuple[EntityMatch, ...]
    protocols: tuple[str, ...]
    """Signatures of the rules that extracted the entities."""
    unreviewed: int
    """Clips whose reference entities were extracted, because the manifest lists none."""

    @property
    def counts(self) -> EntityCounts:
        """Of all types."""
        return sum(self.by_type.values(), start=EntityCounts())

    @property
    def error_rate(self) -> float | None:
        """(S + D + I) / N; None if no entity was said."""
        return self.counts.error_rate

    @property
    def recall(self) -> float | None:
        """Of the entities that were said, those that arrived; None if none was said."""
        return self.counts.recall

    @property
    def precision(self) -> float | None:
        """Of the entities that were written, those that were said; None if none was written."""
        return self.counts.precision

    @property
    def f1(self) -> float | None:
        return self.counts.f1

    @property
    def keyword_recall(self) -> float | None:
        """Of the listed keywords that were said, those that arrived."""
        return self._keywords.recall

    @property
    def keyword_precision(self) -> float | None:
        """Of the listed keywords that were written, those that were said. One heard as another counts against it."""
        return self._keywords.precision

    @property
    def _keywords(self) -> EntityCounts:
        return self.by_type.get("keyword", EntityCounts())

    @property
    def lost(self) -> tuple[EntityMatch, ...]:
        """Every error: substituted, missed and invented entities."""
        return tuple(entity for entity in self.matches if entity.is_error)

    def as_json(self) -> dict[str, object]:
        """Plain JSON: counts and rates in all and by type, and a row for each entity."""
        return {
            "protocols": list(self.protocols),
            "unreviewed": self.unreviewed,
            **self.counts.as_json(),
            "by_type": {kind: counts.as_json() for kind, counts in self.by_type.items()},
            "matches": [entity.as_json() for entity in self.matches],
        }


def score_entities(
    reference: str,
    hypothesis: str,
    language: str | None = "en",
    *,
    listed: Listed = NOTHING_LISTED,
    parameters: EntityParameters | None = None,
) -> EntityScore:
    """Score the entities of a hypothesis.

    Args:
        reference: What was said.
        hypothesis: What the model wrote, untouched.
        language: ISO 639-1 code that chooses the rules.
        listed: What a person has listed for the clip.
        parameters: What the texts do not say by themselves; None for the defaults.
    """
    parameters = parameters or EntityParameters()
    named = listed.vocabulary
    said = _said(reference, language=language, parameters=parameters, keywords=named)
    written = said
    if hypothesis != reference:
        written = extract(hypothesis, language=language, parameters=parameters, keywords=named)
    placed = _extracted(said)
    as_listed: tuple[Entity, ...] = ()
    if listed.entities is not None:
        find = partial(occurrences, language=language, parameters=parameters)
        placed = _located(reference, listed.entities, said, find)
        as_listed = _as_listed(placed, said, written, partial(find, hypothesis))
    matches = match(placed, written, Alignment(reference, hypothesis), as_listed) if placed or written else ()
    return EntityScore(
        by_type=_by_type(matches),
        matches=matches,
        protocols=(signature(language, parameters),),
        unreviewed=int(listed.entities is None and any(entity.type != "keyword" for entity in said)),
    )


_said = lru_cache(maxsize=4096)(extract)
"""The entities of a reference, which comes again with every model, and at the end of the run."""


def score_entity_rows(rows: Iterable[Observation], parameters: EntityParameters) -> EntityScore:
    """The pooled score of observations."""
    return pooled_entities(
        score_entities(row.reference, row.hypothesis, row.language, listed=listed_of(row), parameters=parameters)
        for row in rows
    )


def listed_of(observation: Observation) -> Listed:
    """What was listed for the sample of an observation."""
    return Listed(entities=observation.reference_entities, keywords=observation.keywords)


def pooled_entities(scores: Iterable[EntityScore]) -> EntityScore:
    """The scores of many clips as one: sums of counts, never means of rates."""
    counts: dict[EntityType, EntityCounts] = defaultdict(EntityCounts)
    matches: list[EntityMatch] = []
    protocols: set[str] = set()
    unreviewed = 0
    for score in scores:
        for kind, of_type in score.by_type.items():
            counts[kind] += of_type
        matches += score.matches
        protocols.update(score.protocols)
        unreviewed += score.unreviewed
    return EntityScore(
        by_type={kind: counts[kind] for kind in ENTITY_TYPES if kind in counts},
        matches=tuple(matches),
        protocols=tuple(sorted(protocols)),
        unreviewed=unreviewed,
    )


def _by_type(matches: Sequence[EntityMatch]) -> dict[EntityType, EntityCounts]:
    fates = grouped((entity.type, entity.outcome) for entity in matches)
    return {kind: EntityCounts(**Counter[str](fates[kind])) for kind in ENTITY_TYPES if kind in fates}


def _extracted(said: Iterable[Entity]) -> list[PlacedEntity]:
    return [
        PlacedEntity(
            entity=ListedEntity(type=entity.type, value=entity.value, text=entity.text),
            place=(entity.start, entity.end),
        )
        for entity in said
    ]


def _located(
    reference: str,
    listed: Sequence[ListedEntity],
    said: Sequence[Entity],
    find: Callable[[str, ListedEntity], Iterable[Entity]],
) -> list[PlacedEntity]:
    """The listed entities where they are in the reference, and every keyword in it.

    What lies inside a keyword is left out, on this side as in the hypothesis.
    """
    keywords = _extracted(entity for entity in said if entity.type == "keyword")
    values = {placed.entity.value for placed in keywords}
    within = Ranges(enumerate(placed.place for placed in keywords if placed.place is not None))
    placed_entities = []
    used: set[Range] = set()
    for entity in listed:
        if entity.type == "keyword" and canonical_keyword(entity.value) in values:
            continue
        places = _places(entity, said, partial(find, reference))
        place = next((place for place in places if place not in used), None)
        if place is not None:
            used.add(place)
        if place is None or not within.overlapping(place):
            placed_entities.append(PlacedEntity(entity=entity, place=place))
    return sorted([*placed_entities, *keywords], key=lambda placed: placed.place or (len(reference), 0))


def _as_listed(
    placed: Iterable[PlacedEntity],
    said: Sequence[Entity],
    written: Sequence[Entity],
    find: Callable[[ListedEntity], Iterable[Entity]],
) -> tuple[Entity, ...]:
    """Where the hypothesis has entities that the rules do not find in the reference; one for each place.

    Inside what the rules read, they count only where they are so in the reference too: 5 in "5 to 10", but not "one"
    in "one hundred".
    """
    entities = {}
    places, others = (Ranges(enumerate((entity.start, entity.end) for entity in side)) for side in (said, written))
    for wanted in placed:
        read = {spoken_form(said[place]) for place in (places.overlapping(wanted.place) if wanted.place else ())}
        if spoken_form(wanted.entity) in read:
            continue
        for entity in find(wanted.entity):
            beside = (written[place] for place in others.overlapping((entity.start, entity.end)))
            if all(spoken_form(other) in read for other in beside if not _is_within(other, entity)):
                entities[spoken_form(entity), entity.start] = entity
    return tuple(entities.values())


def _is_within(entity: Entity, other: Entity) -> bool:
    return other.start <= entity.start and entity.end <= other.end


def _places(
    entity: ListedEntity, said: Iterable[Entity], find: Callable[[ListedEntity], Iterable[Entity]]
) -> Iterator[Range]:
    """Where a listed entity may be in the reference, the likeliest first: as the rules read it, as it is listed."""
    for word in said:
        if (word.type, word.value) == (entity.type, entity.value) and entity.text in {None, word.text}:
            yield word.start, word.end
    for word in find(entity):
        yield word.start, word.end
