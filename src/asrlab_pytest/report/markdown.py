"""A run as one Markdown document, for a comment on a pull request or the summary of a job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat

from asrlab_pytest.gates.outcome import Outcome, worst_of
from asrlab_pytest.gates.result import ClipChange, GateResult
from asrlab_pytest.grouping import in_turn
from asrlab_pytest.records.environment import Environment
from asrlab_pytest.report.escaping import code, preformatted, prose
from asrlab_pytest.report.gates import EXPECTED, change_lines, clip_lines, count_line, defects, in_order
from asrlab_pytest.report.markdown_cards import scorecard_section, spoken_section
from asrlab_pytest.report.scorecard import Scorecard
from asrlab_pytest.report.spoken_card import SpokenCard
from asrlab_pytest.wording import first_few, in_one_line, many

MARKER = "<!-- asrlab-pytest -->"
"""First line of every document, by which a bot finds the comment that it wrote before."""
COMMENT_LIMIT = 60_000
"""Bytes. GitHub takes 65536 characters in a comment; some are left for what a bot adds."""
SUMMARY_LIMIT = 1_000_000
"""Bytes. GitHub takes 1024 KiB in the summary of a step."""
_NAMED = 3
_LISTED = 50
_CLIP_LINES = 24
_LINE = 1000
_SECTION = 400
"""Bytes that the frame of a list of clips takes at most."""
_SIGNS = {Outcome.PASS: "✅", Outcome.FAIL: "❌", Outcome.UNDECIDED: "⚠️"}
_KINDS = ("worse", "better")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What the document is made of."""

    gates: Sequence[GateResult] = ()
    card: Scorecard | None = None
    """None if no ASR model was in the run."""
    spoken: Sequence[SpokenCard] = ()
    """Of models that speak."""
    environment: Environment | None = None
    commit: str | None = None
    """Of the project, where no environment is known."""
    """As it is in a record."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Why tests failed, in one line each, by their ids."""
    troubles: Sequence[str] = ()
    """Why the run is not green, other than its tests."""
    warnings: Sequence[str] = ()
    """Those of the run itself; a gate has its own."""
    remarks: Sequence[str] = ()
    link: str = ""
    """Address of the run."""


def markdown(report: RunReport, limit: int = COMMENT_LIMIT) -> str:
    """The document, in no more bytes than the limit.

    Clips are left out first, those that lost least before those that lost most, and the document says how many.
    """
    shown = {(index, kind): 0 for index in range(len(report.gates)) for kind in _KINDS}
    sections = sum(bool(getattr(result, kind)) for result in report.gates for kind in _KINDS)
    room = limit - _size(_document(report, shown)) - _SECTION * sections
    for index, kind, change in _ranked(report):
        room -= _size(_clip(kind, change))
        if room < 0:
            break
        shown[index, kind] += 1
    return _cut(_document(report, shown), limit)


def verdict(report: RunReport) -> Outcome:
    """FAIL where a gate, a test or the run failed, else UNDECIDED where a gate is, else PASS."""
    if report.failed or report.troubles:
        return Outcome.FAIL
    return worst_of(result.outcome for result in report.gates if not result.fails_as_expected)


def _document(report: RunReport, shown: Mapping[tuple[int, str], int]) -> str:
    outcome = verdict(report)
    parts = [
        f"{MARKER}\n## {_SIGNS[outcome]} asrlab: {outcome.value.upper()}",
        _summary(report),
        *_listed("Failed tests", [f"{code(test)}: {prose(why)}" for test, why in report.failed.items()]),
        *_listed("Why the run is not green", [prose(in_one_line(trouble)) for trouble in report.troubles]),
        *_listed("Warnings", [prose(in_one_line(warning)) for warning in report.warnings]),
        *(scorecard_section(report.card) if report.card else ()),
        *(part for card in report.spoken for part in spoken_section(card)),
        *(part for index, result in enumerate(report.gates) for part in _gate(result, index, shown)),
        *_listed("Remarks", [prose(remark) for remark in report.remarks]),
        *_environment(report),
    ]
    return "\n\n".join(parts) + "\n"


def _summary(report: RunReport) -> str:
    """The verdict on the whole run in one line."""
    parts = []
    for outcome, word in ((Outcome.FAIL, "failed"), (Outcome.UNDECIDED, "undecided"), (Outcome.PASS, "passed")):
        those = [result for result in report.gates if result.outcome is outcome and not result.fails_as_expected]
        names = ", ".join(f"{result.kind} of {code(result.model)}" for result in those[:_NAMED])
        more = f" and {len(those) - _NAMED} more" if len(those) > _NAMED else ""
        if those:
            parts.append(f"{many(len(those), 'gate')} {word} ({names}{more})")
    if expected := [result for result in report.gates if result.fails_as_expected]:
        parts.append(f"{many(len(expected), 'gate')} failed as expected")
    if report.failed:
        parts.append(f"{many(len(report.failed), 'test')} failed")
    parts += [f"{many(len(report.troubles), 'other cause')} of failure"] if report.troubles else []
    if not report.gates:
        parts.append("nothing was compared with a baseline")
    return f"**{'; '.join(parts)}.**"


