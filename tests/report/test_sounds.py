"""Which file the HTML report plays for a clip."""

import hashlib

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.report.clips import Observed, items_of
from asrlab_pytest.report.html.sound import Sounds
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.scorer import Scorer
from stored_runs import observed

SHA256 = hashlib.sha256(b"audio").hexdigest()


def sources(folder, clips, observations):
    """Where a page in a folder plays each clip from, without embedding."""
    items = items_of(Observed(observations=observations), Scorer(Rules()))
    sounds = Sounds(lambda name: clips[name.item], folder / "report.html", 0)
    sounds.add(items)
    return [sounds.source(item.audio) for item in items]


def test_other_audio_is_not_played(tmp_path):
    """A file that is not what was transcribed, or holds nothing, is not played under its id."""
    contents = {"same": b"audio", "other": b"music", "empty": b""}
    for name, content in contents.items():
        (tmp_path / f"{name}.wav").write_bytes(content)
    clips = {name: Clip(id=name, audio=tmp_path / f"{name}.wav", text="") for name in contents}

    played = sources(tmp_path, clips, [observed(clip=name, audio_sha256=SHA256) for name in contents])

    assert played == ["./same.wav", "", ""]


def test_a_file_of_segments_is_hashed_once(tmp_path, monkeypatch):
    """A long file is compared with the transcribed one only once, no matter how many clips it has."""
    path = tmp_path / "hour.wav"
    path.write_bytes(b"audio")
    clips = {f"{start}": Clip(id=f"{start}", audio=path, text="", start=start, end=start + 1) for start in range(5)}
    hashed, file_digest = [], hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda *given: hashed.append(given) or file_digest(*given))

    played = sources(tmp_path, clips, [observed(clip=clip, audio_sha256=SHA256) for clip in clips])

    assert played == [f"./hour.wav#t={start},{start + 1}" for start in range(5)]
    assert len(hashed) == 1
