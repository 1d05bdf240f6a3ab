"""Options that look at reference and hypothesis together: alternatives in the reference, and compounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise, product
from math import prod
from typing import TypeAlias

from rapidfuzz.distance import Levenshtein

from asrlab_pytest.patterns import lazy_pattern

_GROUP = lazy_pattern(r"\{([^{}|]*(?:\|[^{}|]*)+)\}")
_MOST = 64
"""How many combinations of alternatives are all tried; beyond them, the groups are chosen in turn."""
_WORD = lazy_pattern(r"(?:\{[^{}]*\}|\S)+")
_FEWEST_WORDS, _BESIDE = 40, 2
"""How long a section is, and how many words on either side of its end are the same in both texts."""
Errors: TypeAlias = tuple[int, int]
"""In words, and in characters: two groups that make one number are right together before either helps in words."""
_PARTS = range(2, 5)
"""How many words a compound is written as."""

ONE_GROUP = "write them as one group: {a|b|c}"
_UNREAD = lazy_pattern(r"\{[^{}|]*\||\|[^{}|]*\}")
_OF_SCLITE = lazy_pattern(r"\{[^{}|]* / [^{}|]*\}")


def has_alternatives(reference: str) -> bool:
    """Whether a reference holds a group such as ``{okay|o k}``."""
    return bool(_GROUP.search(reference))


def has_many_alternatives(reference: str) -> bool:
    """Whether there are more combinations of alternatives in a reference than are all tried."""
    return prod(map(len, _groups(reference))) > _MOST


def unread_alternatives(reference: str) -> str | None:
    """What is wrong with alternatives that are not in a group; None if nothing is."""
    rest = _GROUP.sub("", reference)
    if _OF_SCLITE.search(rest):
        return "alternatives in the form of sclite, which are read in trn and stm only"
    is_unread = _UNREAD.search(rest)
    return "alternatives within alternatives, or a brace that is not closed" if is_unread else None


def nearest_reference(reference: str, errors: Callable[[str], Errors]) -> str:
    """The reference with the alternatives that are nearest to the hypothesis; of equally near ones, the first.

    Args:
        reference: With groups such as ``{okay|o k}``, of which one alternative may be empty.
        errors: Counts the errors of the hypothesis, given a reference without groups.
    """
    groups = _groups(reference)
    if prod(map(len, groups)) <= _MOST:
        return min((_filled(reference, choice) for choice in product(*groups)), key=errors)
    chosen = _chosen_by_turns(groups, lambda choice: errors(_filled(reference, choice)))
    return _filled(reference, chosen)


def sections(
    reference: str, heard: Sequence[str], tokens: Callable[[str], Sequence[str]]
) -> Iterator[tuple[str, Sequence[str]]]:
    """Sections of a reference with many groups, each with the words that are its own in the hypothesis.

    Choosing alternatives in each by itself takes time that grows with the length, and not with its square.

    Args:
        reference: With groups such as ``{okay|o k}``.
        heard: The words of the normalized hypothesis.
        tokens: Gives the normalized words of a reference, with the first alternative of each group.
    """
    pieces = _pieces(reference)
    said = [tokens(piece) for piece in pieces]
    same = {
        block.a + offset: block.b + offset
        for block in Levenshtein.editops([word for words in said for word in words], heard).as_matching_blocks()
        for offset in range(block.size)
    }
    section, start, end = "", 0, 0
    for piece, words in zip(pieces, said, strict=True):
        section, end = section + piece, end + len(words)
        cut = same.get(end, -1)
        if all(same.get(end + place) == cut + place for place in range(-_BESIDE, _BESIDE)):
            yield section, heard[start:cut]
            section, start = "", cut
    if section:
        yield section, heard[start:]


def _pieces(reference: str) -> list[str]:
    """A reference cut between words that no group is next to, into pieces of some length."""
    words = [*_WORD.finditer(reference)]
    cuts = [0]
    for place in range(_BESIDE, len(words) - _BESIDE):
        beside = words[place - _BESIDE : place + _BESIDE]
        if place >= cuts[-1] + _FEWEST_WORDS and not any("{" in word[0] for word in beside):
            cuts.append(place)
    places = [0, *(words[cut].start() for cut in cuts[1:]), len(reference)]
    return [reference[start:end] for start, end in pairwise(places)]


def _chosen_by_turns(groups: Sequence[Sequence[str]], errors: Callable[[Sequence[str]], Errors]) -> Sequence[str]:
    """An alternative of each group, chosen given those of the others, until no other choice of one is nearer."""
    chosen: Sequence[str] = [group[0] for group in groups]
    before: Sequence[str] = []
    while chosen != before:
        before = chosen
        for place, group in enumerate(groups):
            choices = [[*chosen[:place], alternative, *chosen[place + 1 :]] for alternative in group]
            chosen = min([chosen, *choices], key=errors)
    return chosen


def first_reference(reference: str) -> str:
    """The reference with the first alternative of each group."""
    return _GROUP.sub(lambda found: found[1].partition("|")[0], reference)


def every_alternative(reference: str) -> str:
    """The reference with all alternatives of each group, side by side."""
    return _GROUP.sub(lambda found: f" {found[1].replace('|', ' ')} ", reference)


def _groups(reference: str) -> list[list[str]]:
    return [group.split("|") for group in _GROUP.findall(reference)]


def _filled(reference: str, chosen: Sequence[str]) -> str:
    following = iter(chosen)
    return _GROUP.sub(lambda _: next(following), reference)


def distance(said: Sequence[str], heard: Sequence[str]) -> Errors:
    """How far the words of two texts are from each other."""
    return count_errors(said, heard), Levenshtein.distance("".join(said), "".join(heard))


def count_errors(expected: Sequence[str], written: Sequence[str]) -> int:
    """How many substitutions, deletions and insertions make the words of one text those of the other."""
    return Levenshtein.distance(expected, written)


def join_compounds(reference: Sequence[str], hypothesis: Sequence[str]) -> list[str]:
    """The words of the hypothesis, its compounds written in as many words as in the reference.

    "white paper" and "whitepaper" are one compound. A word is only rewritten where that leaves fewer errors.
    """
    written = list(hypothesis)
    while not _are_same(reference, written):
        better = _with_compounds(reference, written)
        if better == written:
            return written
        written = better
    return list(reference)


def _with_compounds(reference: Sequence[str], hypothesis: Sequence[str]) -> list[str]:
    """The words of the hypothesis after each rewriting by itself that leaves fewer errors, or the first such pair."""
    written, errors = list(hypothesis), count_errors(reference, hypothesis)
    single = [*_rewritings(reference, hypothesis)]
    longer = rewritten = 0
    for start, end, words in single:
        if start < rewritten:
            continue
        changed = [*written[: start + longer], *words, *written[end + longer :]]
        if (left := count_errors(reference, changed)) < errors:
            written, errors = changed, left
            longer, rewritten = longer + len(words) - (end - start), end
    if rewritten:
        return written
    # Of a compound and its words side by side, in the other order, neither alone helps.
    for before in single:
        for after in single:
            if before[1] == after[0]:
                changed = [*written[: before[0]], *before[2], *after[2], *written[after[1] :]]
                if count_errors(reference, changed) < errors:
                    return changed
    return written


def _are_same(reference: Sequence[str], written: Sequence[str]) -> bool:
    """Whether two texts are the same words but for compounds."""
    if "".join(reference) != "".join(written):
        return False
    ends = [{*accumulate(map(len, words))} for words in (reference, written)]
    common = sorted(ends[0] & ends[1])
    stretches = zip(_by_end(reference, common), _by_end(written, common), strict=True)
    return all(said == heard or _is_compound(said, heard) for said, heard in stretches)


def _by_end(words: Sequence[str], ends: Sequence[int]) -> Iterator[list[str]]:
    """The words up to each of these places in the joined text."""
    following, place = iter(words), 0
    for end in ends:
        stretch: list[str] = []
        while place < end:
            stretch.append(next(following))
            place += len(stretch[-1])
        yield stretch


def _is_compound(said: Sequence[str], heard: Sequence[str]) -> bool:
    return min(len(said), len(heard)) == 1 and max(len(said), len(heard)) in _PARTS and not _is_number("".join(said))


def _rewritings(reference: Sequence[str], written: Sequence[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Stretches of the hypothesis that are a stretch of the reference but for the spaces: start, end, its words."""
    known = set(reference)
    parts = {
        "".join(reference[place : place + size]): list(reference[place : place + size])
        for size in _PARTS
        for place in range(len(reference) - size + 1)
    }
    for place, word in enumerate(written):
        if word in parts and not _is_number(word):
            yield place, place + 1, parts[word]
        for size in _PARTS:
            joined = "".join(written[place : place + size])
            if joined in known and place + size <= len(written) and not _is_number(joined):
                yield place, place + size, [joined]


def _is_number(word: str) -> bool:
    """Whether a word has digits and no letter: 2 10 is not 210."""
    return not any(map(str.isalpha, word)) and any(map(str.isdecimal, word))
