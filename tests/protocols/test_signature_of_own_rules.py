"""The signature of a user's normalizer follows every part of the project that the normalizer uses."""

import sys

import pytest

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.protocols.normalization import Normalizations, plugged

PLAIN = "def normalize(text): return text.lower()"
DATA = """
TABLE = {"kwxz": "a"}
OTHER = 1

def strip(text):
    return text.replace("kwxz", "b")
"""
USES = {
    "a table of a module": "import data\ndef normalize(text): return data.TABLE.get(text, text)",
    "a table of a module that is imported inside": (
        "def normalize(text):\n    import data\n    return data.TABLE.get(text, text)"
    ),
    "a table that is imported inside": (
        "def normalize(text):\n    from data import TABLE\n    return TABLE.get(text, text)"
    ),
    "a module as a whole": "import data\ndef normalize(text): return getattr(data, 'TABLE').get(text, text)",
    "a default": "from data import TABLE\ndef normalize(text, table=TABLE): return table.get(text, text)",
    "a default of a closure": """
from data import TABLE
def make(table):
    def normalize(text, rows=table):
        return rows.get(text, text)
    return normalize
normalize = make(TABLE)
""",
    "what a method uses": """
from data import TABLE
class Rules:
    def go(self, text):
        return TABLE.get(text, text)
rules = Rules()
def normalize(text):
    return rules.go(text)
""",
    "what an object holds": """
from data import TABLE
class Rules:
    def __init__(self, table):
        self.table = table
    def __call__(self, text):
        return self.table.get(text, text)
normalize = Rules(TABLE)
""",
    "what an object holds in slots": """
from data import TABLE
class Rules:
    __slots__ = ("table",)
    def __call__(self, text):
        return self.table.get(text, text)
normalize = Rules()
normalize.table = TABLE
""",
    "a class that is used inside": """
import data
class Rules:
    def go(self, text):
        return data.TABLE.get(text, text)
def normalize(text):
    return Rules().go(text)
""",
    "a class below another": """
from data import TABLE
class Rules:
    def go(self, text):
        return TABLE.get(text, text)
class MyRules(Rules):
    pass
def normalize(text):
    return MyRules().go(text)
""",
    "a method that is bound": """
from data import TABLE
class Rules:
    def go(self, text):
        return TABLE.get(text, text)
normalize = Rules().go
""",
    "an enumeration": """
from enum import Enum
from data import TABLE
class Words(Enum):
    ONE = TABLE["kwxz"]
def normalize(text):
    return text.replace("kwxz", Words.ONE.value)
""",
    "what a decorator adds": """
import functools
from data import TABLE
def looked_up(function):
    @functools.wraps(function)
    def wrapper(text):
        return TABLE.get(function(text), text)
    return wrapper
@looked_up
def normalize(text):
    return text.lower()
""",
    "what a function has as an attribute": """
from data import TABLE
def normalize(text):
    return normalize.table.get(text, text)
normalize.table = TABLE
""",
    "a method of a table": "from data import TABLE\nlook = TABLE.get\ndef normalize(text): return look(text, text)",
    "a remembered function": """
from functools import cache
from data import TABLE
@cache
def normalize(text):
    return TABLE.get(text, text)
""",
    "a pattern of regex": """
import regex
from data import TABLE
PATTERN = regex.compile(TABLE["kwxz"] + "{9}")
def normalize(text):
    return PATTERN.sub("", text)
""",
    "one of two lambdas in a line": """
from data import TABLE
STEPS = [lambda text: TABLE.get(text, text), lambda text: text]
def normalize(text):
    return STEPS[0](STEPS[1](text))
""",
    "a class in a branch": """
from data import TABLE
if TABLE:
    class Rules:
        def go(self, text):
            return TABLE.get(text, text)
def normalize(text):
    return Rules().go(text)
""",
    "a class in a function": """
from data import TABLE
def make():
    class Rules:
        def __call__(self, text):
            return TABLE.get(text, text)
    return Rules()
normalize = make()
""",
    "what a class gets later": """
from data import TABLE
class Rules:
    table = {}
    def __call__(self, text):
        return self.table.get(text, text)
Rules.table.update(TABLE)
normalize = Rules()
""",
    "a deque": """
from collections import deque
from data import TABLE
STEPS = deque([TABLE])
def normalize(text):
    return STEPS[0].get(text, text)
""",
    "a namespace": """
from types import SimpleNamespace
from data import TABLE
RULES = SimpleNamespace(table=TABLE)
def normalize(text):
    return RULES.table.get(text, text)
""",
    "the names of its module": """
from data import TABLE
def normalize(text):
    return globals()["TABLE"].get(text, text)
""",
    "an expression in a text": """
from data import TABLE
def normalize(text):
    return eval("TABLE.get(text, text)")
""",
    "statements in a text": """
from data import TABLE
class Rules:
    def __call__(self, text):
        names = {"text": text}
        exec("text = rows.get(text, text)", globals(), names)
        return names["text"]
rows = TABLE
normalize = Rules()
""",
    "the default of a variable of the context": """
from contextvars import ContextVar
from data import TABLE
ROWS = ContextVar("rows", default=TABLE)
def normalize(text):
    return ROWS.get().get(text, text)
""",
    "a scanner": """
import re
from data import TABLE
SCANNER = re.Scanner([(".+", lambda scanner, text: TABLE.get(text, text))])
def normalize(text):
    return "".join(SCANNER.scan(text)[0])
""",
    "an order": """
from data import TABLE
WORDS = {"b" * 40: "", "c" * 40: ""} if TABLE["kwxz"] == "a" else {"c" * 40: "", "b" * 40: ""}
def normalize(text):
    for word in WORDS:
        text = text.replace(word, WORDS[word])
    return text
""",
}
OTHERS = {
    "an object": "from string import Template\nMARK = Template('kwxz')\n"
    "def normalize(text): return text.replace('qqq', MARK.template)",
    "an object in a table": "from fractions import Fraction\nTABLE = {'qqq': Fraction('1/7')}\n"
    "def normalize(text): return str(TABLE.get(text, text))",
    "an object in a table that is filled later": "from pathlib import Path\nTABLE = {}\nTABLE['qqq'] = Path('kwxz')\n"
    "def normalize(text): return str(TABLE.get(text, text))",
    "an object in a list that grows": "from string import Template\nSTEPS = []\nSTEPS.append(Template('kwxz'))\n"
    "def normalize(text): return text.replace('qqq', STEPS[0].template)",
    "an object of a branch": "from string import Template\nif Template:\n    MARK = Template('kwxz')\n"
    "def normalize(text): return text.replace('qqq', MARK.template)",
    "an object of another": "from string import Template\nFIRST = Template('kwxz')\nMARK = Template(FIRST.template)\n"
    "def normalize(text): return text.replace('qqq', MARK.template)",
    "an object that is given to a class": """
from string import Template
class Rules:
    def __init__(self, mark):
        self.mark = mark
    def __call__(self, text):
        return text.replace("qqq", self.mark.template)
normalize = Rules(Template("kwxz"))
""",
    "an object in a closure": """
from string import Template
def make(mark):
    def normalize(text):
        return text.replace("qqq", mark.template)
    return normalize
normalize = make(Template("kwxz"))
""",
    "an object of a decorator": """
from string import Template
def marked(mark):
    def decorate(function):
        def wrapper(text):
            return function(text).replace("qqq", mark.template)
        return wrapper
    return decorate
@marked(Template("kwxz"))
def normalize(text):
    return text
""",
    "a method": "from textwrap import TextWrapper\nnormalize = TextWrapper(999, max_lines=9, placeholder='kwxz').fill",
}
"""What is made of a class of another package."""
IMPORTED = {
    "an object": "from data import MARK\ndef normalize(text): return text.replace('qqq', MARK.template)",
    "an object by another name": "from data import MARK as T\n"
    "def normalize(text): return text.replace('qqq', T.template)",
    "an object that is imported inside": "def normalize(text):\n    from data import MARK\n"
    "    return text.replace('qqq', MARK.template)",
    "an object of a module": "import data\ndef normalize(text): return text.replace('qqq', data.MARK.template)",
    "a module as a whole": "import data\n"
    "def normalize(text): return text.replace('qqq', getattr(data, 'MARK').template)",
}
MADE_OF = "from string import Template\nMARK = Template('kwxz')\nOTHER = 1\n"
BUILT_IN = {
    "a method of a built-in type": "normalize = str.lower",
    "a method caller": "from operator import methodcaller\nnormalize = methodcaller('lower')",
    "a bound method of a text": "normalize = ''.join",
}


