"""Readers of other packages that raise what they should not."""

import sys

import pytest

from asrlab_pytest.corpus import open as opening
from asrlab_pytest.corpus.open import detect, open_corpus, read_corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError


class Faulty:
    """A reader with a fault in one of its methods."""

    name = "faulty"
    looks_for = "anything"
    options = ()

    def __init__(self, *, detects: bool) -> None:
        self._detects = detects

    def detects(self, path):
        return self._detects or path.name["first"]

    def read(self, path, table):
        return dict([path.read_text().split("|")])


@pytest.fixture
def install(monkeypatch):
    """Makes a faulty reader the only one."""

    def put(**behavior):
        monkeypatch.setattr(opening, "reader_names", lambda: ("faulty",))
        monkeypatch.setattr(opening, "reader", lambda name: Faulty(**behavior))

    return put


def refusal(call):
    with pytest.raises(CorpusError) as caught:
        call()
    return caught.value


def test_a_reader_that_fails_to_read(install, tmp_path):
    """An exception of `read` is an error that names the file, the format and the exception."""
    install(detects=True)
    (listing := tmp_path / "calls.bar").write_text("no bar", encoding="utf-8")

    error = refusal(lambda: read_corpus(listing, CorpusTable(path=str(listing))))

    assert error.problem.startswith(f"{listing}: the reader of the format faulty failed: ValueError: ")
    assert "return dict([path.read_text()" in error.problem
    assert "asrlab_pytest/corpus/open.py" not in error.problem
    assert error.hint == "correct the file, or report it to the authors of the package that offers it"


def test_a_reader_that_ends_the_run(install, tmp_path, monkeypatch):
    """A reader that exits is refused as one that raises: its exit status would be that of the run."""
    install(detects=True)
    monkeypatch.setattr(Faulty, "read", lambda self, path, table: sys.exit(0))

    error = refusal(lambda: read_corpus(tmp_path, CorpusTable(path=str(tmp_path))))

    assert "the reader of the format faulty failed: SystemExit: 0\n" in error.problem


def test_a_reader_that_fails_to_detect(install, tmp_path):
    """An exception of `detects` is an error that says how to do without."""
    install(detects=False)
    (listing := tmp_path / "calls.bar").touch()

    error = refusal(lambda: detect(listing))

    assert "the reader of the format faulty failed: TypeError" in error.problem
    assert "--format" in error.hint


PAIRS = """
from asrlab_pytest import corpus_of, text_lines

class Pairs:
    name = "pairs"
    looks_for = "a .pairs file"
    options = ()

    def detects(self, path):
        return path.suffix == ".pairs"

    def read(self, path, table):
        rows = [line.split("|") for _, line in text_lines(path)]
        return corpus_of([{"audio": audio, "text": text} for audio, text in rows], name="calls", folder=path.parent)
"""


@pytest.fixture
def install_pairs(install_reader):
    """Installs a package with a reader of lines such as ``a.wav|hello``, after replacements in its code."""

    def put(**replacements):
        code = PAIRS
        for old, new in replacements.values():
            assert old in code
            code = code.replace(old, new)
        install_reader(code, "pairs = our_pairs:Pairs")

    return put


def test_an_error_in_detects(install_pairs, folder):
    """Where a reader fails to tell its format, the package and the line of its code are named with any corpus."""
    install_pairs(detects=('return path.suffix == ".pairs"', "return path.suffixes[7]"))
    folder.text("x.unknown", "hello")

    refusal = folder.refusal("x.unknown")

    assert "the reader of the format pairs failed: IndexError" in refusal
    assert "in detects\n    return path.suffixes[7]" in refusal
    assert "remove the package loud-reader 1.0; until then, state the format of the corpus: --format" in refusal


@pytest.mark.parametrize("fault", ["raise KeyError('phrase')", "return {}['phrase']"])
def test_an_error_in_looks_for(install_pairs, folder, fault):
    """A reader whose phrase raises is named with its package and the line of its code."""
    install_pairs(phrase=('looks_for = "a .pairs file"', f"@property\n    def looks_for(self):\n        {fault}"))
    folder.text("x.unknown", "hello")

    refusal = folder.refusal("x.unknown")

    assert "corpus format 'pairs' (our_pairs:Pairs) does not load: KeyError: 'phrase'" in refusal
    assert f"in looks_for\n    {fault}" in refusal
    assert refusal.count('File "') == 1
    assert "remove the package loud-reader 1.0" in refusal


def test_an_error_at_import(install_pairs, folder):
    """A reader whose module raises is named with the line of its code."""
    install_pairs(module=("class Pairs:", "1 / 0\nclass Pairs:"))
    folder.text("x.unknown", "hello")

    refusal = folder.refusal("x.unknown")

    assert "does not load: ZeroDivisionError" in refusal
    assert "in <module>\n    1 / 0" in refusal
    assert refusal.count('File "') == 1


def test_an_error_in_read(install_pairs, folder):
    """Of an error in a reader, the frames of its code are shown, and none of ours."""
    install_pairs(rows=("rows = [", "raise KeyError('segment')\n        rows = ["))
    folder.text("x.pairs", "a.wav|hello\n")

    refusal = folder.refusal("x.pairs")

    assert "failed: KeyError: 'segment'\n" in refusal
    assert "in read\n    raise KeyError('segment')" in refusal
    assert refusal.count('File "') == 1


