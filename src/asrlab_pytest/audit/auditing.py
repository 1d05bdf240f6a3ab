"""Audits a corpus: without a model, and with what models heard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from asrlab_pytest.audit.audio_checks import against_manifest, of_sound, same_audio
from asrlab_pytest.audit.findings import FACTS, Audit, Finding
from asrlab_pytest.audit.hypotheses import LONG_ENOUGH, gathered
from asrlab_pytest.audit.hypothesis_checks import by_hypotheses
from asrlab_pytest.audit.swaps import short_swaps, swaps
from asrlab_pytest.audit.text_checks import of_text, same_text, speaking_rates
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.errors import ClipError
from asrlab_pytest.hints import runnable
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.sound.clip import Sound, measure
from asrlab_pytest.wording import many


def audit(  # noqa: PLR0913
    corpus: Corpus,
    clips: Sequence[Clip],
    rules: Rules,
    rows: Sequence[Observation] | None = None,
    *,
    progress: Iterable[Clip] | None = None,
    without_files: bool = False,
) -> Audit:
    """Look at clips, and give what was found.

    Findings that a review has accepted are left out; those that no review can accept (files that cannot be read or
    changed) are not.

    Args:
        corpus: Its references are what a hypothesis may belong to, chosen or not.
        clips: Those that are looked at.
        rules: How texts are compared.
        rows: Observations of any models; None if no model is asked.
        progress: The same clips, through something that shows how far it is.
        without_files: Whether a clip may lack its file, as it may where only transcripts are scored.
    """
    by_id = {clip.id: clip for clip in clips}
    texts = _normalized(clips, rules)
    sounds: dict[str, Sound] = {}
    findings = [finding for clip in clips for finding in of_text(clip, texts[clip.id])]
    listed = clips if progress is None else progress
    findings += _clip_by_clip((clip for clip in listed if not (without_files and not clip.audio.exists())), sounds)
    findings += [*same_audio(sounds, texts), *same_text(texts, sounds), *speaking_rates(by_id, sounds)]
    remarks: list[str] = []
    fresh: list[Observation] = []
    comparable = 0
    if rows is not None:
        fresh = [row for row in rows if _is_of_this_audio(row, sounds)]
        if changed := sum(row.corpus == corpus.name and not _is_of_this_audio(row, sounds) for row in rows):
            remarks.append(f"ignored {many(changed, 'transcript')} of different audio")
        testimony = by_models(corpus, clips, fresh, rules)
        findings += testimony.findings
        remarks += testimony.remarks
        comparable = testimony.comparable
    place = {clip.id: number for number, clip in enumerate(clips)}
    findings = _reviewed(by_id, findings)
    findings.sort(key=lambda finding: (place[finding.clip], finding.rank()))
    return Audit(
        corpus=corpus.name,
        clips=len(clips),
        findings=tuple(findings),
        remarks=tuple(remarks),
        quarantined=frozenset(clip.id for clip in clips if clip.quarantined),
        hypotheses=_by_clip(fresh),
        comparable=comparable,
    )


def _normalized(clips: Iterable[Clip], rules: Rules) -> dict[str, str]:
    choose = rules.normalizations.choose
    return {clip.id: choose(clip.language, clip.normalization).apply(clip.text) for clip in clips}


def _clip_by_clip(clips: Iterable[Clip], sounds: dict[str, Sound]) -> Iterator[Finding]:
    """Read each clip once; its measures stay in `sounds`, its samples go."""
    # A run whose transcripts alone are audited reads no audio.
    from asrlab_pytest.corpus.audio import load_audio

    for clip in clips:
        try:
            # The pins are compared here, so that a changed file differs from an unreadable one.
            sound = measure(load_audio(replace(clip, sha256=None, pcm_sha256=None)))
        except ClipError as error:
            sentence = error.problem.removeprefix(f"{clip.label}: ")
            yield Finding(clip=clip.id, check="unreadable", level="error", sentence=sentence, advice=error.hint)
            continue
        sounds[clip.id] = sound
        yield from against_manifest(clip, sound)
        yield from of_sound(clip, sound)


class Testimony(NamedTuple):
    """What models say of the clips."""

    findings: list[Finding]
    remarks: list[str]
    """Messages about models and clips that could not be checked."""
    comparable: int
    """Clips whose texts are long enough to be unlike the others."""


NOBODY_LISTENED = "no model has transcribed these clips, so swapped texts cannot be detected; pass a record, or run: "


def by_models(corpus: Corpus, clips: Iterable[Clip], rows: Iterable[Observation], rules: Rules) -> Testimony:
    """What models heard against the references of these clips. No audio is read.

    Args:
        corpus: All of it makes the models' competence, and the texts that a clip may say.
        clips: Those that findings are wanted of.
        rows: Observations of any clips of the corpus.
        rules: How texts are compared.
    """
    by_id = {clip.id: clip for clip in clips}
    chosen = [*by_id]
    known = gathered(corpus.by_id, _normalized(corpus.samples, rules), rows, rules)
    findings = [*swaps(known, {*chosen})]
    exchanged = {finding.clip for finding in findings}
    findings += short_swaps(known, [clip_id for clip_id in chosen if clip_id not in exchanged])
    exchanged |= {finding.clip for finding in findings}
    findings += by_hypotheses(known, [clip_id for clip_id in chosen if clip_id not in exchanged])
    transcribed = [clip_id for clip_id in chosen if clip_id in known.competent]
    is_long = [len(known.references[clip_id]) >= LONG_ENOUGH for clip_id in transcribed]
    short = sum(0 < len(known.references[clip_id]) < LONG_ENOUGH for clip_id in transcribed)
    remarks = [*known.remarks]
    if not any(clip_id in texts for texts in known.hypotheses.values() for clip_id in chosen):
        remarks.insert(0, NOBODY_LISTENED + runnable("asrlab audit --witness ready"))
    if short:
        remarks.append(
            f"{short} clip{'s have texts' if short > 1 else ' has a text'} of fewer than {LONG_ENOUGH} characters; "
            "a swap of these is detected only if models of two families write the other text exactly"
        )
    return Testimony(_reviewed(by_id, findings), remarks, sum(is_long))


def _by_clip(rows: Iterable[Observation]) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {}
    for row in rows:
        texts.setdefault(row.clip, {})[row.model] = row.hypothesis
    return texts


def _is_of_this_audio(row: Observation, sounds: Mapping[str, Sound]) -> bool:
    sound = sounds.get(row.clip)
    return sound is None or row.pcm_sha256 in (None, sound.pcm_sha256)


def _reviewed(clips: Mapping[str, Clip], findings: Iterable[Finding]) -> list[Finding]:
    """The findings as reviews left them: none where one was accepted, a note where the clip was set apart."""
    reviewed = []
    for finding in findings:
        clip = clips[finding.clip]
        if clip.review is None or finding.check in FACTS:
            reviewed.append(finding)
        elif clip.review.decision != "accept" or finding.check not in clip.review.checks:
            reviewed.append(replace(finding, level="note") if clip.quarantined else finding)
    return reviewed
