"""What models heard against the references, one clip at a time. Thresholds: docs/reference/audit.md."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from rapidfuzz import fuzz

from asrlab_pytest.audit.findings import Evidence, Finding, Level
from asrlab_pytest.audit.hypotheses import LONG_ENOUGH, Hypotheses, distance
from asrlab_pytest.grouping import grouped
from asrlab_pytest.scoring.alignment import align

FAR = 0.5
"""Own distance of the nearest model from which a clip is suspect."""
VERY_FAR = 0.65
"""Own distance of every model of two families from which it is an error."""
AGREE = 0.2
"""Median distance between models that agree."""
DISAGREE = 0.45
"""Median distance to the reference of models that agree on something else."""
TIMES = 3
"""How much nearer to each other than to the reference."""
MODELS = 3
FAMILIES = 2
SPAN_SHARE = 0.75
SPAN_DISTANCE = 0.3
COVERED = (0.9, 0.8)
"""Of the shorter text, found in the longer: of one below 20 characters, and of others."""
PART = 0.6
"""Share of the longer text that the shorter is at most, where one is a part of the other."""
SHORTEST_PART = 10
"""Characters."""
RATIO = 3.0
WORDS_HEARD = 3
"""Words that two families write where the text is empty."""


def by_hypotheses(known: Hypotheses, chosen: Iterable[str]) -> Iterator[Finding]:
    """Own distance, consensus, spans, parts, length ratios and unannounced speech.

    Args:
        known: References and hypotheses of the corpus.
        chosen: Ids of the clips that findings are wanted of.
    """
    for clip_id in chosen:
        hypotheses = known.competent.get(clip_id, {})
        reference = known.references[clip_id]
        if not reference:
            yield from _speech_without_text(clip_id, hypotheses, known)
            continue
        consensus = [*_consensus(clip_id, known)]
        yield from consensus
        if consensus:
            continue
        part = [*_partial(clip_id, reference, known)]
        yield from part or _own_distance(clip_id, reference, hypotheses, known)
        yield from _length_ratio(clip_id, reference, hypotheses, known)
        yield from _span(clip_id, reference, hypotheses, known)


def _own_distance(clip_id: str, reference: str, hypotheses: Mapping[str, str], known: Hypotheses) -> Iterator[Finding]:
    if len(reference) < LONG_ENOUGH or not hypotheses:
        return
    distances = {model: distance(text, reference) for model, text in hypotheses.items()}
    nearest = min(distances, key=lambda model: distances[model])
    if distances[nearest] <= FAR:
        return
    families = known.families_of(hypotheses)
    is_error = distances[nearest] > VERY_FAR and len(families) >= FAMILIES
    level: Level = "error" if is_error else "suspect"
    sentence = f"the audio does not seem to match its text: {_wrote(clip_id, nearest, known, is_error=is_error)}"
    yield Finding(clip_id, "own-distance", level, sentence, {"distances": _rounded(distances)})


def _wrote(clip_id: str, nearest: str, known: Hypotheses, *, is_error: bool) -> str:
    """What the models wrote instead of the reference: the same, or each its own."""
    text = f"{known.raw[nearest][clip_id]!r}"
    hypotheses = known.competent[clip_id]
    if not is_error:
        return f"{nearest} writes {text}"
    models = f"{len(hypotheses)} models of {len(known.families_of(hypotheses))} families write"
    return f"{models} {text}" if len({*hypotheses.values()}) == 1 else f"{models} other words, such as {text}"


def _consensus(clip_id: str, known: Hypotheses) -> Iterator[Finding]:
    """Models that agree need no other proof of competence; so all of them are asked."""
    hypotheses = {model: texts[clip_id] for model, texts in known.hypotheses.items() if clip_id in texts}
    if len(hypotheses) < MODELS or len(known.families_of(hypotheses)) < FAMILIES:
        return
    between = statistics.median(distance(text, other) for text, other in combinations(hypotheses.values(), 2))
    apart = statistics.median(distance(text, known.references[clip_id]) for text in hypotheses.values())
    longest = max(map(len, [known.references[clip_id], *hypotheses.values()]))
    if longest < LONG_ENOUGH or between > AGREE or apart < max(DISAGREE, TIMES * between):
        return
    middle = min(hypotheses, key=lambda model: sum(distance(hypotheses[model], other) for other in hypotheses.values()))
    text = known.raw[middle][clip_id]
    sentence = f"{len(hypotheses)} models of {len(known.families_of(hypotheses))} families agree on {text!r}"
    evidence: Evidence = {"text": text, "between_models": round(between, 3), "to_reference": round(apart, 3)}
    yield Finding(clip_id, "consensus", "error", sentence, evidence)


def _span(clip_id: str, reference: str, hypotheses: Mapping[str, str], known: Hypotheses) -> Iterator[Finding]:
    """Two or more words in a row that most models replace by the same others."""
    if len(hypotheses) < MODELS or len(known.families_of(hypotheses)) < FAMILIES:
        return
    words = reference.split()
    counts = Counter(span for text in hypotheses.values() for span in set(_replaced(words, text.split())))
    for (first, last, instead), count in counts.items():
        said = " ".join(words[first:last])
        if count >= SPAN_SHARE * len(hypotheses) and distance(said, instead) >= SPAN_DISTANCE:
            sentence = f"{count} of {len(hypotheses)} models write {instead!r} where the text has {said!r}"
            evidence: Evidence = {"text": said, "heard": instead, "first_word": first, "models": count}
            yield Finding(clip_id, "reference-span", "suspect", sentence, evidence)


def _replaced(words: Sequence[str], hypothesis: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Stretches of two or more words without a hit: first and last reference word, and the hypothesis there."""
    place = start = 0
    instead: list[str] = []
    for pair in [*align(words, hypothesis), None]:
        if pair is not None and pair.edit != "hit":
            instead += [pair.hypothesis] if pair.hypothesis else []
            place += bool(pair.reference)
            continue
        if place - start > 1:
            yield start, place, " ".join(instead)
        place += 1
        start, instead = place, []


