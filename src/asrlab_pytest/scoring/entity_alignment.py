"""Where in a hypothesis to look for a place of the reference: a window along the alignment of the words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from rapidfuzz.distance import Levenshtein

SLACK = 2
"""Words that a window is wider than the aligned words, on either side."""

Range = tuple[int, int]
"""From the first to behind the last."""


class Alignment:
    """Reference and hypothesis, aligned by their words: letters and digits, case folded."""

    def __init__(self, reference: str, hypothesis: str) -> None:
        self._reference = _Words(reference)
        self._hypothesis = _Words(hypothesis)
        self._opcodes = Levenshtein.opcodes(self._reference.texts, self._hypothesis.texts)

    def window(self, place: Range | None) -> Range:
        """The hypothesis's words that may answer to a place of the reference, given in characters; all for None."""
        if place is None:
            return 0, len(self._hypothesis.texts)
        start, end = self._aligned(*self._reference.range(*place))
        return start - SLACK, end + SLACK

    def words(self, place: Range) -> Range:
        """The words of a place of the hypothesis, which is given in characters."""
        return self._hypothesis.range(*place)

    def _aligned(self, start: int, end: int) -> Range:
        """The hypothesis's words that are aligned with words of the reference, and those inserted beside them."""
        first, last = len(self._hypothesis.texts), 0
        for code in self._opcodes:
            if code.src_end < start or code.src_start > end:
                continue
            is_insertion = code.src_start == code.src_end
            if not is_insertion and (code.src_end == start or code.src_start == end):
                continue
            lead = max(0, start - code.src_start)
            trail = max(0, code.src_end - end)
            is_pairwise = code.tag in {"equal", "replace"}
            first = min(first, code.dest_start + lead if is_pairwise else code.dest_start)
            last = max(last, code.dest_end - trail if is_pairwise else code.dest_end)
        return first, max(first, last)


class _Words:
    """The words of a text, with their places."""

    def __init__(self, text: str) -> None:
        matches = list(re.finditer(r"\w+", text))
        self.texts = [match.group().casefold() for match in matches]
        self._starts = [match.start() for match in matches]
        self._ends = [match.end() for match in matches]

    def range(self, start: int, end: int) -> Range:
        """The words that lie in a range of characters, whole or in part."""
        return bisect_right(self._ends, start), bisect_left(self._starts, end)