@pytest.fixture
def signed(tmp_path, monkeypatch):
    """Gives the signature of a normalizer, of a module of this source and of one that it may import."""

    def forget():
        plugged.plugged.cache_clear()
        for module in ("signed_rules", "data"):
            sys.modules.pop(module, None)

    def sign(source: str, data: str = DATA) -> str:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        (folder / "signed_rules.py").write_text(source, encoding="utf-8")
        (folder / "data.py").write_text(data, encoding="utf-8")
        forget()
        monkeypatch.syspath_prepend(folder)
        return Normalizations(folder=folder).named("python:signed_rules:normalize").signature

    yield sign
    forget()


@pytest.mark.parametrize("use", USES)
def test_a_changed_part_changes_the_signature(signed, use: str):
    """Another table gives another signature, however it is reached; a comment does not."""
    first = signed(USES[use])

    assert signed(USES[use], "# A comment.\n" + DATA) == first
    assert signed("# A comment.\n" + USES[use], DATA) == first
    assert signed(USES[use], DATA.replace('"a"', '"c"')) != first


@pytest.mark.parametrize("other", OTHERS)
def test_what_an_object_of_another_package_is_made_of(signed, other: str):
    """What the project gives a class of another package is part of the signature; comments and names are not."""
    first = signed(OTHERS[other])

    assert signed(OTHERS[other].replace("kwxz", "kwxy").replace("1/7", "1/9")) != first
    assert signed("# A comment.\n" + OTHERS[other].replace("MARK", "SIGN").replace("TABLE", "ROWS")) == first


