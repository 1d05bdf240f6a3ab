"""A page to listen to speech that models made: one file without any other, beside the folder of the recordings."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.scoring.alignment import AlignedWord
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import score
from asrlab_pytest.scoring.spoken import score_dialogue, score_speech
from asrlab_pytest.visible import visible

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --bad: #b3261e; --good: #1b6e3c; --soft: #8882; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #7fd8a0; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 0 auto; padding: 1rem; }
article { border-top: 1px solid var(--line); padding: 1rem 0; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1rem; margin: 0; }
p { margin: .4rem 0; } audio { width: 100%; margin: .4rem 0; }
dl { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .4rem 0; }
dt, dd { display: inline; margin: 0; } dt { opacity: .7; }
del { color: var(--bad); } ins { color: var(--good); }
.faults { color: var(--bad); margin: .4rem 0; padding-left: 1.2rem; }
.turn { background: var(--soft); border-radius: .5rem; padding: .5rem .8rem; margin: .5rem 0; }
"""
_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
"""
_FIGURES: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "wer": ("WER of what was heard", lambda value: f"{value:.1%}"),
    "excess_wer": ("excess over the recording", lambda value: f"{value:+.1%}"),
    "rtf": ("RTF", lambda value: f"{value:.2f}"),
    "latency_s": ("all of it after", lambda value: f"{value:.2f} s"),
    "first_audio_s": ("first sound after", lambda value: f"{value:.2f} s"),
}


def entry(observation: Observation, rules: Rules, files: Sequence[str | None] = ()) -> dict[str, Any]:
    """What the page shows of an observation.

    Args:
        observation: Of TTS or conversation.
        rules: How texts are compared.
        files: From the page, the recording of a prompt's text, or that of each question of a dialogue.
    """
    shared = {
        "model": observation.model,
        "clip": observation.clip,
        "language": observation.language,
        "clip_normalization": observation.clip_normalization,
        "latency_s": observation.latency_s,
        "rtf": observation.rtf,
    }
    of_task = _of_prompt if observation.task == "tts" else _of_dialogue
    return {**shared, **of_task(observation, rules, files)}


def _of_prompt(observation: Observation, rules: Rules, files: Sequence[str | None]) -> dict[str, Any]:
    spoken, speech = observation.speech, score_speech(observation, rules)
    return {
        "reference": observation.reference,
        "hypothesis": observation.hypothesis,
        "voice": spoken.voice,
        "speech": {"file": spoken.utterance.file if spoken.utterance else None, "seconds": observation.audio_s},
        "first_audio_s": speech.first_audio_s,
        "recording": {"file": next(iter(files), None), "heard": spoken.recording_heard},
        "wer": speech.heard.wer,
        "excess_wer": speech.excess_wer,
        "faults": speech.faults,
    }


def _of_dialogue(observation: Observation, rules: Rules, files: Sequence[str | None]) -> dict[str, Any]:
    dialogue = score_dialogue(observation, rules)
    turns = [
        {
            "question": turn.question,
            "question_file": file,
            "answer": turn.answer,
            "heard": turn.heard,
            "file": turn.utterance.file if turn.utterance else None,
        }
        for turn, file in zip_longest(observation.speech.turns, files)
    ]
    sentences = [f"not said in {fact}" for fact in dialogue.facts.missed]
    sentences += [f"forbidden, but said in {fact}" for fact in dialogue.facts.found]
    return {
        "turns": turns,
        "first_audio_s": dialogue.first_audio_s,
        "wer": dialogue.agreement.wer,
        "faults": [*sentences, *dialogue.faults],
    }


def page(rows: Iterable[Mapping[str, Any]], title: str, rules: Rules | None = None) -> str:
    """The page, as HTML.

    Args:
        rows: One for each speech or dialogue: `model`, `clip`, and as far as they are there `reference`, `hypothesis`
            (what the judge heard), `language`, `voice`, `speech` (`file`, relative to the page, and `seconds`),
            `recording` (of the same text: `file` and `heard`), `wer`, `excess_wer`, `rtf`, `latency_s`,
            `first_audio_s`, `faults` (sentences), and `turns` (each with `question`, `answer`, `heard`,
            `question_file` and `file`).
        title: What stands above them.
        rules: How texts are compared.
    """
    rules = rules or Rules()
    articles = "".join(f"<article>\n{''.join(_row(row, rules))}</article>\n" for row in rows)
    return _HEAD.format(title=_text(title), style=_STYLE) + (articles or "<p>No speech.</p>\n") + "</body>\n</html>\n"


def _row(row: Mapping[str, Any], rules: Rules) -> Iterator[str]:
    voice = f", voice {_text(row['voice'])}" if row.get("voice") else ""
    yield f"<h2>{_text(row.get('model', ''))} · {_text(row.get('clip', ''))}{voice}</h2>\n"
    turns = row.get("turns") or ()
    if not turns:
        yield from _said(row.get("reference"), row.get("hypothesis"), row, rules)
    yield _player((row.get("speech") or {}).get("file"), "speech")
    yield from _recording(row, rules)
    for number, turn in enumerate(turns, start=1):
        yield f'<div class="turn">\n<p>{number}. <b dir="auto">{_text(turn.get("question") or "")}</b></p>\n'
        yield _player(turn.get("question_file"), "question")
        yield from _said(turn.get("answer"), turn.get("heard"), row, rules)
        yield _player(turn.get("file"), "answer") + "</div>\n"
    yield _figures(row)
    faults = "".join(f"<li>{_text(sentence)}</li>" for sentence in row.get("faults") or ())
    yield f'<ul class="faults">{faults}</ul>\n' if faults else ""


def _recording(row: Mapping[str, Any], rules: Rules) -> Iterator[str]:
    """The recording of the same text, so that whoever listens can tell the judge's errors from the model's."""
    recording = row.get("recording") or {}
    if recording.get("file") or recording.get("heard") is not None:
        yield '<div class="turn">\n<p>the recording of this text</p>\n'
        yield _player(recording.get("file"), "recording")
        yield from _heard(row.get("reference"), recording.get("heard"), row, rules)
        yield "</div>\n"


def _said(text: str | None, hypothesis: str | None, row: Mapping[str, Any], rules: Rules) -> Iterator[str]:
    """A text, and under it what the judge heard."""
    if text is not None:
        yield f'<p dir="auto">{_text(text)}</p>\n'
    yield from _heard(text, hypothesis, row, rules)


def _heard(text: str | None, hypothesis: str | None, row: Mapping[str, Any], rules: Rules) -> Iterator[str]:
    """What the judge heard of a text, with the words marked that differ."""
    if text is not None and hypothesis is not None:
        chosen = rules.normalizations.choose(row.get("language"), row.get("clip_normalization"))
        scored = score(text, hypothesis, normalization=chosen)
        words = " ".join(map(_marked, scored.alignment))
        yield f'<p dir="auto">heard: {words or "nothing"}</p>\n'


def _marked(word: AlignedWord) -> str:
    if word.edit == "hit":
        return _text(word.hypothesis)
    lost = f"<del>{_text(word.reference)}</del>" if word.reference else ""
    added = f"<ins>{_text(word.hypothesis)}</ins>" if word.hypothesis else ""
    return " ".join(part for part in (lost, added) if part)


def _figures(row: Mapping[str, Any]) -> str:
    shown = [(name, write(row[key])) for key, (name, write) in _FIGURES.items() if row.get(key) is not None]
    seconds = (row.get("speech") or {}).get("seconds")
    if seconds is not None:
        shown.insert(0, ("length", f"{seconds:.1f} s"))
    return (
        f"<dl>{''.join(f'<div><dt>{name}</dt> <dd>{value}</dd></div>' for name, value in shown)}</dl>\n"
        if shown
        else ""
    )


def _player(file: str | None, name: str) -> str:
    """A player of a file beside the page, whatever characters its name has; nothing where there is no file."""
    if not file:
        return ""
    # Never an address of its own: a scheme is quoted away, and a leading slash left out.
    source = "./" + quote(file.replace("\\", "/").lstrip("/"), safe="/", errors="replace")
    return f'<audio controls preload="none" src="{html.escape(source)}" aria-label="{name}"></audio>\n'


def _text(value: object) -> str:
    return html.escape(visible(str(value)))
