"""Languages: their codes and names, and what Whisper calls them. No other file knows any of this.

A code is an ISO 639-1 code where there is one, else an ISO 639-3 code, with a region or script behind it where one is
given: "de", "yue", "pt-BR".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

NAMES: Mapping[str, str] = {
    "af": "Afrikaans",
    "sq": "Albanian",
    "am": "Amharic",
    "ar": "Arabic",
    "hy": "Armenian",
    "as": "Assamese",
    "az": "Azerbaijani",
    "ba": "Bashkir",
    "eu": "Basque",
    "be": "Belarusian",
    "bn": "Bengali",
    "bs": "Bosnian",
    "br": "Breton",
    "bg": "Bulgarian",
    "my": "Burmese",
    "yue": "Cantonese",
    "ca": "Catalan",
    "ceb": "Cebuano",
    "zh": "Chinese",
    "cv": "Chuvash",
    "hr": "Croatian",
    "cs": "Czech",
    "da": "Danish",
    "nl": "Dutch",
    "en": "English",
    "eo": "Esperanto",
    "et": "Estonian",
    "fo": "Faroese",
    "fil": "Filipino",
    "fi": "Finnish",
    "fr": "French",
    "fy": "Frisian",
    "gl": "Galician",
    "lg": "Ganda",
    "ka": "Georgian",
    "de": "German",
    "el": "Greek",
    "gn": "Guarani",
    "gu": "Gujarati",
    "ht": "Haitian Creole",
    "ha": "Hausa",
    "haw": "Hawaiian",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "is": "Icelandic",
    "ig": "Igbo",
    "id": "Indonesian",
    "ia": "Interlingua",
    "ga": "Irish",
    "it": "Italian",
    "ja": "Japanese",
    "jv": "Javanese",
    "kab": "Kabyle",
    "kn": "Kannada",
    "kk": "Kazakh",
    "km": "Khmer",
    "rw": "Kinyarwanda",
    "ko": "Korean",
    "ku": "Kurdish",
    "ky": "Kyrgyz",
    "lo": "Lao",
    "la": "Latin",
    "lv": "Latvian",
    "ln": "Lingala",
    "lt": "Lithuanian",
    "lb": "Luxembourgish",
    "mk": "Macedonian",
    "mg": "Malagasy",
    "ms": "Malay",
    "ml": "Malayalam",
    "mt": "Maltese",
    "mi": "Maori",
    "mr": "Marathi",
    "mn": "Mongolian",
    "ne": "Nepali",
    "no": "Norwegian",
    "nb": "Norwegian Bokmål",
    "nn": "Norwegian Nynorsk",
    "ny": "Nyanja",
    "oc": "Occitan",
    "or": "Odia",
    "om": "Oromo",
    "ps": "Pashto",
    "fa": "Persian",
    "pl": "Polish",
    "pt": "Portuguese",
    "pa": "Punjabi",
    "qu": "Quechua",
    "ro": "Romanian",
    "rm": "Romansh",
    "ru": "Russian",
    "sm": "Samoan",
    "sa": "Sanskrit",
    "gd": "Scottish Gaelic",
    "sr": "Serbian",
    "sn": "Shona",
    "sd": "Sindhi",
    "si": "Sinhala",
    "sk": "Slovak",
    "sl": "Slovenian",
    "so": "Somali",
    "st": "Sotho",
    "es": "Spanish",
    "su": "Sundanese",
    "sw": "Swahili",
    "sv": "Swedish",
    "gsw": "Swiss German",
    "tl": "Tagalog",
    "tg": "Tajik",
    "ta": "Tamil",
    "tt": "Tatar",
    "te": "Telugu",
    "th": "Thai",
    "bo": "Tibetan",
    "ti": "Tigrinya",
    "tr": "Turkish",
    "tk": "Turkmen",
    "ug": "Uyghur",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "uz": "Uzbek",
    "vi": "Vietnamese",
    "cy": "Welsh",
    "wo": "Wolof",
    "xh": "Xhosa",
    "yi": "Yiddish",
    "yo": "Yoruba",
    "zu": "Zulu",
}
"""English names by code."""

_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "am": ("አማርኛ",),
    "ar": ("العربية",),
    "az": ("azərbaycanca", "azərbaycan dili"),
    "be": ("belorussian", "беларуская"),
    "bg": ("български",),
    "bn": ("bangla", "বাংলা"),
    "bs": ("bosanski",),
    "ca": ("català", "valencian"),
    "cs": ("čeština",),
    "cy": ("cymraeg",),
    "da": ("dansk",),
    "de": ("deutsch",),
    "el": ("ελληνικά",),
    "en-GB": ("british english",),
    "en-US": ("american english",),
    "es": ("castellano", "castilian", "español"),
    "et": ("eesti",),
    "eu": ("euskara",),
    "fa": ("farsi", "فارسی"),
    "fa-AF": ("dari", "دری"),
    "fi": ("suomi",),
    "fr": ("français",),
    "fy": ("frysk",),
    "ga": ("gaeilge",),
    "gd": ("gaelic", "gàidhlig"),
    "gl": ("galego",),
    "gu": ("ગુજરાતી",),
    "gsw": ("schwiizerdütsch", "schweizerdeutsch"),
    "he": ("עברית",),
    "hi": ("हिन्दी", "हिंदी"),
    "hr": ("hrvatski",),
    "ht": ("haitian", "kreyòl ayisyen"),
    "hu": ("magyar",),
    "hy": ("հայերեն",),
    "id": ("bahasa indonesia",),
    "is": ("íslenska",),
    "it": ("italiano",),
    "ja": ("日本語",),
    "jv": ("basa jawa",),
    "ka": ("ქართული",),
    "kk": ("қазақша", "қазақ тілі"),
    "km": ("ខ្មែរ", "ភាសាខ្មែរ"),
    "kn": ("ಕನ್ನಡ",),
    "ko": ("한국어",),
    "ku": ("kurdî",),
    "ky": ("kirghiz", "кыргызча"),
    "lb": ("letzeburgesch", "lëtzebuergesch"),
    "lo": ("ລາວ", "ພາສາລາວ"),
    "lt": ("lietuvių",),
    "lv": ("latviešu",),
    "mk": ("македонски",),
    "ml": ("മലയാളം",),
    "mn": ("монгол",),
    "mr": ("मराठी",),
    "ms": ("bahasa melayu",),
    "mt": ("malti",),
    "my": ("myanmar", "မြန်မာဘာသာ"),
    "nb": ("bokmål", "norsk bokmål"),
    "ne": ("नेपाली",),
    "nl": ("flemish", "nederlands"),
    "nn": ("nynorsk", "norsk nynorsk"),
    "no": ("norsk",),
    "ny": ("chichewa",),
    "or": ("oriya", "ଓଡ଼ିଆ"),
    "pa": ("panjabi", "ਪੰਜਾਬੀ"),
    "pl": ("polski",),
    "ps": ("pushto", "پښتو"),
    "pt": ("português",),
    "pt-BR": ("brazilian portuguese", "português brasileiro"),
    "pt-PT": ("european portuguese", "português europeu"),
    "ro": ("moldavian", "moldovan", "română"),
    "ru": ("русский", "русский язык"),
    "si": ("sinhalese", "සිංහල"),
    "sk": ("slovenčina",),
    "sl": ("slovene", "slovenščina"),
    "sq": ("shqip",),
    "sr": ("српски", "srpski"),
    "sv": ("svenska",),
    "sw": ("kiswahili",),
    "ta": ("தமிழ்",),
    "te": ("తెలుగు",),
    "th": ("ไทย", "ภาษาไทย"),
    "tr": ("türkçe",),
    "ug": ("uighur",),
    "uk": ("українська", "українська мова"),
    "ur": ("اردو",),
    "uz": ("oʻzbekcha", "o'zbek"),
    "vi": ("tiếng việt",),
    "yi": ("ייִדיש",),
    "yue": ("粤语", "粵語", "广东话", "廣東話"),
    "zh": ("mandarin", "mandarin chinese", "中文", "汉语", "漢語", "普通话", "普通話", "国语", "國語"),
    "zh-Hans": ("simplified chinese", "chinese (simplified)", "简体中文"),
    "zh-Hant": ("traditional chinese", "chinese (traditional)", "繁體中文"),
}
"""Other English names, and what the languages are called in themselves."""


def _plain(name: str) -> str:
    """A name as it is looked up: in lower case, without accents and what is not seen."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("_", " "))
    return "".join(letter for letter in letters if unicodedata.category(letter) not in {"Mn", "Cf"})


