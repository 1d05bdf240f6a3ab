"""Run the accuracy gate on two files, with the same verdicts as pytest."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path

from asrlab_pytest.cli.project import settings_here
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.gates.accuracy import AccuracyTerms, judge_models
from asrlab_pytest.gates.coverage import observed_ids, of_incomplete, with_changes, with_coverage
from asrlab_pytest.gates.outcome import Outcome, worst_of
from asrlab_pytest.gates.pairing import Pairing, pair, with_reasons
from asrlab_pytest.gates.reasons import EXCLUDED, NO_RESULT
from asrlab_pytest.gates.result import GateResult
from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.baseline import Baseline, Texts, baseline_of, is_baseline, read_baseline
from asrlab_pytest.records.cover import UNPLANNED, holes, is_unplanned, missing_parts
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.outputs import refuse_foreign, refuse_input, refusing_unwritable
from asrlab_pytest.records.reading import RecordError, read_run
from asrlab_pytest.records.run import Run
from asrlab_pytest.records.stored_rows import by_model_id
from asrlab_pytest.records.writing import write_whole
from asrlab_pytest.remote import input_file, local_path
from asrlab_pytest.report.gate_terminal import write_gates
from asrlab_pytest.report.markdown import MARKER, RunReport, markdown
from asrlab_pytest.scoring.determinism import spreads
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.stored import rules_of, stored_scorecard
from asrlab_pytest.tasks import NOUNS
from asrlab_pytest.visible import PlainScreen, visible
from asrlab_pytest.wording import many

UNDECIDED = 3
_STATUS = {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.UNDECIDED: UNDECIDED}
_FAILING = {"regression": {Outcome.FAIL}, "undecided": {Outcome.FAIL, Outcome.UNDECIDED}, "never": set[Outcome]()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two files, judged."""

    base: Baseline
    head: Baseline
    """The newer side."""
    run: Run | None
    """The run of the newer side; None if its file is a baseline, which has texts but no times."""
    results: Sequence[GateResult]
    normalizations: Sequence[str]
    remarks: Sequence[str] = field(default=())

    @property
    def outcome(self) -> Outcome:
        """FAIL where any gate fails, else UNDECIDED where any is, else PASS."""
        return worst_of(result.outcome for result in self.results)


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("base", type=input_file, metavar="BASE", help="a baseline, record or pytest-benchmark JSON")
    parser.add_argument(
        "head", type=input_file, metavar="HEAD", help="the file to compare with BASE, in any of these formats"
    )
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="NEW=OLD",
        help="compare the model NEW of HEAD with OLD of BASE (repeatable; default: each with itself)",
    )
    parser.add_argument("--normalization", metavar="NAME", help="normalization for both files (default: as in a run)")
    parser.add_argument(
        "--markdown", type=local_path, metavar="FILE", help="also write a Markdown file for a pull request"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.add_argument(
        "--fail-on",
        choices=tuple(_FAILING),
        help="exit with 1 on these verdicts, with 0 on the others (default: 1 on fail, 3 on undecided)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    project = settings_here()
    settings = replace(
        project,
        baseline_model=(*project.baseline_model, *map(_mapping, options.model)),
        normalization=options.normalization or project.normalization,
    )
    if options.markdown is not None:
        refuse_input(options.markdown, (options.base, options.head), option="--markdown")
    comparison = compare(options.base, options.head, settings, named=options.model)
    if options.markdown is not None:
        _write(options.markdown, _report(comparison, settings))
    if options.json:
        print(json.dumps(_as_json(comparison), indent=2))
    else:
        _print(comparison)
    return _status(comparison.outcome, options.fail_on, settings)


def compare(base: Path, head: Path, settings: Settings, named: Sequence[str] = ()) -> Comparison:
    """Judge HEAD beside BASE: every model that both have, on the clips of both, scored by the same rules.

    Args:
        base: The older file.
        head: The newer file.
        settings: What is compared with what, by which rules, and how much worse is still good enough.
        named: The pairs NEW=OLD that were asked for, whose absence is an error.

    Raises:
        AsrlabError: a file cannot be used, or they share no clip.
    """
    rules = rules_of(settings)
    scorer = Scorer(rules, with_alignments=False)
    for path in (base, head):
        if not path.exists():
            raise RecordError(f"{path} does not exist", hint="name a record, a JSON of pytest-benchmark or a baseline")
    is_one_file = base.samefile(head)
    if is_one_file and not settings.baseline_model:
        raise _same_file(base, head)
    older, (newer, run) = read_baseline(base), _head(head)
    _refuse_unknown(named, older, newer)
    lost, gaps = (grouped(holes(run)), _gaps(run)) if run else ({}, [])
    before, now = (
        _with_silent(side.texts, tried) for side, tried in ((older, older.missing), (newer, _tried(run, lost)))
    )
    against = {model: settings.counterpart(model) for model in now}
    if is_one_file:
        # A model differs from itself in nothing: only the pairs of two models say something.
        against = {model: old for model, old in against.items() if model != old and old in older.texts}
        if not against:
            raise _same_file(base, head)
    pairings = [
        _explained(pair(model, old, now[model], before.get(old, {}), scorer), run, lost.get(model, ()))
        for model, old in against.items()
        if (old in before and (now[model] or before[old])) or lost.get(model)
    ]
    if not any(len(pairing.pairs) for pairing in pairings):
        nouns = {_noun(rows) for texts in (older.texts, newer.texts) for rows in texts.values()}
        noun = nouns.pop() if len(nouns) == 1 else "case"
        raise ConfigError(
            f"{base} and {head} share no {noun} of a model: {base} has {_having(older.texts)}; {head} has "
            f"{_having(newer.texts)}",
            hint=f"name two runs on the same {noun}s, or pair models with --model NEW=OLD",
        )
    terms = AccuracyTerms.of(settings.gates, spreads(by_model_id(run.observations if run else ()), rules))
    # Each task is a family of its own, as in a run.
    families = {noun: [pairing for pairing in pairings if pairing.noun == noun] for noun in NOUNS.values()}
    results = {model: result for family in families.values() for model, result in judge_models(family, terms).items()}
    return Comparison(
        base=older,
        head=newer,
        run=run,
        results=[
            _covered(of_incomplete(results[pairing.model], gaps), pairing, older, newer, lost.get(pairing.model, ()))
            for pairing in pairings
        ],
        normalizations=sorted({result.now.normalization for pairing in pairings for result in pairing.pairs}),
        remarks=[*_remarks(older, newer, run, against, pairings)],
    )


def _gaps(run: Run) -> list[str]:
    """What a run leaves out of what it was to do, other than planned cases, in words."""
    return [*missing_parts(run), *([f"it stopped, and {UNPLANNED}"] if is_unplanned(run) else [])]


def _tried(run: Run | None, lost: Collection[str]) -> Collection[str]:
    """The models of a run that it was to evaluate, whatever became of them."""
    return {*lost, *(run.models if run else ())}


def _with_silent(texts: Texts, tried: Collection[str]) -> Texts:
    """The texts of a side, with the models that gave none although they were to: they were not removed."""
    return {**texts, **{model: {} for model in tried if model not in texts}}


def _explained(pairing: Pairing, run: Run | None, lost: Collection[str]) -> Pairing:
    """The pairing, with what HEAD says of clips that it has no text of."""
    excluded = run.excluded if run and pairing.noun == NOUNS["asr"] else {}
    return with_reasons(pairing, lambda clip: EXCLUDED if clip in excluded else NO_RESULT if clip in lost else "")


def _covered(result: GateResult, pairing: Pairing, base: Baseline, head: Baseline, lost: Sequence[str]) -> GateResult:
    """The result, and how many of the samples that HEAD has or planned it covers."""
    is_newer = partial(base.is_newer, pairing.against)
    then, now = base.models.get(pairing.against, {}), head.models.get(pairing.model, {})
    changed = with_changes(result, pairing, then, now, base.origin)
    return with_coverage(changed, pairing, chain(observed_ids(pairing), lost), is_newer, pairing.set_aside)


def _head(path: Path) -> tuple[Baseline, Run | None]:
    if is_baseline(path):
        return read_baseline(path), None
    run = read_run(path)
    lost = [damage for damage in run.damages if not damage.is_tail]
    if lost:
        raise RecordError(f"{path} is damaged: {lost[0]}", hint="restore it, or record it again")
    return baseline_of(path, run), run


def _same_file(base: Path, head: Path) -> ConfigError:
    return ConfigError(
        f"{base} and {head} are the same file",
        hint="pass an older run first, or pair two models of the file with --model NEW=OLD",
    )


def _mapping(given: str) -> str:
    if not all(given.partition("=")):
        raise ConfigError(
            f"--model {given!r} is not of the form NEW=OLD", hint="write a model of HEAD, =, and one of BASE"
        )
    return given


def _refuse_unknown(named: Sequence[str], base: Baseline, head: Baseline) -> None:
    for given in named:
        new, _, old = given.partition("=")
        for model, path, texts in ((new, head.path, head.texts), (old, base.path, base.texts)):
            if model not in texts:
                raise ConfigError(
                    f"--model {given}: {path} has no text of {model}", hint=f"choose from {', '.join(sorted(texts))}"
                )


def _having(texts: Texts) -> str:
    counts = ((model, len(rows), _noun(rows)) for model, rows in texts.items())
    return ", ".join(f"{model} on {many(count, noun)}" for model, count, noun in counts) or "no text"


def _noun(rows: Mapping[str, Observation]) -> str:
    """What the model of these rows was evaluated on, as a word."""
    return NOUNS[next((row.task for row in rows.values()), "asr")]


def _remarks(
    base: Baseline, head: Baseline, run: Run | None, against: Mapping[str, str], pairings: Sequence[Pairing]
) -> Iterator[str]:
    """What was not compared, beside the clips that each gate names."""
    compared = {pairing.model for pairing in pairings}
    for model, old in against.items():
        if model in head.texts and model not in compared:
            as_old = "" if old == model else f" (as {old})"
            yield f"new model, not compared: {model}{as_old} is not in {base.path}"
    yield from (
        f"removed model, not compared: {model} is only in {base.path}"
        for model in _with_silent(base.texts, base.missing)
        if model not in against.values() and model not in head.texts
    )
    if run is None:
        yield f"{head.path} is a baseline: it has texts but no times, so speed and memory are not compared"
    elif run.failures:
        lost = [f"{failure.model} on {failure.clip}" for failure in run.failures]
        yield f"no observation in {head.path}: {', '.join(lost[:5])}{', ...' * (len(lost) > 5)}"  # noqa: PLR2004


def _status(outcome: Outcome, fail_on: str | None, settings: Settings) -> int:
    if fail_on is None and settings.undecided == "fail":
        fail_on = "undecided"
    return _STATUS[outcome] if fail_on is None else int(outcome in _FAILING[fail_on])


def _print(comparison: Comparison) -> None:
    """What was compared, what pytest prints of its gates, and what was not compared."""
    screen = PlainScreen(sys.stdout)
    screen.write_line(visible(f"{_named(comparison.head)} against {_named(comparison.base)}"))
    write_gates(screen, comparison.results)
    for remark in comparison.remarks:
        screen.write_line(visible(remark))
    for signature in comparison.normalizations:
        screen.write_line(f"normalization {signature}")


def _named(side: Baseline) -> str:
    return f"{side.path}{f' (commit {side.commit[:12]})' if side.commit else ''}"


def _as_json(comparison: Comparison) -> dict[str, object]:
    return {
        "outcome": comparison.outcome.value,
        "base": {"path": str(comparison.base.path), "commit": comparison.base.commit},
        "head": {"path": str(comparison.head.path), "commit": comparison.head.commit},
        "normalization": comparison.normalizations,
        "gates": [result.as_json() for result in comparison.results],
        "remarks": comparison.remarks,
    }


def _report(comparison: Comparison, settings: Settings) -> RunReport:
    """What the document says: with the scorecard of HEAD, where it has times."""
    run, compared = comparison.run, f"{_named(comparison.head)} against {_named(comparison.base)}"
    return RunReport(
        gates=comparison.results,
        card=stored_scorecard(run, settings) if run else None,
        environment=run.environment if run else None,
        commit=comparison.head.commit,
        remarks=[compared, *comparison.remarks],
    )


def _write(path: Path, report: RunReport) -> None:
    refuse_foreign(path, lambda head: head.startswith(MARKER.encode()), what="Markdown", option="--markdown")
    with refusing_unwritable(path, option="--markdown"):
        write_whole(path, markdown(report))
