"""The review of an audit: shows each clip that was flagged, takes a decision, and writes it into the manifest."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import soundfile

from asrlab_pytest.audit.findings import FACTS, Audit, Finding
from asrlab_pytest.cli.corpus.source import own_language, own_manifest
from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip, Decision, Review
from asrlab_pytest.corpus.write import backed_up, set_keys
from asrlab_pytest.errors import ClipError, ConfigError
from asrlab_pytest.hints import runnable
from asrlab_pytest.remote import local_path
from asrlab_pytest.waveform import SAMPLE_RATE

CHOICES = "[a]ccept the text as it is  other [t]ext  [q]uarantine  [d]rop  [s]kip  [p]lay  e[x]it"
_DONE = {
    "accept": "accepted as it is, and not reported again",
    "text": "corrected",
    "quarantine": "in quarantine: left out of pooled figures and gates",
    "drop": "dropped: in no run",
}
"""What a decision did, by its name in the manifest."""
_WORDS = {
    **dict.fromkeys(("a", "accept"), "accept"),
    **dict.fromkeys(("t", "text", "other text"), "text"),
    **dict.fromkeys(("q", "quarantine"), "quarantine"),
    **dict.fromkeys(("d", "drop"), "drop"),
    **dict.fromkeys(("s", "skip", ""), "skip"),
    **dict.fromkeys(("p", "play"), "play"),
    **dict.fromkeys(("x", "exit", "quit"), "exit"),
}


def review(name: str | None, audited: Audit, answers: str | None) -> int:
    """Go through the clips with errors and suspicions, one at a time. Each decision is written as it is made.

    Args:
        name: Name or path of the corpus; its manifest is written to.
        audited: The audit.
        answers: A file of answers, or "-" for standard input; None if a person is asked.

    Returns:
        1 where errors are left that nobody has decided on, or that no decision but to drop the clip can fix.

    Raises:
        AsrlabError: the corpus is not in a manifest of ours, or there is no file of answers.
    """
    corpus = own_manifest(name)
    flagged = [clip_id for clip_id, findings_of_clip in audited.by_clip.items() if findings_of_clip[0].level != "note"]
    desk = _Desk(answers)
    writer = _Manifest(corpus.manifest, own_language(name))
    undecided = set(audited.errors)
    stop = ""
    for number, clip_id in enumerate(flagged, start=1):
        clip, findings = corpus.by_id[clip_id], audited.by_clip[clip_id]
        print(f"\n[{number}/{len(flagged)}] {clip.id}  {clip.audio}")
        print("\n".join(_shown(clip, findings, audited.hypotheses.get(clip_id, {}))))
        desk.play(clip)
        decision = _decided(desk, clip, findings)
        if decision == "exit":
            stop = f"; the answers ended at clip {number} ({clip.id})" if desk.is_at_end else ""
            break
        if isinstance(decision, Outcome):
            writer.write(clip.id, decision)
            print(f"  {clip.id}: {_DONE[decision.review.decision]}")
            if decision.review.decision == "drop" or not any(finding.check in FACTS for finding in findings):
                undecided.discard(clip_id)
    backup = f"; backup: {writer.backup}" if writer.backup else ""
    print(f"\ndecided {writer.count} of {len(flagged)}{stop}{backup}")
    return int(bool(undecided))


@dataclass(frozen=True)
class Outcome:
    """A decision, and the corrected text where there is one."""

    review: Review
    text: str | None = None


class _Manifest:
    """Writes decisions into a manifest, which is copied before the first."""

    def __init__(self, path: Path, language: str | None) -> None:
        self._path = path
        self._language = language
        self.backup: Path | None = None
        self.count = 0

    def write(self, clip_id: str, outcome: Outcome) -> None:
        if self.backup is None:
            self.backup = backed_up(self._path, f".bak-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        decided = {key: value for key, value in asdict(outcome.review).items() if value not in (None, "", ())}
        keys: dict[str, object] = {"review": decided}
        if outcome.text is not None:
            keys["text"] = outcome.text
        set_keys(self._path, lambda clip: keys if clip.id == clip_id else None, self._language)
        self.count += 1


def _shown(clip: Clip, findings: Sequence[Finding], hypotheses: Mapping[str, str]) -> Iterator[str]:
    for finding in findings:
        yield f"  {finding.level:<8}{finding.check}: {finding.sentence}"
        if finding.advice:
            yield f"          do: {runnable(finding.advice)}"
    yield f"  text      {clip.text!r}"
    proposed = _proposal(findings)
    if proposed is not None:
        yield f"  proposed  {proposed!r}"
    for model, text in hypotheses.items():
        yield f"  heard     {text!r} ({model})"


def _proposal(findings: Sequence[Finding]) -> str | None:
    """The text that the findings speak for."""
    keys = {"swapped": "text", "consensus": "text", "mojibake": "repaired"}
    texts = [finding.evidence.get(keys[finding.check]) for finding in findings if finding.check in keys]
    return next((str(text) for text in texts if text), None)


def _decided(desk: _Desk, clip: Clip, findings: Sequence[Finding]) -> Outcome | str:
    """What is answered: an outcome, "skip" or "exit"."""
    while True:
        answer = desk.ask(f"{CHOICES} > ")
        chosen = "exit" if answer is None else _WORDS.get(answer.strip().lower())
        match chosen:
            case "skip" | "exit":
                return chosen
            case "play":
                desk.play(clip)
            case "text":
                text = _new_text(desk, clip, findings)
                if text is not None:
                    return Outcome(_review(desk, "text", findings, before=clip.text), text)
            case "accept" | "quarantine" | "drop":
                return Outcome(_review(desk, chosen, findings))
            case _:
                print(f"  {answer!r} is not a choice")


def _new_text(desk: _Desk, clip: Clip, findings: Sequence[Finding]) -> str | None:
    proposed = _proposal(findings)
    hint = " (empty: the proposed one)" if proposed else ""
    text = (desk.ask(f"text{hint} > ") or "").strip() or proposed
    if not text:
        print("  no text given; nothing changed")
        return None
    if clip.entities:
        print("  its entities still belong to the old text: correct them in the manifest")
    return text


def _review(desk: _Desk, decision: Decision, findings: Sequence[Finding], before: str | None = None) -> Review:
    reason = (desk.ask("reason > ") or "").strip()
    return Review(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        decision=decision,
        reason=reason,
        checks=tuple(dict.fromkeys(finding.check for finding in findings)),
        before=before,
    )


class _Desk:
    """Where questions are answered: by a person who can hear the clip, or by lines of a file."""

    def __init__(self, answers: str | None) -> None:
        self._lines = None if answers is None else iter(_lines_of(answers))
        self._player = _player() if answers is None else None
        self.is_at_end = False
        """Whether an answer was asked for that the input does not have."""

    def ask(self, question: str) -> str | None:
        """The answer; None at the end of the input."""
        if self._lines is not None:
            answer = next(self._lines, None)
            self.is_at_end = answer is None
            print(f"{question}{'' if answer is None else answer}")
            return answer
        try:
            return input(question)
        except EOFError:
            self.is_at_end = True
            return None

    def play(self, clip: Clip) -> None:
        """Play the clip, where there is a player."""
        if self._player is not None:
            self._player(clip)


def _lines_of(answers: str) -> list[str]:
    try:
        text = sys.stdin.read() if answers == "-" else local_path(answers).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{answers} cannot be read: {error}", hint="pass a file with one answer per line") from None
    return text.splitlines()


PLAYERS = (
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("afplay",),
    ("aplay", "-q"),
)


def _player() -> Callable[[Clip], None] | None:
    """Plays what an engine is given, with the first player that is installed."""
    command = next((player for player in PLAYERS if shutil.which(player[0])), None)
    if command is None:
        print("no player found (ffplay, afplay, aplay): open the files yourself")
        return None

    def play(clip: Clip) -> None:

        try:
            samples = load_audio(replace(clip, sha256=None, pcm_sha256=None)).samples
        except ClipError as error:
            print(f"  cannot be played: {runnable(error.in_one_line)}")
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "clip.wav"
            soundfile.write(path, samples, SAMPLE_RATE)
            subprocess.run([*command, str(path)], check=False)

    return play
