"""The words that the English rules know."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


ONES = {word: n for n, word in enumerate(_words("zero one two three four five six seven eight nine"))}
TEENS = {
    word: n
    for n, word in enumerate(
        _words("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"), 10
    )
}
TENS = {word: 10 * n for n, word in enumerate(_words("twenty thirty forty fifty sixty seventy eighty ninety"), 2)} | {
    "fourty": 40
}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SCALE_LETTERS = {
    "k": 10**3,
    **dict.fromkeys(("m", "mm", "mn", "mil", "mill"), 10**6),
    **dict.fromkeys(("b", "bn"), 10**9),
    **dict.fromkeys(("t", "tn", "trn"), 10**12),
}
"""Understood behind the figure of an amount of money; some behind any figure."""
OH = frozenset({"oh", "o"})
NOUGHTS = frozenset({"nought", "naught"})
DECIMALS = ONES | dict.fromkeys(OH | NOUGHTS, 0)
"""Said one by one behind a point."""
BEFORE_A_POINT = frozenset(
    _words("a by of to from at is was are were about around than under over below above nearly almost minus negative -")
)
"""Behind one of these words, "point five" is 0.5; behind others, the point may be a noun."""
REPEATS = {"double": 2, "triple": 3}

ORDINAL_ONES = {
    word: n for n, word in enumerate(_words("first second third fourth fifth sixth seventh eighth ninth"), 1)
}
ORDINAL_TEENS = {
    word: n
    for n, word in enumerate(
        _words("tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"),
        10,
    )
}
ORDINAL_TENS = {
    word: 10 * n
    for n, word in enumerate(_words("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"), 2)
}
ORDINAL_SCALES = {f"{word}th": n for word, n in ({"hundred": 100} | SCALES).items()}
DECADES = frozenset(_words("twenties thirties forties fifties sixties seventies eighties nineties hundreds"))

DENOMINATORS = {"half": 2, "quarter": 4} | {
    word: n
    for word, n in (ORDINAL_ONES | ORDINAL_TEENS).items()
    if 2 < n <= 10  # noqa: PLR2004
}
PLURAL_DENOMINATORS = {"halves": 2} | {
    f"{word}s": n for word, n in (DENOMINATORS | {"hundredth": 100, "thousandth": 1000}).items() if word != "half"
}
SIGNS = {
    "½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9),
    "⅒": (1, 10),
}  # fmt: skip
MINUS = frozenset({"minus", "negative"})

MONTHS = {
    month: n
    for n, month in enumerate(
        _words("january february march april may june july august september october november december"),
        1,
    )
}
MONTH_WORDS = MONTHS | {month[:3]: n for month, n in MONTHS.items() if month != "march"} | {"mar": 3, "sept": 9}
VERB_MONTHS = frozenset({"may", "march"})
BEFORE_A_VERB = frozenset(
    _words(
        "i you he she it we they who that which there to will would can could should must shall not people "
        "soldiers troops then let them"
    )
)
"""Behind one of these words, "may" and "march" are verbs."""

DOLLARS = frozenset({"USD", "AUD", "CAD", "HKD", "NZD", "SGD"})
CURRENCY_SIGNS = {
    "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "hk$": "HKD", "nz$": "NZD", "s$": "SGD",
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₪": "ILS", "₺": "TRY",
}  # fmt: skip
CURRENCY_CODES = frozenset(
    _words("usd eur gbp jpy inr aud cad hkd nzd sgd chf cny krw sek nok dkk pln czk brl mxn zar")
)
CURRENCY_WORDS = {
    "euro": "EUR", "euros": "EUR", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "yen": "JPY", "yuan": "CNY",
    "rupee": "INR", "rupees": "INR", "franc": "CHF", "francs": "CHF", "peso": "MXN", "pesos": "MXN",
}  # fmt: skip
DOLLAR_WORDS = frozenset({"dollar", "dollars", "buck", "bucks", "$"})
CENT_WORDS = frozenset({"cent", "cents", "¢"})
UNITS = frozenset({"%", "percent", "pct", *CENT_WORDS, *DOLLAR_WORDS, *CURRENCY_WORDS, *CURRENCY_SIGNS})
"""Behind a number, what makes money or a percentage of it."""
CURRENCIES_OF = {
    country: (frozenset(units), currency)
    for countries, units, currency in (
        ("us|u . s .|american", ("dollar", "dollars"), "USD"),
        ("canadian", ("dollar", "dollars"), "CAD"),
        ("australian", ("dollar", "dollars"), "AUD"),
        ("hong kong", ("dollar", "dollars"), "HKD"),
        ("new zealand", ("dollar", "dollars"), "NZD"),
        ("singapore", ("dollar", "dollars"), "SGD"),
        ("british", ("pound", "pounds"), "GBP"),
        ("swiss", ("franc", "francs"), "CHF"),
        ("japanese", ("yen",), "JPY"),
        ("chinese", ("yuan",), "CNY"),
        ("indian", ("rupee", "rupees"), "INR"),
        ("mexican", ("peso", "pesos"), "MXN"),
    )
    for country in (tuple(name.split()) for name in countries.split("|"))
}
"""By the words before the unit, the unit and its currency."""
SINGLE_UNITS = frozenset({"dollar", "euro", "buck"})
"""Behind "a", an amount."""
PENCE = frozenset({"penny", "pence"})
BEFORE_A_WEIGHT = frozenset(_words("weigh weighs weighed weighing weight lose loses lost losing gain gains gained"))
"""Behind one of these words, pounds are no money."""

NAMED_TIMES = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
BEFORE_A_TIME = frozenset(_words("at by until till before after around from since to between it's"))
"""Behind one of these words, "five thirty" is a time and no number."""
DAYTIMES = {
    ("in", "the", "morning"): "am", ("in", "the", "afternoon"): "pm", ("in", "the", "evening"): "pm",
    ("at", "night"): "night",
}  # fmt: skip

SCHEMES = frozenset({"http", "https"})
JOINTS = {"dot": ".", "underscore": "_", "dash": "-", "hyphen": "-", "plus": "+"}
"""Between the parts of a spoken address."""
TOP_LEVELS = _words(
    "com org net edu gov io co ai app dev info biz eu uk de fr es it nl ch at ca au us in jp cn br me tv fm ly gg xyz"
)
SPOKEN_TOP_LEVELS = frozenset(TOP_LEVELS) - {"in", "at", "it", "us", "me", "es"}
NO_MAILBOX = frozenset(
    _words(
        "me us you him her it them look looking looks found find available is are was be visit check here there online "
        "live shop site website page us more information available and or go see now up out"
    )
)
"""Before "at example dot com", these words are no mailbox: the rest is an address of the web."""