@pytest.mark.parametrize("use", IMPORTED)
def test_what_an_object_of_another_package_is_made_of_elsewhere(signed, use: str):
    """An object of another package that another module of the project makes counts by what that gives it."""
    first = signed(IMPORTED[use], MADE_OF)

    assert signed(IMPORTED[use], MADE_OF.replace("kwxz", "kwxy")) != first
    assert signed(IMPORTED[use], "# A comment.\n" + MADE_OF) == first


@pytest.mark.parametrize(
    "source",
    [
        "from pathlib import Path\nROOT = Path(__file__).parent\ndef normalize(text): return text or ROOT.suffix",
        "def normalize(text): return text if __file__ else ''",
        "import os\nROOT = os.path.dirname(__file__)\ndef normalize(text): return text or ROOT[:0]",
        "import os\nWORDS = os.path.dirname(__file__) + '/words'\ndef normalize(text): return text or WORDS[:0]",
        "import logging\nLOG = logging.getLogger(__name__)\ndef normalize(text):\n    LOG.debug(text)\n    return text",
    ],
)
def test_where_a_project_lies_does_not_count(signed, source: str):
    """The same rules in another folder have the same signature."""
    assert signed(source) == signed(source)


def test_objects_that_are_made_of_each_other(signed):
    """Statements that name each other are read once each."""
    source = "from string import Template\nA = Template('a')\nB = [A]\nA = B and A\nB = [A, B]\n"

    assert signed(source + "def normalize(text): return text or str(B)")


def test_a_method_of_a_module_counts(signed):
    """A function that is called through its module counts by its code; other functions of that module do not count."""
    source = "import data\ndef normalize(text): return data.strip(text)"
    first = signed(source)

    assert signed(source, DATA.replace('"b"', '"c"')) != first
    assert signed(source, DATA.replace("OTHER = 1", "OTHER = 2")) == first


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return text.upper()", "return text.title()"),
        ("self.go(text)", "self.other(text)"),
        ("@staticmethod", "@classmethod"),
    ],
)
def test_the_code_of_a_class_counts(signed, old: str, new: str):
    """What a method does, which one is called and how it is decorated are part of the signature."""
    source = """
class Rules:
    def __call__(self, text):
        return text.lower() if len(text) < 999 else self.go(text)
    def go(self, text):
        return text.upper()
    def other(self, text):
        return text
    @staticmethod
    def last(text):
        return text
normalize = Rules()
"""
    assert old in source
    assert signed(source) != signed(source.replace(old, new))


def test_a_module_that_a_function_imports_when_it_is_called(signed, tmp_path, monkeypatch):
    """A normalizer may import a module beside its own when it is called."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "late_rules.py").write_text("def n(text):\n    import late_data\n    return late_data.low(text)")
    (tmp_path / "late_data.py").write_text("def low(text): return text.lower()")

    assert Normalizations(folder=tmp_path).named("python:late_rules:n").apply("Oh") == "oh"


@pytest.mark.parametrize("kind", BUILT_IN)
def test_a_method_of_a_built_in_type_is_a_normalizer(signed, kind: str):
    """Anything that takes a text and returns one normalizes, without a traceback."""
    assert signed(BUILT_IN[kind]) != signed(PLAIN)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import sys\nsys.exit(3)", "does not load: SystemExit: 3"),
        ("import sys\ndef normalize(text): sys.exit(3)", "failed on .*SystemExit: 3"),
    ],
)
def test_a_normalizer_that_ends_the_program(signed, source: str, sentence: str):
    """A normalizer that calls sys.exit is an error with a message."""
    with pytest.raises(ConfigError, match=sentence):
        signed(source)
