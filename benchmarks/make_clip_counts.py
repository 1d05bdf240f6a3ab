"""Make `clip_counts.json`, the numbers that the simulation of the gates draws from, of a record of several models.

No text, no name and no clip id leaves the record: speakers are numbered, and clips are in the order of their lengths.

python benchmarks/make_clip_counts.py RECORD [RECORD ...] MODEL=NAME [MODEL=NAME ...]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from simulated_runs import COUNTS

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.scorer import Scorer


def side(row: Observation, scorer: Scorer) -> list[int]:
    """What one model made of one clip: see `simulated_runs.Side`."""
    score, entities = scorer.score(row), scorer.entities(row).counts
    words = score.words
    return [
        *(words.hits, words.substitutions, words.deletions, words.insertions),
        *(score.characters.reference_length, score.characters.errors),
        *(entities.reference_length, entities.errors),
    ]


def main() -> None:
    records = [Path(given) for given in sys.argv[1:] if "=" not in given]
    names = dict(given.split("=", 1) for given in sys.argv[1:] if "=" in given)
    rows = [row for record in records for row in read_run(record).observations if row.model in names]
    scorer = Scorer(Rules())
    found: dict[str, dict[str, list[int]]] = {name: {} for name in names.values()}
    for row in rows:
        found[names[row.model]][row.clip] = side(row, scorer)
    groups = {row.clip: row.group or row.clip for row in rows}
    common = set.intersection(*(set(clips) for clips in found.values()))
    first = next(iter(found.values()))
    clips = sorted(common, key=lambda clip: (sum(first[clip][:3]), clip))
    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups[clip] for clip in clips))}
    speakers = json.dumps([numbers[groups[clip]] for clip in clips])
    models = ",\n".join(f'  "{name}": {json.dumps([own[clip] for clip in clips])}' for name, own in found.items())
    COUNTS.write_text(f'{{"speakers": {speakers},\n "models": {{\n{models}\n }}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
