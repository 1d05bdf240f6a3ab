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
        "Writes out bn, and an M or B behind a number: a capital M (but not 3M, the company), and either before what "
        "is counted by the million, such as users. 5m stays, which may be meters.",
        "100M, 5B users, 2bn, 5m",
        say_scales,
    ),
    Step(
        "characters",
        "Folds case; gives apostrophes, quotes, dashes, spaces and compatibility characters one form; drops invisible "
        "ones; spells fraction characters with a stroke.",
        "Don’t wait\u00a0— ½ ﬁne",
        unify,
    ),
    Step(
        "annotations",
        "Drops annotations (words such as laughs and noise, of a list) in brackets, asterisks or notes, and <tags>. "
        "Other words in brackets are speech. Runs of full stops become one.",
        "(laughs) hello... [noise] (555) 123-4567 <unk> (a schooner)",
        remove_annotations,
    ),
    Step(
        "fillers",
        "Drops hm, mm, mhm, uh, um, er, erm and uh-huh, but not the mm of 20 mm, nor the er of the ER.",
        "um, 20 mm, er, mm-hm",
        remove_fillers,
    ),
    Step(
        "contractions",
        "Writes out contractions and titles by Whisper's table, but reads 's as \"is\" only after pronouns and "
        "question words; joins dotted letters, p m and o clock.",
        "It's John's, Mr. Smith won't; U.S. p m, five o clock",
        write_out,
    ),
    Step(
        "spelled letters",
        "Joins letters that are spoken one by one. A and I at the ends stay words, except in known abbreviations.",
        "the C O 2 level in the U S A",
        join_letters,
    ),
    Step(
        "said symbols",
        "Writes what a speaker says for &, @, +, =, ±, <, >, °, #5, No. 5, feet and inches, 2x4, C++, C#, e-mail "
        "and web addresses.",
        "R&D: C++ at john@example.com, example.org/show, 20°C, No. 5, 5'2\", 2x4, 65+, <5",
        say_symbols,
    ),
    Step(
        "digit groups",
        "Joins the digits of thousands, clock times, phone numbers and spelled numbers; parts the numbers of ranges "
        "and results; expands abbreviated months beside a number.",
        "50,000 at 5:30 pm on Jan. 5, (555) 123-4567, 1 2 3, 10-15, 3-1",
        regroup_digits,
    ),
    Step(
        "written amounts",
        "Puts $, € and £ before their amount and writes out the signs of other currencies, the suffixes of millions "
        "and minus signs; keeps fractions, leading zeros and the zeros of decimals; splits letters from digits.",
        "$1.5M, 25 €, ¥5, -5, 3/4, 24/7, 12 %, version 3.0, 007, mp3",
        rewrite_amounts,
    ),
    Step(
        "ends of numbers",
        "Ends a number at a mark or a dash, but not at a comma before a smaller scale or in a list of single digits.",
        "two thousand, five hundred. fifty, sixty. one, two, three",
        break_numbers,
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
        "Writes spoken numbers as digits by Whisper's rules. Oh is a zero only inside a spelled number; sign words "
        "stay words; the hundred in a telephone number is two zeros; a quarter of a year ends its number, and "
        "so does the and before another number.",
        "oh my twenty-ninth one oh one minus five, eight hundred five five five, q three twenty twenty two, a thousand "
        "and two thousand",
        number_words,
    ),
    Step(
        "money and dates",
        "Joins dollars and cents, pounds and pence, feet and inches, halves and quarters; writes 100 k as 100000, the "
        "day of a month as a plain number, feet and inches behind a number as foot and inch, and a negative number "
        "with minus; leaves the sign of a range at its end only.",
        "$25 and ¢50 on the 3rd of march, £5 50 pence, 6 feet, negative 5, 10% to 12%",
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
