"""Compares the measured audio of a clip with its manifest line and its text. Thresholds: docs/reference/audit.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asrlab_pytest.audit.findings import Finding
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.grouping import grouped
from asrlab_pytest.sound.clip import Sound
from asrlab_pytest.wording import many

DURATION_OFF = 0.02
"""Seconds."""
UPSAMPLED = -50.0
"""Decibels above 4 kHz, relative to the whole."""
WIDE_BAND = 16_000
"""Hertz from which a file should hold something above 4 kHz."""
CLIPPED = 0.001
"""Share of samples at full scale."""
QUIET = -50.0
"""Decibels of the mean power below which a clip is quiet or, where nothing moves in it, silent."""
MOVES = 15.0
"""Decibels between loud and soft frames from which something happens in a clip."""
OFFSET = 0.02
VOICED_SECONDS = 0.6
VOICED_SHARE = (0.15, 0.9)
"""Of the clip; what is periodic all the time is a hum."""
LONGEST = 30.0
"""Seconds: Whisper's window."""
CANCELS = -7.0
"""Decibels of the mean of the channels, relative to that of uncorrelated ones."""


def against_manifest(clip: Clip, sound: Sound) -> Iterator[Finding]:
    """Hashes, duration and sample rate, as far as the manifest states them. All are errors."""
    for key in ("sha256", "pcm_sha256"):
        stated, actual = getattr(clip, key), getattr(sound, key)
        if stated is not None and stated.lower() != actual:
            what = "file" if key == "sha256" else "decoded samples"
            sentence = (
                f"the {what} changed since the manifest was written: {key} {actual[:12]}..., not {stated[:12]}..."
            )
            yield Finding(clip.id, "changed", "error", sentence, {"stated": stated, "found": actual})
            break
    if clip.duration is not None and abs(clip.duration - sound.seconds) > DURATION_OFF:
        sentence = f"{sound.seconds:.2f} s long; the manifest says {clip.duration:.2f} s"
        evidence = {"stated": clip.duration, "found": round(sound.seconds, 3)}
        yield Finding(clip.id, "duration", "error", sentence, evidence)
    if clip.sample_rate is not None and clip.sample_rate != sound.file_rate:
        sentence = f"the file has a sample rate of {sound.file_rate} Hz; the manifest says {clip.sample_rate} Hz"
        yield Finding(clip.id, "sample-rate", "error", sentence, {"stated": clip.sample_rate, "found": sound.file_rate})


def of_sound(clip: Clip, sound: Sound) -> Iterator[Finding]:
    """Problems of the audio itself, and of audio with or without a text."""
    if sound.gap is not None:
        sentence = f"the time stamps of its file {sound.gap.words}: nothing was sent, or a part was lost"
        yield Finding(clip.id, "gap", "note", sentence, sound.gap._asdict())
    if sound.downmix_db < CANCELS:
        sentence = (
            f"its channels cancel each other out when averaged: {-sound.downmix_db:.0f} dB are lost; "
            "set channel = 1 to use one of them"
        )
        yield Finding(clip.id, "channels-cancel", "error", sentence, {"downmix_db": round(sound.downmix_db, 1)})
        return
    is_silent = sound.rms < QUIET and sound.loud - sound.floor < MOVES
    if clip.text.strip() and is_silent:
        sentence = f"silent ({sound.rms:.0f} dB), but the text has {many(len(clip.text.split()), 'word')}"
        yield Finding(clip.id, "silence", "error", sentence, {"rms_db": round(sound.rms, 1)})
        return
    if clip.text.strip() and sound.rms < QUIET:
        yield Finding(clip.id, "quiet", "note", f"very quiet: {sound.rms:.0f} dB", {"rms_db": round(sound.rms, 1)})
    if not clip.text.strip() and _has_voice(sound):
        # Music and animals are voiced, too: only models know whether these are words.
        sentence = f"the text is empty, but {sound.voiced_s:.1f} s are voiced (speech or music)"
        evidence = {"voiced_s": round(sound.voiced_s, 2)}
        yield Finding(clip.id, "speech-without-text", "note", sentence, evidence)
    if sound.clipped > CLIPPED:
        sentence = f"{sound.clipped:.1%} of the samples are at full scale"
        yield Finding(clip.id, "clipping", "suspect", sentence, {"share": round(sound.clipped, 5)})
    if abs(sound.offset) > OFFSET:
        yield Finding(
            clip.id, "offset", "note", f"its mean is {sound.offset:+.3f}, not 0", {"mean": round(sound.offset, 4)}
        )
    yield from _of_shape(clip, sound, is_silent=is_silent)


def _of_shape(clip: Clip, sound: Sound, *, is_silent: bool) -> Iterator[Finding]:
    """Band, edges and length."""
    is_speech = clip.text.strip() and not is_silent
    if is_speech and sound.file_rate >= WIDE_BAND and sound.above_4k < UPSAMPLED:
        sentence = f"a {sound.file_rate} Hz file with nothing above 4 kHz: upsampled from 8 kHz"
        yield Finding(clip.id, "upsampled", "note", sentence, {"above_4k_db": round(sound.above_4k, 1)})
    if clip.text.strip() and (sound.starts_in_speech or sound.ends_in_speech):
        ends = [name for name, is_cut in (("start", sound.starts_in_speech), ("end", sound.ends_in_speech)) if is_cut]
        yield Finding(clip.id, "cut", "note", f"the clip cuts into speech at its {' and '.join(ends)}", {"edges": ends})
    if sound.seconds > LONGEST:
        sentence = f"{sound.seconds:.0f} s long: engines split it in different ways"
        yield Finding(clip.id, "long", "note", sentence, {"seconds": round(sound.seconds, 1)})


def _has_voice(sound: Sound) -> bool:
    least, most = VOICED_SHARE
    return (
        sound.voiced_s >= VOICED_SECONDS
        and least <= sound.voiced_s / sound.seconds <= most
        and sound.loud - sound.floor >= MOVES
    )


def same_audio(sounds: Mapping[str, Sound], texts: Mapping[str, str]) -> Iterator[Finding]:
    """Clips with the same samples: an error where their texts differ, for one of them is wrong.

    Args:
        sounds: By clip id.
        texts: The normalized references by clip id.
    """
    for ids in grouped((sound.pcm_sha256, clip_id) for clip_id, sound in sounds.items()).values():
        if len(ids) < 2:  # noqa: PLR2004
            continue
        differ = len({texts[clip_id] for clip_id in ids}) > 1
        for place, clip_id in enumerate(ids):
            others = ids[:place] + ids[place + 1 :]
            if differ:
                sentence = f"has the same samples as {', '.join(others)}, but a different text"
                yield Finding(clip_id, "same-audio", "error", sentence, {"others": others})
            elif place:
                sentence = f"has the same samples and text as {ids[0]}, so it counts twice"
                yield Finding(clip_id, "same-audio", "note", sentence, {"others": others})
