"""The profile `en`: Whisper's rules for English, each of their known faults repaired."""

from __future__ import annotations

from asrlab_pytest.protocols.normalization.english.breaks import break_numbers
from asrlab_pytest.protocols.normalization.english.letters import join_letters
from asrlab_pytest.protocols.normalization.english.numbers import money_and_dates, number_words
from asrlab_pytest.protocols.normalization.english.scales import say_scales
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
        "scales",
        "Expands bn, and an M or B after a number: a capital M (but not in 3M, the company), and either letter "
        "before something counted in millions, such as users. 5m stays, because it may be meters. The minus of a "
        "grade becomes a word, and ER gets full stops, so that it is no filler. No as an answer, as in No. 90% and "
        "no... 20, loses its full stop.",
        "100M, 5B users, 2bn, 5m, an A-, an ER",
        say_scales,
    ),
    Step(
        "characters",
        "Folds case; unifies apostrophes, quotes, dashes, spaces and compatibility characters; removes invisible "
        "characters; writes fraction characters with a slash and superscripts as powers; attaches the sign of a "
        "10-$ bill to its number.",
        "Don’t wait\u00a0— ½ ﬁne x²",
        unify,
    ),
    Step(
        "annotations",
        "Removes annotations (listed words such as laughs and noise) in brackets, asterisks or notes, and <tags>. "
        "Other words in brackets are speech. A run of full stops becomes one.",
        "(laughs) hello... [noise] (555) 123-4567 <unk> (a schooner)",
        remove_annotations,
    ),
    Step(
        "fillers",
        "Removes hm, mm, mhm, uh, um, er, erm and uh-huh, but not the mm in 20 mm, the er in the ER, or the uh in "
        "uh-oh.",
        "um, 20 mm, er, mm-hm",
        remove_fillers,
    ),
    Step(
        "contractions",
        "Expands contractions and titles with Whisper's table, but reads 's as \"is\" only after pronouns and question "
        "words; joins dotted letters, p m, o clock, per cent, e-mail, wi-fi and co-operate.",
        "It's John's, Mr. Smith won't; U.S. p m, five o clock, e-mail",
        write_out,
    ),
    Step(
        "spelled letters",
        "Joins letters spoken one by one. A and I at either end stay words, except in known abbreviations.",
        "the C O 2 level in the U S A",
        join_letters,
    ),
    Step(
        "said symbols",
        "Spells out &, @, ‰, °, #5, No. 5, feet and inches, 2x4, C++, C#, .NET, e-mail and web addresses, the dot "
        "before a common file extension, and +, =, ±, <, >, ≤, ≥, × and ÷ before a number and between words.",
        "R&D: C++ at john@example.com, example.org/show, 20°C, No. 5, 5'2\", 2x4, 65+, <5, main.py",
        say_symbols,
    ),
    Step(
        "digit groups",
        "Joins the digits of thousands, clock times, phone numbers and numbers spelled digit by digit; separates the "
        "numbers in ranges and results, also in two-two and fifty-fifty; writes halves and quarters after a whole "
        "number as decimals; expands abbreviated months next to a number.",
        "50,000 at 5:30 pm on Jan. 5, (555) 123-4567, 1 2 3, 10-15, 50% - 60%, 3-1, 2 1/2",
        regroup_digits,
    ),
    Step(
        "written amounts",
        "Puts $, € and £ before the amount; spells out other currency signs, suffixes such as M, and minus signs; "
        "keeps fractions, leading zeros and the zeros of decimals; separates letters from digits.",
        "$1.5M, 25 €, ¥5, US$5, -5, 3/4, 24/7, 12 %, version 3.0, 007, mp3",
        rewrite_amounts,
    ),
    Step(
        "ends of numbers",
        "Ends a number at a punctuation mark or a dash, but not at a comma before a smaller scale or in a list of "
        "three single digits or more with no other number beside it.",
        "two thousand, five hundred. fifty, sixty. the code one, two, three",
        break_numbers,
    ),
    Step(
        "symbols",
        "Joins words at an inner apostrophe; replaces other punctuation and symbols with spaces, except those of "
        "amounts; removes diacritics.",
        "rock-n-roll café john's $25 12%",
        remove_symbols,
    ),
    Step(
        "number words",
        "Converts spoken numbers to digits with Whisper's rules. Oh is a zero only in a number spelled digit by digit, "
        "and in a year after in, since or of; sign words stay words; the hundred in a telephone number is two zeros; "
        'zeros said before a number stay; a quarter of a year ends its number, and so do an "and" before another '
        "number and a scale that does not go down, but for a thousand million and a million million.",
        "oh my twenty-ninth one oh one minus five, eight hundred five five five, q three twenty twenty two, a thousand "
        "and two thousand, ten thousand thousand",
        number_words,
    ),
    Step(
        "money and dates",
        "Joins dollars and cents, pounds and pence, feet and inches, halves and quarters; writes $2.5 as $2.50, 100 k "
        "as 100000, the day of a month as a plain number, units after a number as foot, inch, degrees, km, kg and the "
        "like, and negative numbers with minus; keeps the sign of a range only at its end.",
        "$25 and ¢50 on the 3rd of march, £5 50 pence, 6 feet, 5 kilometers, negative 5, 10% to 12%",
        money_and_dates,
    ),
    Step(
        "spelling",
        "Converts British spellings to American ones with Whisper's table, ok to okay, and cannot to can not; "
        "removes tokens without a letter or digit; puts single spaces between tokens.",
        "colour cannot ok .",
        spell,
    ),
)
