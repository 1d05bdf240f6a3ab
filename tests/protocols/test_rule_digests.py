"""The signature follows what the rules do: not comments, names or files, but every change of a rule."""

import importlib
import re
import shutil
import sys
from functools import cache
from pathlib import Path

import pytest

import asrlab_pytest.protocols.normalization as package
from asrlab_pytest.protocols.normalization import PROFILES, normalization
from asrlab_pytest.protocols.normalization.rules import digest_of

RULES = """
import re

_WORDS = {"colour": "color"}
_PATTERN = re.compile("[a-z]+")

def _replaced(found):
    return _WORDS.get(found[0], found[0])

def apply(text, *, limit=5):
    if len(text) < limit:
        return text
    return _PATTERN.sub(_replaced, text.lower())
"""


def digest(folder: Path, source: str, name: str = "rules") -> str:
    """The digest of the function `apply`, or `normalize`, of a module of this source."""
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(f"written_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return digest_of(getattr(module, "apply", None) or module.normalize)


def test_names_comments_and_places_do_not_count(tmp_path):
    """A digest is the same when functions, variables and files are renamed, moved, commented or annotated."""
    same = [
        RULES + "\n# a comment\n",
        RULES.replace("_WORDS", "_TABLE").replace("_replaced", "_new_word").replace("text", "line"),
        RULES.replace("def apply(", "def normalize("),
        RULES.replace("def apply(text,", "def apply(text: str,").replace("    if len", '    """Docs."""\n    if len'),
        RULES.replace('_WORDS = {"colour": "color"}\n', "") + '\n_WORDS = {"colo" + "ur": "color"}\n',
    ]
    found = {digest(tmp_path, source, f"rules{number}") for number, source in enumerate([RULES, *same])}

    assert len(found) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"color"', '"colors"'),
        ("[a-z]+", "[a-z]*"),
        ("limit=5", "limit=6"),
        (".lower()", ".upper()"),
        ("<", "<="),
        ("found[0], found[0]", 'found[0], ""'),
        ("_PATTERN.sub(_replaced, text.lower())", "_PATTERN.sub(_replaced, text.lower(), 1)"),
    ],
)
def test_every_change_of_a_rule_counts(tmp_path, old, new):
    """A digest changes with a table, a pattern, a default, an operator, and a function that is called."""
    changed = RULES.replace(old, new)

    assert changed != RULES
    assert digest(tmp_path, changed, "changed") != digest(tmp_path, RULES)


def fingerprints(folder: Path, name: str, edit=lambda path, text: text) -> dict[str, str]:
    """The fingerprints of a copy of the whole package under another name, its files edited."""
    source = Path(package.__file__).parent
    target = folder / name
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    for path in target.rglob("*.py"):
        text = path.read_text(encoding="utf-8").replace(package.__name__, name)
        path.write_text(edit(path.relative_to(target).as_posix(), text), encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        copied = importlib.import_module(name)
        return {profile: copied.normalization(profile).fingerprint for profile in copied.PROFILES}
    finally:
        sys.path.remove(str(folder))


@cache
def own():
    """The fingerprints of the installed package, by profile."""
    return {profile: normalization(profile).fingerprint for profile in PROFILES}


def test_the_package_elsewhere_has_the_same_signatures(tmp_path):
    """The rules in another package, each file with a comment and a private function renamed, keep all fingerprints."""

    def edit(path, text):
        return "# Moved.\n" + re.sub(r"\b_spoken_fractions\b", "_said_fractions", text)

    assert fingerprints(tmp_path, "moved_rules", edit) == own()


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("english/text.py", "uh[ -]huh|", "", {"en"}),
        ("english/numbers.py", '"sixteenth": 16', '"sixteenth": 17', {"en"}),
        ("english/breaks.py", "_LIST = 3", "_LIST = 4", {"en"}),
        ("european/lexicons.py", '"£": "pfund"', '"€": "pfund"', {"de"}),
        ("european/numbers.py", "_LEAST = 2", "_LEAST = 3", {"de", "fr", "es", "it", "pt", "nl"}),
        ("annotations.py", "applause", "clapping", {"en", "de", "fr", "es", "it", "pt", "nl"}),
        ("characters.py", "for _ in range(3)", "for _ in range(2)", {*PROFILES} - {"en-whisper", "raw"}),
        ("other.py", '"ё", "е"', '"ё", "о"', {"ru"}),
        ("whisper.py", r'r"\bkinda\b", ', "", {"en", "en-whisper"}),
    ],
)
def test_a_changed_rule_changes_the_profiles_that_use_it(tmp_path, file, old, new, changed):
    """A change of one rule gives other fingerprints to the profiles that use it, and to no other."""
    name = f"changed_{re.sub(r'[^a-z]', '_', file)}{abs(hash(old))}"

    def edit(path, text):
        assert path != file or old in text
        return text.replace(old, new) if path == file else text

    found = fingerprints(tmp_path, name, edit)

    assert {profile for profile, digits in own().items() if found[profile] != digits} == changed