KEYS = ("options = ()", 'options = ("options",)\n    option_keys = ("separator", "strict")')


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("seperator", "no option 'seperator'; did you mean separator?"),
        ("x", "no option 'x'; it knows separator, strict"),
    ],
)
def test_an_unknown_option(install_pairs, folder, key, words):
    """A reader that lists the keys of its options has others refused, with the key that looks like it."""
    install_pairs(keys=KEYS)
    folder.text("x.pairs", "a.wav|hello\n")

    assert f"the format pairs has {words}" in folder.refusal("x.pairs", options={key: ";"})
    assert len(folder.clips("x.pairs", options={"separator": ";"})) == 1
    with pytest.raises(CorpusError, match=r"correct options in \[tool.asrlab.corpora.calls\]"):
        open_corpus("calls", {"calls": CorpusTable(path="x.pairs", options={key: ";"})}, folder.path)


def test_options_of_a_reader_that_lists_none(install_pairs, folder):
    """A reader that does not say which keys it knows gets whatever the user states."""
    install_pairs(keys=("options = ()", 'options = ("options",)'))
    folder.text("x.pairs", "a.wav|hello\n")

    assert len(folder.clips("x.pairs", options={"anything": 1})) == 1


def test_an_empty_text(install_pairs, folder):
    """An outside reader's clip with an empty text is refused with file and clip, unless a tag says "nonspeech"."""
    install_pairs()
    path = folder.text("x.pairs", "a.wav|hello\nb.wav| \n")

    assert f"{path}: clip b: the text is empty" in folder.refusal("x.pairs")
    assert 'tag the clip "nonspeech"' in folder.refusal("x.pairs")
    assert len(folder.clips("x.pairs", tags=("nonspeech",))) == 2


def test_a_clip_without_speech(install_pairs, folder):
    """A clip that an outside reader itself tags as one without speech may have an empty text."""
    install_pairs(tags=('"text": text}', '"text": text, "tags": ["silence"]}'))
    folder.text("x.pairs", "a.wav|\n")

    assert [clip.text for clip in folder.clips("x.pairs")] == [""]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "the corpus calls has no clips"),
        ("a.wav|hello\nb.wav|good\nb.wav|bye\n", "the id 'b' is already that of clip 2"),
        (b"a.wav|hello\nb.wav|caf\xe9\n", "x.pairs:2: not UTF-8"),
        ("|hello\n", "clip 1 of calls: key 'audio': the path is empty"),
    ],
)
def test_a_mistake_in_a_corpus(install_pairs, folder, content, fault):
    """What `corpus_of` and `text_lines` refuse in an outside reader is said with the file."""
    install_pairs()
    path = folder.text("x.pairs", content)

    refusal = folder.refusal("x.pairs")

    assert refusal.startswith(str(path))
    assert fault in refusal
    assert "{" not in refusal


def test_bytes_in_another_encoding(install_pairs, folder):
    """A reader that decodes a text by itself is told how the file and the line can be named."""
    install_pairs(decoding=("text_lines(path)", "enumerate(path.read_text(encoding='utf-8').splitlines())"))
    path = folder.text("x.pairs", b"a.wav|caf\xe9 noir\n")

    refusal = folder.refusal("x.pairs")

    assert (
        f"{path}: the reader of the format pairs read a text that is not UTF-8, from the bytes b'\\xe9 noir" in refusal
    )
    assert "asrlab_pytest.text_lines" in refusal


@pytest.mark.parametrize(
    ("returned", "words"),
    [("[{}]", "a value of type list"), ("None", "None"), ("__import__('pathlib').Path()", "a value of type PosixPath")],
)
def test_a_result_that_is_no_corpus(install_pairs, folder, returned, words):
    """A reader that returns something else is refused with what it returned, and with what is expected."""
    install_pairs(result=("        return corpus_of(", f"        return {returned}\n        return corpus_of("))
    path = folder.text("x.pairs", "a.wav|hello\n")

    refusal = folder.refusal("x.pairs")

    assert f"{path}: the reader of the format pairs returned {words} instead of a Corpus" in refusal
    assert "read must return corpus_of(" in refusal


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('looks_for = "a .pairs file"', "pass", "has no looks_for"),
        ("def read(", "def reads(", "has no read"),
        ("options = ()", 'options = "columns"', "declares options = 'columns'; it must be a list of keys"),
        ("options = ()", 'options = ()\n    option_keys = "separator"', "declares option_keys = 'separator'"),
        ('name = "pairs"', 'name = "pair"', "declares name = 'pair'; it must be 'pairs', as its entry point"),
        ("def detects(self, path):", "detects = True\n    def other(self, path):", "declares detects = True"),
    ],
)
def test_a_member_that_is_missing(install_pairs, folder, old, new, fault):
    """A reader without a member, or with one of another type, is named with its class where formats are looked for."""
    install_pairs(member=(old, new))
    folder.text("x.unknown", "hello")

    refusal = folder.refusal("x.unknown")

    assert f"corpus format 'pairs' (our_pairs:Pairs) {fault}" in refusal
    assert "hint: correct or remove the package loud-reader 1.0" in refusal