def _partial(clip_id: str, reference: str, known: Hypotheses) -> Iterator[Finding]:
    """One of text and audio is a part of the other: by the nearest competent model, or by most families."""
    hypotheses = known.competent.get(clip_id, {})
    nearest = known.nearest_witness(clip_id)
    if nearest is None:
        return
    model, part = nearest, _part_of(reference, hypotheses[nearest])
    if part is None:
        model, part = _part_of_most(reference, hypotheses, known) or (nearest, None)
    if part is None:
        return
    text = hypotheses[model]
    kind = (
        "the audio contains only a part of its text" if part == "audio" else "the text is only a part of what is spoken"
    )
    evidence = {"heard": text, "reference": reference, "model": model}
    yield Finding(clip_id, "partial", "suspect", f"{kind}: {text!r}", evidence)


def _part_of_most(reference: str, hypotheses: Mapping[str, str], known: Hypotheses) -> tuple[str, str] | None:
    """A model and what it says is too short, where more than half of the families say the same."""
    saying = grouped((part, model) for model, text in hypotheses.items() if (part := _part_of(reference, text)))
    families = len(known.families_of(hypotheses))
    return next(
        ((models[0], part) for part, models in saying.items() if 2 * len(known.families_of(models)) > families), None
    )


def _part_of(reference: str, hypothesis: str) -> str | None:
    """Which of the two is too short: "audio", "text" or neither."""
    shorter, longer = sorted((hypothesis, reference), key=len)
    if len(shorter) < SHORTEST_PART or len(shorter) > PART * len(longer):
        return None
    # A long text has room for any short one: the part must be found nearly letter by letter.
    if fuzz.partial_ratio(shorter, longer) < 100 * COVERED[len(shorter) >= LONG_ENOUGH]:
        return None
    return "audio" if shorter == hypothesis else "text"


def _length_ratio(clip_id: str, reference: str, hypotheses: Mapping[str, str], known: Hypotheses) -> Iterator[Finding]:
    expected = len(reference.split())
    if expected < WORDS_HEARD:
        return
    ratios = {model: len(text.split()) / expected for model, text in hypotheses.items()}
    for name, outside in (
        ("longer", [model for model, ratio in ratios.items() if ratio > RATIO]),
        ("shorter", [model for model, ratio in ratios.items() if ratio < 1 / RATIO]),
    ):
        if len(known.families_of(outside)) >= FAMILIES:
            sentence = f"{len(outside)} models of {len(known.families_of(outside))} families write far {name} texts"
            yield Finding(clip_id, "length-ratio", "suspect", sentence, {"ratios": _rounded(ratios)})


def _speech_without_text(clip_id: str, hypotheses: Mapping[str, str], known: Hypotheses) -> Iterator[Finding]:
    speaking = {model: text for model, text in hypotheses.items() if len(text.split()) >= WORDS_HEARD}
    if len(known.families_of(speaking)) < FAMILIES:
        return
    between = statistics.median(distance(text, other) for text, other in combinations(speaking.values(), 2))
    if between <= 2 * AGREE:
        text = known.raw[next(iter(speaking))][clip_id]
        sentence = f"the text is empty, but {len(speaking)} models write {text!r}"
        yield Finding(clip_id, "speech-without-text", "suspect", sentence, {"heard": dict(speaking)})


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {model: round(figure, 3) for model, figure in figures.items()}
