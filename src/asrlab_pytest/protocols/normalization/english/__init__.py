"""The profile `en`: Whisper's rules for English, each of their known faults repaired."""

from __future__ import annotations

from asrlab_pytest.protocols.normalization.english.numbers import money_and_dates, number_words
from asrlab_pytest.protocols.normalization.english.symbols import remove_symbols, say_symbols
from asrlab_pytest.protocols.normalization.english.text import (
    remove_annotations,
    remove_fillers,
    spell,
    unify,
    write_out,
)
from asrlab_pytest.protocols.normalization.english.written import regroup_digits, rewrite_amounts
from asrlab_pytest.protocols.normalization.step import Step

EN = (
    Step(
        "characters",
        "Folds case; gives apostrophes, quotes, dashes, spaces and compatibility characters one form; drops invisible "
        "ones; spells fraction characters with a stroke.",
        "Don’t wait\u00a0— ½ ﬁne",
        unify,
    ),
    Step(
        "annotations",
        "Drops [words in brackets], <tags> and (words in parentheses); parentheses that hold a digit lose only "
        "themselves, and runs of full stops become a space.",
        "(laughs) hello... [noise] (555) 123-4567 <unk>",
        remove_annotations,
    ),
    Step(
        "contractions",
        "Writes out contractions and titles by Whisper's table, but reads 's as \"is\" only after pronouns and "
        "question words; joins dotted letters, p m and o clock.",
        "It's John's, Mr. Smith won't; U.S. p m, five o clock",
        write_out,
    ),
    Step(
        "said symbols",
        "Writes what a speaker says for &, @, +, =, °, #5, C++, C#, e-mail and web addresses.",
        "R&D: C++ at john@example.com, 20°C",
        say_symbols,
    ),
    Step("fillers", "Drops hmm, mm, mhm, mmm, uh and um, but not the mm of 20 mm.", "um 20 mm uh", remove_fillers),
    Step(
        "digit groups",
        "Joins the digits of thousands, clock times, phone numbers and spelt numbers; expands abbreviated months "
        "beside a number.",
        "50,000 at 5:30 pm on Jan. 5, (555) 123-4567, 1 2 3",
        regroup_digits,
    ),
    Step(
        "written amounts",
        "Puts the currency sign before its amount; writes out the suffixes of millions and minus signs; keeps "
        "fractions, leading zeros and the zeros of decimals; splits letters from digits.",
        "$1.5M, 25 €, -5, 3/4, 24/7, 12 %, version 3.0, 007, mp3",
        rewrite_amounts,
    ),
    Step(
        "symbols",
        "Joins words at an inner apostrophe; turns other punctuation and symbols into spaces, except those of "
        "amounts; drops diacritics.",
        "rock-n-roll café john's $25 12%",
        remove_symbols,
    ),
    Step(
        "number words",
        "Writes spoken numbers as digits by Whisper's rules. Oh is a zero only inside a spelt number; sign words stay "
        "words.",
        "oh my twenty-ninth one oh one minus five",
        number_words,
    ),
    Step(
        "money and dates",
        "Joins dollars and cents, and halves; writes the day of a month as a plain number.",
        "$25 and ¢50 on the 3rd of march",
        money_and_dates,
    ),
    Step(
        "spelling",
        "Writes British spellings as American ones by Whisper's table, ok as okay, cannot as can not; drops tokens "
        "without a letter or digit; puts one space between tokens.",
        "colour cannot ok .",
        spell,
    ),
)
