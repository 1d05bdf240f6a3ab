"""What the profile `en` costs beside the Whisper normalizer, over the golden texts: paired, in one run.

python benchmarks/normalization.py [--rounds 40]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from asrlab_pytest.protocols.normalization import normalization
from asrlab_pytest.protocols.normalization.goldens import goldens
from asrlab_pytest.protocols.normalization.whisper import english

LIMIT = 1.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    texts = [golden.text for golden in goldens("en")]
    ours, whisper = normalization("en").apply, english()
    pairs = [_pair(ours, whisper, texts, number) for number in range(options.rounds)]
    ratio = statistics.median(own / other for own, other in pairs[1:])
    for name, side in (("en", 0), ("Whisper", 1)):
        once = statistics.median(pair[side] for pair in pairs[1:]) / len(texts)
        print(f"{name}: {1e6 * once:.0f} µs a text")
    print(f"en takes {ratio:.2f} times the Whisper normalizer's time over {len(texts)} texts (limit {LIMIT})")
    raise SystemExit(ratio > LIMIT)


def _pair(
    ours: Callable[[str], str], whisper: Callable[[str], str], texts: list[str], number: int
) -> tuple[float, float]:
    """Processor time of both over all texts, one after the other, each first in every second round."""
    if number % 2:
        other, own = _time(whisper, texts), _time(ours, texts)
        return own, other
    return _time(ours, texts), _time(whisper, texts)


def _time(function: Callable[[str], str], texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        function(text)
    return time.process_time() - start


if __name__ == "__main__":
    main()
