"""What a profile knows of its language's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, eq=False)
class Lexicon:
    """The words of one language that its profile knows; hashed by identity."""

    code: str
    point: str
    """What is said for the comma of decimals."""
    percent: tuple[str, ...]
    """Words for %, the usual one first."""
    percent_alone: str
    """What is written where one of them follows no number."""
    permille: str
    """Words for ‰ behind a number in digits, a thousand in digits as well."""
    currencies: Mapping[str, str]
    """Words for currencies, each with its sign."""
    cents: str
    """Words for a hundredth of one, as a regular expression."""
    joins: str
    """What may stand between an amount and its cents, as a regular expression."""
    links: str = r"(?!)"
    """What may stand between a large number and a currency: de, d'."""
    scales: Mapping[str, int]
    """Scale words that follow digits, each with its zeros."""
    plurals: str = "(?!)"
    """Plurals of scales that are a number only after another one, as a regular expression: miles de euros."""
    one: str
    """The words for one, articles included, as a regular expression."""
    some: str = "(?!)"
    """Their plurals, which are no number, as a regular expression."""
    counting: str = "(?!)"
    """Those that end a count, as a regular expression: tres, dos, uno."""
    added: str = "(?!)"
    """Those that are part of a number behind a whole hundred, with what follows them, as a regular expression."""
    million: str = r"(?!)"
    """The articles of a million that text2num does not read with it, as a regular expression."""
    zero: str
    singles: str
    """The words for 1 to 9 as digits are said one by one, those of one digit with a bar."""
    minus: str
    plus: str
    plus_minus: str
    """What is said for ±."""
    less: str
    """What is said for <."""
    more: str
    """What is said for >."""
    conjunction: str
    """What is said for &."""
    degree: str
    degrees: str
    has_bare_degrees: bool = True
    """Whether ° alone is said as that, and does not stand for an ordinal."""
    number: str
    """Abbreviations for "number", as a regular expression."""
    numbered: str
    """That word."""
    firsts: Mapping[str, str] = field(default_factory=dict)
    """Ordinals in digits that text2num leaves in words, as regular expressions, each with its word."""
    century: str = ""
    """A century in Roman numerals, as a regular expression with a group of them."""
    century_ending: str = ""
    """Of its ordinal, where it is one."""
    least_century: int = 2
    """The first that is said as the later ones are."""
    clock: str = ""
    """The word between hours and minutes, with the forms of it in writing, as a regular expression."""
    hours: str = ""
    """That word as it is spoken."""
    replaced: Mapping[str, str] = field(default_factory=dict)
    """Word forms that text2num does not know, each with one that it knows, as regular expressions."""
    misread: Mapping[str, str] = field(default_factory=dict)
    """What text2num leaves of a number, as regular expressions, each with the number."""
    counted: str = ""
    """Words that are written in one with the number before them, as a regular expression: mal, jährig."""
    to: str = ""
    """What is said between the ends of a range, where it is always the same word."""
    fractions: Mapping[str, str] = field(default_factory=dict)
    """Fractions in digits, each as it is spoken."""
    and_a_half: str
    """What 1/2 behind a whole number becomes."""
    five: str = ""
    """What 5 is, where half a million is said behind the million: un million et demi."""
    attached: str = "(?!)"
    """Other endings that belong to a number in digits, as a regular expression."""
    ordinal: str = ""
    """Endings of ordinals in digits, as a regular expression."""
    ordinal_sign: str = ""
    """The ending that stands for all of them."""
    elides: bool = False
    """Whether an apostrophe parts two words."""