_BY_NAME = {_plain(name): code for code, name in NAMES.items()} | {
    _plain(name): code for code, names in _OTHER_NAMES.items() for name in names
}

UNSTATED = frozenset({"", "none", "null", "nil", "n/a", "na", "unknown", "auto", "und", "mul", "mis", "zxx"})
"""What stands for a language that is not known, or for none. The engine detects it then."""

_WHISPER = {"nb": "no", "jv": "jw", "fil": "tl", "iw": "he"}
"""Codes of Whisper where they differ; it has no code of its own for these."""
_MACRO = {"nb": "no", "nn": "no", "fil": "tl"}
"""Languages that are counted as another, where it is asked whether two are the same."""


def primary(language: str) -> str:
    """The code without what narrows it: "pt" of "pt-BR", "PT" and "pt_BR"."""
    return language.replace("_", "-").split("-")[0].lower()


@cache
def language_code(language: str) -> str | None:
    """The code of a language as people write it: a name, an ISO 639 code, or a tag; None if it states none.

    Raises:
        ValueError: there is no such language. The message names the nearest.
    """
    seen = "".join(letter for letter in language if unicodedata.category(letter) != "Cf")
    written = " ".join(unicodedata.normalize("NFKC", seen).split())
    if written.lower() in UNSTATED:
        return None
    code = _BY_NAME.get(_plain(written)) or _standard(written)
    if code is None:
        raise ValueError(f"unknown language {language!r}{_nearest(written)}")
    return None if primary(code) in UNSTATED else code


