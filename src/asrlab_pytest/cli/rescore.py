"""Print the error rates of a stored run with several normalizations, side by side."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from asrlab_pytest.cli.project import positive, settings_here
from asrlab_pytest.cli.runs import warn_of_damages, warn_of_holes, warn_of_left_out
from asrlab_pytest.protocols.normalization.choice import Normalizations
from asrlab_pytest.records.cover import incomplete
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.reading import read_observed
from asrlab_pytest.remote import input_file
from asrlab_pytest.report.layout import percent
from asrlab_pytest.scoring.change import Interval
from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.scoring.rescoring import CLIPS_OWN, ModelCounts, Rescoring, rescored
from asrlab_pytest.tasks import NOUNS
from asrlab_pytest.visible import harmless

_WIDTH = 28
_ENTITIES = 15


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=input_file, metavar="FILE", help="file of --asr-record or --benchmark-json")
    parser.add_argument(
        "--normalization",
        action="append",
        metavar="NAME",
        help="a profile to score with (repeatable; default: each clip's own, and Whisper's for en)",
    )
    parser.add_argument("--jobs", type=positive, metavar="N", help="number of processes (default: one per core)")
    parser.add_argument("--json", action="store_true", help="print a JSON object with the counts")
    parser.add_argument("--partial", action="store_true", help="accept an incomplete run")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the rates. 1 where figures may lack observations: a line could not be used, or the run did not make all."""
    settings = settings_here()
    recorded = read_observed(options.file)
    known = Normalizations(settings.normalization, settings.normalizations)
    rules = Rescoring(
        names=tuple(options.normalization or _usual(recorded.first_pass, known)),
        chosen=settings.normalization,
        own=settings.normalizations,
        entities=settings.entities,
    )
    signatures = rules.signatures(recorded.first_pass)
    damaged = warn_of_damages(recorded)
    models = rescored(recorded.first_pass, rules, options.jobs)
    if options.json:
        print(json.dumps(_as_json(models, signatures), indent=2))
    else:
        _print_table(models, signatures)
        for sentence in incomplete(recorded):
            print(harmless(sentence))
    is_partial = [warn(recorded) for warn in (warn_of_holes, warn_of_left_out)]
    return int(damaged or (any(is_partial) and not options.partial))


def _usual(rows: Sequence[Observation], known: Normalizations) -> tuple[str, ...]:
    """What to score under where nothing is asked for: each clip's own and, where that is English, Whisper's."""
    choices = {(row.language, row.clip_normalization) for row in rows}
    usual = {known.chosen or name or known.choose(language).name for language, name in choices}
    if len(usual) > 1:
        return (CLIPS_OWN,)
    return (*(["en-whisper"] if usual == {"en"} else []), *usual)


def _print_table(models: Mapping[str, ModelCounts], signatures: Mapping[str, Sequence[str]]) -> None:
    width = max(map(len, ["model", *models]))
    columns = [*(max(len(name), _WIDTH) for name in signatures), _ENTITIES]
    heads = [f"{name:>{size}}" for name, size in zip([*signatures, "entities"], columns, strict=True)]
    unit = _unit(models)
    print(f"{'model':{width}}  {unit}  {'  '.join(heads)}")
    for model, counts in models.items():
        rates = [_cell(counts, place) for place in range(len(signatures))]
        rates.append(f"{percent(counts.entities.recall)} / {percent(counts.entities.error_rate)}")
        cells = [f"{rate:>{size}}" for rate, size in zip(rates, columns, strict=True)]
        print(f"{model:{width}}  {counts.clips:{len(unit)}}  {'  '.join(cells)}")
    print("WER [95% interval] / CER, pooled; of entities: recall / error rate")
    for signature in dict.fromkeys(each for signatures_of_one in signatures.values() for each in signatures_of_one):
        print(f"normalization {signature}")
    if any(counts.entities.reference_length + counts.entities.invented for counts in models.values()):
        for signature in _entity_protocols(models):
            print(f"entities {signature}")


def _unit(models: Mapping[str, ModelCounts]) -> str:
    """What is counted, as a word."""
    nouns = {f"{NOUNS[counts.task]}s" for counts in models.values()}
    return nouns.pop() if len(nouns) == 1 else "cases"


def _cell(counts: ModelCounts, place: int) -> str:
    interval = counts.interval(place)
    bounds = "" if interval is None else f" [{100 * interval.low:.1f}, {100 * interval.high:.1f}]"
    return f"{percent(counts.words[place].rate)}{bounds} / {percent(counts.characters[place].rate)}"


def _as_json(models: Mapping[str, ModelCounts], signatures: Mapping[str, Sequence[str]]) -> dict[str, object]:
    return {
        "normalizations": {
            name: ", ".join(signatures_of_profile) for name, signatures_of_profile in signatures.items()
        },
        "entities": _entity_protocols(models),
        "models": {
            model: {
                "task": counts.task,
                "clips": counts.clips,
                "normalizations": {
                    name: {
                        "words": {**_rate(counts.words[place]), "interval": _bounds(counts.interval(place))},
                        "characters": _rate(counts.characters[place]),
                    }
                    for place, name in enumerate(signatures)
                },
                "entities": counts.entities.as_json(),
            }
            for model, counts in models.items()
        },
    }


def _bounds(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def _rate(counts: Counts) -> dict[str, object]:
    return {"rate": counts.rate, **asdict(counts)}


def _entity_protocols(models: Mapping[str, ModelCounts]) -> list[str]:
    return sorted({protocol for counts in models.values() for protocol in counts.protocols})
