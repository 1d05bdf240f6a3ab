"""The clips of the repository: people and synthesizers, with origin, license and a clip beyond Whisper's window."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from asrlab_pytest.corpus.open import open_corpus

AUDIO = Path(__file__).parents[2] / "fixtures" / "audio"


@pytest.fixture(scope="module")
def clips():
    return open_corpus(str(AUDIO), {}, AUDIO).samples


@pytest.fixture
def make_clips(monkeypatch):
    """The script that makes the clips, as a module."""
    monkeypatch.syspath_prepend(str(AUDIO))
    import make_clips

    make_clips.why_no_recordings.cache_clear()
    yield make_clips
    make_clips.why_no_recordings.cache_clear()


def test_people_and_synthesizers(clips):
    """There are recordings of people and at least 20 synthetic clips, and each states group, license and source."""
    people = [clip for clip in clips if "human" in clip.tags]

    assert len(people) == 13
    assert len(clips) - len(people) >= 20
    assert all(clip.text and clip.language == "en" for clip in people)
    assert all(clip.group and clip.license and clip.source for clip in clips)
    assert all("pocketsphinx-testdata 0.8+5prealpha+1-15" in clip.source for clip in people)
    assert {"flite", "espeak-ng"} <= {clip.source.split()[0] for clip in clips}


def test_longer_than_the_window(clips):
    """One clip of people is so long that every engine meets its window of 30 s, and says what its parts say."""
    (joined,) = [clip for clip in clips if {"human", "long"} <= {*clip.tags}]
    parts = [clip for clip in clips if clip.id in joined.source.replace(",", "").split()]

    assert soundfile.info(joined.audio).duration >= 35
    assert len(parts) == 8
    assert sorted(joined.text.split()) == sorted(" ".join(part.text for part in parts).split())


@pytest.mark.parametrize(("answer", "reason"), [("exit 1", "is not installed"), ("echo -n 9.9", "9.9 is installed")])
def test_package_of_the_recordings_is_not_here(make_clips, tmp_path, monkeypatch, answer, reason):
    """Without the package, or with another version, recordings stay as they are, and the reason is told in words."""
    query = tmp_path / "dpkg-query"
    query.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    query.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "clips").mkdir()

    for clip in make_clips.RECORDINGS:
        make_clips.write_recording(clip, tmp_path, f"clips/{clip.id}.{clip.container}")

    assert reason in make_clips.why_no_recordings()
    copied = make_clips.contents(tmp_path)
    assert copied.items() <= make_clips.contents(AUDIO).items()
    assert len(copied) == 13


def test_another_file_in_the_package(make_clips, tmp_path, monkeypatch):
    """A file of the package that is not the one that the clip was made of ends the script, and is named."""
    clip = replace(make_clips.RECORDINGS[0], file="goforward.wav")
    monkeypatch.setattr(make_clips, "INSTALLED", tmp_path)
    shutil.copy(AUDIO / "clips/silence.wav", tmp_path / "goforward.wav")

    with pytest.raises(SystemExit, match=r"goforward\.wav is not the file that the clip goforward was made of"):
        make_clips.read_recording(clip)