def _standard(tag: str) -> str | None:
    """A language tag in its shortest standard form; None if it is none."""
    if tag in NAMES:
        return tag
    from langcodes import standardize_tag, tag_is_valid
    from langcodes.tag_parser import LanguageTagError

    try:
        # The ending of a POSIX locale: en_US.UTF-8.
        tag = tag.split(".", maxsplit=1)[0]
        # A region alone, such as 419, is a valid tag, and no language.
        is_valid = primary(tag).isalpha() and tag_is_valid(tag)
        return standardize_tag(tag, macro=True) if is_valid else None
    except (LanguageTagError, ValueError):
        return None


_COUNTRY = re.compile(r"(?!aa|q[m-z]|x|zz)[a-z]{2}")
"""Two letters that ISO 3166 does not reserve for private use."""


def language_of_country(code: str) -> str | None:
    """The most spoken language of a country, by the country's code: "sv" for "se"; None if there is none."""
    from langcodes import Language, tag_is_valid

    is_country = bool(_COUNTRY.fullmatch(code)) and tag_is_valid(f"und-{code}")
    language = Language.get(f"und-{code}").maximize().language if is_country else None
    return language if language in NAMES else None


def _nearest(written: str) -> str:
    """The codes that are most similar to the input, by code or name; first that of a country's language."""
    lower = _plain(written)
    country = language_of_country(lower)
    names = get_close_matches(lower, _BY_NAME, n=3, cutoff=0.6)
    codes = get_close_matches(primary(lower), sorted(NAMES), n=3, cutoff=0.5)
    likely = [*([country] if country else []), *(_BY_NAME[name] for name in names), *codes]
    nearest = [*dict.fromkeys(likely)][:3]
    return "; nearest: " + ", ".join(f"{code} ({NAMES[primary(code)]})" for code in nearest) if nearest else ""


HINT = 'write an ISO 639 code, such as "en", "de" or "pt-BR", or leave the language out'
"""How to correct an unknown language."""


def is_same_language(language: str, other: str) -> bool:
    """Whether two codes name one language, whatever the region. Norwegian is one language here."""
    first, second = primary(language), primary(other)
    return _MACRO.get(first, first) == _MACRO.get(second, second)


def detected_code(language: str | None) -> str | None:
    """The code of a language that an engine says it detected, as "en" of "English"; as it says it where unknown."""
    try:
        return None if language is None else language_code(language)
    except ValueError:
        return language


def whisper_code(language: str | None) -> str | None:
    """What Whisper calls a language; None if the model is to detect it."""
    code = language_code(language) if language is not None else None
    return None if code is None else _WHISPER.get(primary(code), primary(code))


def from_whisper(code: str | None, asked: str | None) -> str | None:
    """The code of a language that Whisper names.

    Args:
        code: Whisper's.
        asked: The language it was told to decode in, whose own code is kept, without its region.
    """
    if code is None:
        return None
    stated = language_code(asked) if asked is not None else None
    if stated is not None and whisper_code(stated) == code:
        return primary(stated)
    return {"jw": "jv"}.get(code, code)
