"""Print the error rates of existing transcripts. No model runs."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import redirect_stdout
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from asrlab_pytest.cli.corpus.source import named_corpus
from asrlab_pytest.cli.output import output_at
from asrlab_pytest.cli.project import key_and_name, settings_and_root
from asrlab_pytest.cli.runs import warn
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.languages import HINT
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.outputs import is_record, refuse_foreign, refusing_unwritable
from asrlab_pytest.records.run import Run
from asrlab_pytest.records.writing import write_record
from asrlab_pytest.remote import input_file
from asrlab_pytest.report.terminal import write_scorecard
from asrlab_pytest.scoring.entities import score_entity_rows
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.stored import rules_of, stored_scorecard
from asrlab_pytest.transcripts import FORMATS
from asrlab_pytest.transcripts.by_id import TextsById
from asrlab_pytest.transcripts.columns import Columns
from asrlab_pytest.transcripts.matching import Transcripts, matched, refuse_silence, refuse_unread_alternatives
from asrlab_pytest.transcripts.reading import Reading, References, named_files
from asrlab_pytest.transcripts.recording import record_lines, run_of
from asrlab_pytest.transcripts.utterance import of_clip
from asrlab_pytest.visible import PlainScreen


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="JSON lines, CSV, TSV, trn, stm or ctm, or a folder of ID.txt; MODEL=FILE names the model",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--reference", type=input_file, metavar="FILE", help="references, if the files do not contain them"
    )
    what.add_argument("--corpus", metavar="CORPUS", help="name or path of the corpus that has the references")
    parser.add_argument("--format", choices=FORMATS, help="format of the files (default: by their extension)")
    parser.add_argument("--column", action="append", default=[], metavar="KEY=NAME", help="column that contains a key")
    parser.add_argument("--delimiter", help="character between the columns of a table")
    parser.add_argument("--no-quotes", action="store_true", help="treat double quotes as part of the text")
    parser.add_argument("--language", metavar="CODE", help="language of references that have none")
    parser.add_argument("--normalization", metavar="NAME", help="normalization profile (default: as in a run)")
    parser.add_argument(
        "--silence", action="store_true", help="accept references without words, for clips without speech"
    )
    parser.add_argument(
        "--partial",
        action="store_true",
        help="accept hypotheses without a reference, and references without a hypothesis",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per line, for each hypothesis")
    parser.add_argument("--record", metavar="FILE", help="write a record for gates, audits and reports")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the figures. 1 where a reference or hypothesis has no counterpart, 2 where nothing can be scored."""
    settings, root = settings_and_root()
    settings = _chosen(settings, options)
    transcripts = _read(options, settings)
    settings = _with_reference_model(settings, transcripts)
    rules = rules_of(settings)
    if options.corpus is None:
        if not options.silence:
            refuse_silence(transcripts.references.by_id, rules)
        refuse_unread_alternatives(transcripts.references.by_id, rules)
    with TemporaryDirectory(prefix="asrlab-score-", ignore_cleanup_errors=True) as folder:
        scored = run_of(transcripts, settings, rules, root, Path(folder))
        if options.record is not None:
            screen = sys.stderr if options.json else sys.stdout
            with redirect_stdout(screen), output_at(options.record, option="--record") as output:
                _write(output.path, scored)
        if options.json:
            for row in scored.observations:
                print(json.dumps(_as_json(row, rules)))
        else:
            _print_scorecard(scored, settings)
    return _report_gaps(transcripts, partial=options.partial)


def _chosen(settings: Settings, options: argparse.Namespace) -> Settings:
    """The project's settings, and what the command line says of them."""
    try:
        return replace(
            settings,
            normalization=options.normalization or settings.normalization,
            language=options.language or settings.language,
        )
    except ValueError as error:
        raise ConfigError(f"--language: {error}", hint=HINT) from None


def _read(options: argparse.Namespace, settings: Settings) -> Transcripts:
    columns = Columns(
        named=dict(key_and_name(column, example="hypothesis=text") for column in options.column),
        delimiter=options.delimiter,
        quotes=not options.no_quotes,
    )
    files = named_files(options.files)
    reading = Reading(columns=columns, form=options.format)
    if options.corpus is None and options.reference is None:
        references, answers = reading.pairs(files)
    else:
        references = (
            _of_corpus(options.corpus)
            if options.corpus is not None
            else Reading(columns=columns, fallback=options.format).references(options.reference)
        )
        answers = [reading.answers(model, path, references) for model, path in files.items()]
    return matched(_in_language(references, settings.language), answers)


def _of_corpus(name: str) -> References:
    corpus = named_corpus(name)
    said = (of_clip(clip, str(corpus.manifest)) for clip in corpus.samples if not clip.is_dropped)
    return References(name=corpus.name, sha256=corpus.sha256, by_id=TextsById(said))


def _in_language(references: References, language: str | None) -> References:
    """The references, with the language of those that state none."""
    if language is None:
        return references
    texts = references.by_id.values()
    return replace(references, by_id=TextsById(replace(text, language=text.language or language) for text in texts))


def _with_reference_model(settings: Settings, transcripts: Transcripts) -> Settings:
    """The settings, whose reference model is one of the files' where they have it; else it is the first."""
    models = [answers.model for answers in transcripts.answers]
    return settings if settings.reference in models else replace(settings, reference=None)


def _print_scorecard(scored: Run, settings: Settings) -> None:
    card = stored_scorecard(scored, settings)
    assert card is not None
    write_scorecard(PlainScreen(sys.stdout), card)


def _as_json(row: Observation, rules: Rules) -> dict[str, object]:
    """The score of one hypothesis. `wer` and `cer` are null if the reference has no words."""
    score = rules.score(row)
    return {
        "model": row.model,
        "id": row.clip,
        "language": row.language,
        "wer": score.wer,
        "cer": score.cer,
        "equal": not (score.words.errors or score.characters.errors),
        "counts": asdict(score.words),
        "characters": asdict(score.characters),
        "entities": score_entity_rows([row], rules.entities).as_json(),
        "normalization": score.normalization,
        "reference": row.reference,
        "hypothesis": row.hypothesis,
    }


def _write(path: Path, scored: Run) -> None:
    refuse_foreign(path, is_record, what="record", option="--record")
    with refusing_unwritable(path, option="--record"):
        write_record(path, record_lines(scored))


def _report_gaps(transcripts: Transcripts, *, partial: bool) -> int:
    gaps = transcripts.gaps
    for gap in gaps:
        warn(gap)
    if gaps and not partial:
        print("  hint: correct the ids, or accept it: --partial", file=sys.stderr)
    return int(bool(gaps) and not partial)
