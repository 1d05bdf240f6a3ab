"""References that belong to different audio, according to the hypotheses: pairs, cycles and chains of clips."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from asrlab_pytest.audit.findings import Evidence, Finding, Level
from asrlab_pytest.audit.hypotheses import LONG_ENOUGH, Hypotheses, distance
from asrlab_pytest.grouping import grouped
from asrlab_pytest.wording import first_few, shortened

GAIN = 0.15
"""By how much nearer another reference must be than the own."""
NEAR = 0.6
"""Distance of a member of a cycle, which the other members confirm."""
NEAR_ALONE = 0.35
"""Distance below which a clip is an error although no cycle confirms it; above, it is suspect."""
_LISTED = 8
"""How many clips of a cycle are named."""


@dataclass(frozen=True, slots=True)
class Move:
    """A clip whose audio says the reference of another."""

    clip: str
    says: str
    """Id of the clip whose reference it says."""
    own_distance: float
    """Distance to its own reference."""
    distance: float


def swaps(known: Hypotheses, chosen: Container[str]) -> Iterator[Finding]:
    """Clips that say the reference of another clip of the corpus, with the whole cycle where there is one.

    Args:
        known: References and hypotheses of the corpus.
        chosen: Ids of the clips that findings are wanted of.
    """
    moves = _moves(known)
    cycles = _cycles(moves)
    for clip_id, move in moves.items():
        if clip_id not in chosen:
            continue
        cycle = cycles.get(clip_id)
        level: Level = "error" if cycle is not None or move.distance < NEAR_ALONE else "suspect"
        text = known.clips[move.says].text if move.says in known.clips else known.references[move.says]
        is_pair = cycle is not None and len(cycle) == 2  # noqa: PLR2004
        sentence = f"the audio matches the text of {move.says}{', and vice versa' * is_pair}: {shortened(text)!r}"
        if cycle is not None and not is_pair:
            turned = [*cycle[cycle.index(clip_id) :], *cycle[: cycle.index(clip_id)], clip_id]
            sentence += f" (a cycle of {len(cycle)} texts: {' -> '.join(first_few(turned, _LISTED))})"
        evidence: Evidence = {
            "says": move.says,
            "text": text,
            "own_distance": round(move.own_distance, 3),
            "other_distance": round(move.distance, 3),
            "cycle": list(cycle or ()),
        }
        advice = "" if cycle is None else "swap the two texts" if is_pair else "give each clip the text of the next one"
        yield Finding(clip_id, "swapped", level, sentence, evidence, advice)


def _moves(known: Hypotheses) -> dict[str, Move]:
    """For each clip the reference of another that is much nearer than its own, if there is one."""
    owners = grouped((text, clip_id) for clip_id, text in known.references.items())
    nearer = {
        clip_id: neighbor for clip_id, texts in known.competent.items() if (neighbor := _nearer(clip_id, texts, known))
    }
    moves = {}
    for clip_id, (text, own_distance, other) in nearer.items():
        # Of clips that share a text, the one whose own audio says something else has lost it to this one.
        says = next((owner for owner in owners[text] if owner in nearer and owner != clip_id), owners[text][0])
        moves[clip_id] = Move(clip_id, says, own_distance, other)
    return moves


def _nearer(clip_id: str, texts: Mapping[str, str], known: Hypotheses) -> tuple[str, float, float] | None:
    """The reference that is nearest to what was heard, with the distances to the own and to it, where it is nearer.

    The model that is nearest to any reference decides: others that hear worse do not outvote it.
    """
    long_texts = [text for text in texts.values() if len(text) >= LONG_ENOUGH]
    measured = [neighbor for text in long_texts if (neighbor := _measured(clip_id, text, known))]
    if not measured:
        return None
    best, own_distance, other = min(measured, key=lambda neighbor: (min(neighbor[1:]), neighbor))
    return (best, own_distance, other) if own_distance - other > GAIN and other < NEAR else None


def _measured(clip_id: str, hypothesis: str, known: Hypotheses) -> tuple[str, float, float] | None:
    """The nearest other reference, and the distances of a text to the clip's own and to it."""
    others = {known.references[other] for other in known.index.nearest(hypothesis)} - {known.references[clip_id]}
    distances = {text: distance(hypothesis, text) for text in others if len(text) >= LONG_ENOUGH}
    if not distances:
        return None
    best = min(distances, key=lambda text: (distances[text], text))
    return best, distance(hypothesis, known.references[clip_id]), distances[best]


def short_swaps(known: Hypotheses, chosen: Iterable[str]) -> Iterator[Finding]:
    """Clips with short texts in which models of two families write exactly the text of another clip, the same one.

    Args:
        known: References and hypotheses of the corpus.
        chosen: Ids of the clips that findings are wanted of.
    """
    owners: dict[str, str] = {}
    for owner, text in known.references.items():
        owners.setdefault(text, owner)
    for clip_id in chosen:
        reference = known.references[clip_id]
        if not 0 < len(reference) < LONG_ENOUGH:
            continue
        written = known.competent.get(clip_id, {}).items()
        writers = grouped((text, model) for model, text in written if text and text in owners and text != reference)
        for text, models in writers.items():
            if len(known.families_of(models)) > 1:
                says = owners[text]
                raw = known.clips[says].text
                writing = f"{len(models)} models of {len(known.families_of(models))} families write"
                sentence = f"{writing} the text of {says}: {shortened(raw)!r}"
                yield Finding(clip_id, "swapped", "suspect", sentence, {"says": says, "text": raw})


def _cycles(moves: Mapping[str, Move]) -> dict[str, tuple[str, ...]]:
    """The cycle that each clip is in, by clip id. Every clip has one way on at most, so that they cannot overlap."""
    cycles: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    for start in moves:
        path: list[str] = []
        place = start
        while place in moves and place not in seen:
            seen.add(place)
            path.append(place)
            place = moves[place].says
        if place in path:
            cycle = tuple(path[path.index(place) :])
            cycles.update(dict.fromkeys(cycle, cycle))
    return cycles
