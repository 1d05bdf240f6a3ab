"""What entities cost beside the normalization of the same texts, and what a whole score costs: paired, in one run.

python benchmarks/entities.py [--rounds 20]

Each text has 20 plain words, few of which begin an entity, as in most speech.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from random import Random

from asrlab_pytest.protocols.entities import extract
from asrlab_pytest.protocols.normalization import normalization
from asrlab_pytest.scoring.entities import score_entities
from asrlab_pytest.scoring.score import score

LIMIT = 2.0
"""Extraction over normalization with the profile `en`."""
TEXTS = 500
PLAIN = (
    "the quick brown fox jumps over a lazy dog near our old house and all the people think about what they were told "
    "when she came home after long years with friends from school every day before breakfast he said that nothing can "
    "be as it was in light of what had happened there while children played outside under trees at the river to see "
    "if you know some other way for us then tell me one more time"
)

Pair = tuple[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    pairs = _pairs(Random("entities"))
    normalize = normalization("en").apply
    measured: dict[str, Callable[[Pair], object]] = {
        "normalization of a text": lambda pair: normalize(pair[1]),
        "extraction from a text": lambda pair: extract(pair[1]),
        "score_entities of a pair": lambda pair: score_entities(*pair),
        "score of a pair": lambda pair: score(*pair),
    }
    rounds = [{name: _time(function, pairs) for name, function in measured.items()} for _ in range(options.rounds + 1)]
    for name in measured:
        print(f"{name}: {1e6 * statistics.median(one[name] for one in rounds[1:]) / TEXTS:.0f} µs")
    base, own, *_ = measured
    ratio = statistics.median(one[own] / one[base] for one in rounds[1:])
    print(f"extraction takes {ratio:.2f} times the time of normalization over {TEXTS} texts (limit {LIMIT})")
    raise SystemExit(ratio > LIMIT)


def _pairs(random: Random) -> list[Pair]:
    """References, each with a hypothesis in which some words differ."""
    words = PLAIN.split()
    pairs = []
    for _ in range(TEXTS):
        reference = random.choices(words, k=20)
        hypothesis = [random.choice(words) if random.random() < 0.1 else word for word in reference]
        pairs.append((" ".join(reference), " ".join(hypothesis)))
    return pairs


def _time(function: Callable[[Pair], object], pairs: list[Pair]) -> float:
    start = time.process_time()
    for pair in pairs:
        function(pair)
    return time.process_time() - start


if __name__ == "__main__":
    main()
