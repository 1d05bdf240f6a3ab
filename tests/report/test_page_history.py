"""Slices and history of the HTML page, in the order in which people read them."""

import re
from pathlib import Path

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.records.reading import read_run
from asrlab_pytest.report.history import histories_of
from asrlab_pytest.report.slices import slice_tables
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.stored import stored_scorecard
from stored_runs import end, environment, failure, held, observed, row, said, turn, write


def test_slices_of_all_models_are_in_order():
    """Durations and noise levels are in order even if the first model lacks one of them."""
    lengths, noise = [1.0, 3.0, 7.0], [-3.0, 7.0, 12.0]
    observations = [
        observed(model=model, clip=f"{place}", audio_s=lengths[place], snr_db=noise[place])
        for model, places in (("polly", (0, 2)), ("kea", (0, 1, 2)))
        for place in places
    ]

    tables = {table.caption: table for table in slice_tables(observations, Scorer(Rules()), ())}

    assert [r[0].text for r in tables["By length"].rows] == ["under 2 s", "2 to 5 s", "5 to 10 s"]
    names = [r[0].text for r in tables["By signal-to-noise ratio"].rows]
    assert names == ["under 0 dB", "5 to 10 dB", "10 to 20 dB"]


def changes(tmp_path, then, now):
    """What the page says of the newer of two runs, which are (environment, rows)."""
    runs = []
    for number, (keys, rows) in enumerate((then, now)):
        first = environment(time=f"2026-11-2{number}T10:00:00+00:00", **keys)
        runs.append(read_run(Path(write(tmp_path / f"{number}.jsonl", first, *rows, end()))))
    (history,) = histories_of([(run, stored_scorecard(run, Settings()), ()) for run in runs])
    return history.runs[1].events


def test_changes_are_in_the_order_of_the_models(tmp_path):
    """What changed between two runs is listed in the order of their models, the same on every page."""
    models = [f"model-{number}" for number in range(8)]
    then, now = ([row(model=model, weights_sha256=digit * 64) for model in models] for digit in "01")

    assert changes(tmp_path, ({}, then), ({}, now)) == tuple(
        f"weights: {model}: weights 00000000 -> 11111111" for model in models
    )


def test_protocol_and_corpus(tmp_path):
    """A run that was scored by another protocol, or is about another corpus, says so."""
    old = {"protocols": {"normalization": ["asrlab-norm/1.0+en#1111"], "entities": []}, "manifest": "a" * 64}
    new = {"protocols": {"normalization": ["asrlab-norm/1.1+en#2222"], "entities": []}, "manifest": "b" * 64}

    assert changes(tmp_path, (old, [row()]), (new, [row()])) == (
        "corpus: aaaaaaaaaaaa -> bbbbbbbbbbbb",
        "protocol: normalization en asrlab-norm/1.0+en#1111 -> asrlab-norm/1.1+en#2222",
    )


def test_models_that_come_and_go(tmp_path):
    """A model that was added or dropped is a change; one that failed on every clip is in the run."""
    then = [row(), row(model="kea"), failure(model="coco")]
    now = [row(), failure(model="kea"), row(model="dodo")]

    assert changes(tmp_path, ({}, then), ({}, now)) == ("model: dodo: added", "model: coco: not in this run")


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """The history on the page of three runs: the second has no kea and no TTS model, only the first has emu."""
    folder = tmp_path_factory.mktemp("nights")
    for night, models in enumerate((("polly", "kea", "emu"), ("polly",), ("polly", "kea"))):
        rows = [row(model=model) for model in models]
        rows += [said("go on now", "go on" if night else "go", weights_sha256=f"{night}" * 64)] if night != 1 else []
        rows += [held(turn("here", facts=[{"keyword": "station"}]), model="dodo")] if night == 2 else []
        write(folder / f"{night}.jsonl", environment(time=f"2026-11-2{night}T10:00:00+00:00"), *rows, end())
    assert main(["report", str(folder), "-o", str(folder / "report.html")]) == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    return page[page.index('id="history"') : page.index('id="environment"')]


def test_a_gap_is_no_line(history):
    """The line of a model is broken at a run without it."""
    lines = re.findall(r'd="(M [^"]*)" class="line (m\d)"', history)
    assert {(tone, path.count("M"), path.count("L")) for path, tone in lines} == {
        ("m0", 1, 2),
        ("m1", 2, 0),
        ("m2", 1, 1),
        ("m4", 1, 0),
    }


def test_only_models_with_a_history_are_in_its_legend(history):
    """The legend names the models with lines, also those that the newest run does not have."""
    legend = re.search(r'class="legend chart">(.*?)</p>', history)[1]
    assert re.findall(r"</span> (\w+)", legend) == ["polly", "kea", "coco", "emu"]


def test_speech_has_its_own_history(history):
    """TTS models have charts, a table and changes of their own, over the runs that have any."""
    assert re.findall(r"<h3>(.*?)</h3>", history) == ["History of TTS"]
    own = history[history.index("<h3>") :]
    assert re.findall(r"<title>(\w+ \w+ over .*?)</title>", own) == ["TTS WER over 2 runs", "TTS RTF over 2 runs"]
    assert re.findall(r"<td[^>]*>(\d+\.\d%)", own) == ["33.3%", "66.7%"]
    assert "weights: coco: weights 00000000 -&gt; 22222222" in own


def test_plot_draws_every_task(tmp_path):
    """Records of TTS and conversation are drawn, with the facts of dialogues; those of different tasks are not."""
    answer = held(turn("here", facts=[{"keyword": "station"}]), model="dodo")
    rows = ([said("go", "go"), answer], [said("go", "go"), answer], [row()])
    files = [str(write(tmp_path / f"{number}.jsonl", environment(), *some, end())) for number, some in enumerate(rows)]
    chart = tmp_path / "chart.svg"

    assert main(["plot", *files[:2], "-o", str(chart)]) == 0
    names = re.findall(r">((?:TTS|conversation) [^<]*) over 2 runs", chart.read_text(encoding="utf-8"))
    assert names == ["TTS WER", "TTS RTF", "conversation facts", "conversation WER", "conversation RTF"]
    assert main(["plot", *files[1:], "-o", str(chart)]) == 2


def test_a_run_outside_git_has_its_date_once(history):
    """A run that has no commit is named by its time alone, in charts without the year."""
    assert re.findall(r'class="tick">(\d\d-[^<]*)', history)[:3] == ["11-20 10:00", "11-21 10:00", "11-22 10:00"]
    assert re.findall(r'scope="row">([^<]*)<', history)[0] == "2026-11-22 10:00"
