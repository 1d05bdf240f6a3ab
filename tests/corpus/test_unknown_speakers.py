"""A speaker who is not known is no group: clips of several must not count as those of one."""

import json

import pytest

NOBODY = ("unknown", "None", "nan", "N/A", " ")
LINE = {"audio_filepath": "one.wav", "duration": 1, "text": "hello"}
FORMATS = {
    "nemo": lambda speaker: {"manifest.json": json.dumps({**LINE, "speaker": speaker})},
    "kaldi": lambda speaker: {"wav.scp": "u1 one.wav\n", "text": "u1 hello\n", "utt2spk": f"u1 {speaker}\n"},
    "table": lambda speaker: {"list.csv": f"audio,text,speaker\none.wav,hello,{speaker}\n"},
    "audiofolder": lambda speaker: {
        "metadata.jsonl": json.dumps({"file_name": "one.wav", "text": "hello", "speaker": speaker})
    },
    "common-voice": lambda speaker: {
        "dev.tsv": f"client_id\tpath\tsentence\n{speaker}\tone.mp3\thello\n",
        "clips/x": "",
    },
}


@pytest.mark.parametrize(
    ("name", "speaker"), [(name, nobody) for name in FORMATS for nobody in NOBODY[: -1 if name == "kaldi" else None]]
)
def test_a_speaker_who_is_not_known(folder, name, speaker):
    """In every format, a word for nobody is no group, and a name is one."""
    for place, stated in (("nobody", speaker), ("somebody", "anna")):
        for file, content in FORMATS[name](stated).items():
            folder.text(f"{place}/{file}", content)
    place = "/list.csv" if name == "table" else ""

    assert [folder.clips(f"{at}{place}", format=name)[0].group for at in ("nobody", "somebody")] == [None, "anna"]