def _listed(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"### {title}\n\n" + "\n".join(f"- {item}" for item in first_few(items, _LISTED))


def _gate(result: GateResult, index: int, shown: Mapping[tuple[int, str], int]) -> Iterator[str]:
    sign = _SIGNS[Outcome.UNDECIDED if result.fails_as_expected else result.outcome]
    yield (f"### {sign} {result.verdict}: {result.kind} of {code(result.model)} against {prose(result.opponent)}")
    lines = [
        *([EXPECTED] if result.fails_as_expected else []),
        *in_order(result, [prose(finding.statement) for finding in result.findings], _trips(result)),
        *(f"**warning**: {prose(warning)}" for warning in result.warnings),
        *(f"**changed**: {prose(line)}" for line in change_lines(result)),
        *(f"note: {prose(remark)}" for remark in result.remarks),
    ]
    if lines:
        yield "\n".join(f"- {line}" for line in lines)
    for kind in _KINDS:
        changes: Sequence[ClipChange] = getattr(result, kind)
        if changes:
            yield _clips(result, kind, changes, shown[index, kind])


def _trips(result: GateResult) -> list[str]:
    """New defects, which say what a model wrote."""
    shown = replace(result, trips=tuple(map(prose, result.trips)))
    return defects(shown, _LISTED, "**new defect**")


def _clips(result: GateResult, kind: str, changes: Sequence[ClipChange], shown: int) -> str:
    """The clips that fit, folded; and how many do not."""
    title = count_line(result, kind, changes)
    rest = len(changes) - shown
    if not shown:
        return f"{title}, left out here to stay within the size limit."
    more = many(rest, f"more {result.noun}")
    left = f"\n\n{more} {kind}, left out here to stay within the size limit." if rest else ""
    blocks = "".join(_clip(kind, change) for change in changes[:shown])
    return f"<details>\n<summary>{title}: before, reference and now</summary>\n{blocks}{left}\n\n</details>"


def _clip(kind: str, change: ClipChange) -> str:
    lines = [line.strip() if number == 0 else line[4:] for number, line in enumerate(clip_lines(kind, change))]
    lines = [lines[0], *(f"{line[:_LINE]}{'…' * (len(line) > _LINE)}" for line in lines[1:])]
    if len(lines) > _CLIP_LINES:
        lines = [*lines[:_CLIP_LINES], f"... and {len(lines) - _CLIP_LINES} more lines"]
    return f"\n{preformatted(lines)}\n"


def _ranked(report: RunReport) -> Iterator[tuple[int, str, ClipChange]]:
    """The clips of all gates: those worse first, of each gate the first, then of each the second."""
    for kind in _KINDS:
        lists: list[Sequence[ClipChange]] = [getattr(result, kind) for result in report.gates]
        yield from in_turn(
            zip(repeat(index), repeat(kind), changes, strict=False) for index, changes in enumerate(lists)
        )


def _environment(report: RunReport) -> Iterator[str]:
    """Where the run was made, in one line."""
    parts = [*_places(report.environment)] if report.environment else [*map(_commit, filter(None, [report.commit]))]
    if report.link:
        parts.append(f"[the run]({report.link})")
    if parts:
        yield "---\n\n" + "; ".join(parts)


def _places(environment: Environment) -> Iterator[str]:
    if git := environment.git:
        yield _commit(git.commit) + " with changes" * git.dirty
    yield from map(prose, filter(None, (environment.cpu, environment.accelerator, environment.os, environment.python)))
    if environment.packages:
        yield prose(", ".join(f"{name} {version}" for name, version in sorted(environment.packages.items())))
    for name, signatures in (environment.protocols or {}).items():
        if signatures:
            yield f"{prose(name)} {', '.join(code(signature) for signature in signatures)}"


def _commit(commit: str) -> str:
    return f"commit {code(commit[:12])}"


def _cut(document: str, limit: int) -> str:
    """A document within the limit, also where it is too long without any clip: then it ends at the end of a line."""
    if _size(document) <= limit:
        return document
    ending = "\n\nThe rest was left out to stay within the size limit.\n"
    lines, room = [], limit - _size(ending)
    for line in document.splitlines():
        room -= _size(line) + 1
        if room < 0:
            break
        lines.append(line)
    return "\n".join(lines) + ending


def _size(text: str) -> int:
    return len(text.encode())
