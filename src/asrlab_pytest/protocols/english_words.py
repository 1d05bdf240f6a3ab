"""Words of English that normalization and entities read alike."""

from __future__ import annotations

_BEHIND = (
    "a after again all already an and any are as at back be because before but by can change could did does down each "
    "either else even every extra for from had has have he her here his how i if in instead into is it its just later "
    "less long more my no not now of off on only or our out over per please plus right she should so still than that "
    "the their then there they this though to today together tomorrow tonight too total until up was we were what when "
    "where which while who why will with without would yes yesterday yet you your"
)
AFTER_AN_AMOUNT = frozenset(_BEHIND.split())
"""Behind "five dollars fifty", one of these words shows that no noun is counted."""

_NO_NOUNS = "as|has|his|is|its|perhaps|please|pls|plus|minus|less|this|thanks|us|was|yes|always|sometimes|does"
_COUNTED = "people|children|men|women|percent|per cent|feet|hertz|hz|km|kg|kb|mb|gb|mm|cm|usd|eur|gbp|yen|calorie|watt"
RANGE_OF_HUNDREDS = (
    r"(?:[1-9]00-[1-9][0-9]00(?![0-9])|[0-9]{3}-[1-9][0-9]{3}[ ]?"
    rf"(?:[%$€£]|(?:{_COUNTED})\b|(?!(?:{_NO_NOUNS})\b)[a-z]{{2,}}s\b))"
)
"""Matches 500-1000 and 300-1250 dollars, which are no telephone numbers as 555-1234 is."""
