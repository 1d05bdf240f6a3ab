"""Languages: their codes and names, and what Whisper calls them. No other file knows any of this.

A code is an ISO 639-1 code where there is one, else an ISO 639-3 code, with a region or script after it where one is
given: "de", "yue", "pt-BR".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "af": ("Afrikaans",),
    "sq": ("Albanian", "shqip"),
    "am": ("Amharic", "አማርኛ"),
    "ar": ("Arabic", "العربية"),
    "hy": ("Armenian", "հայերեն"),
    "as": ("Assamese",),
    "ast": ("Asturian", "asturianu"),
    "az": ("Azerbaijani", "azərbaycanca", "azərbaycan dili"),
    "ba": ("Bashkir",),
    "eu": ("Basque", "euskara"),
    "be": ("Belarusian", "belorussian", "беларуская"),
    "bn": ("Bengali", "bangla", "বাংলা"),
    "bs": ("Bosnian", "bosanski"),
    "br": ("Breton",),
    "bg": ("Bulgarian", "български"),
    "my": ("Burmese", "myanmar", "မြန်မာဘာသာ"),
    "yue": ("Cantonese", "cantonese chinese", "粤语", "粵語", "广东话", "廣東話"),
    "ca": ("Catalan", "català", "valencian"),
    "ceb": ("Cebuano",),
    "zh": ("Chinese", "mandarin", "mandarin chinese", "中文", "汉语", "漢語", "普通话", "普通話", "国语", "國語"),
    "cv": ("Chuvash",),
    "hr": ("Croatian", "hrvatski"),
    "cs": ("Czech", "čeština"),
    "da": ("Danish", "dansk"),
    "nl": ("Dutch", "flemish", "nederlands"),
    "en": ("English",),
    "eo": ("Esperanto",),
    "et": ("Estonian", "eesti"),
    "fo": ("Faroese",),
    "fil": ("Filipino",),
    "fi": ("Finnish", "suomi"),
    "fr": ("French", "français"),
    "fy": ("Frisian", "frysk"),
    "ff": ("Fula", "fulah"),
    "gl": ("Galician", "galego"),
    "lg": ("Ganda",),
    "ka": ("Georgian", "ქართული"),
    "de": ("German", "deutsch"),
    "el": ("Greek", "ελληνικά"),
    "gn": ("Guarani",),
    "gu": ("Gujarati", "ગુજરાતી"),
    "ht": ("Haitian Creole", "haitian", "kreyòl ayisyen"),
    "ha": ("Hausa",),
    "haw": ("Hawaiian",),
    "he": ("Hebrew", "עברית"),
    "hi": ("Hindi", "हिन्दी", "हिंदी"),
    "hu": ("Hungarian", "magyar"),
    "is": ("Icelandic", "íslenska"),
    "ig": ("Igbo",),
    "id": ("Indonesian", "bahasa indonesia"),
    "ia": ("Interlingua",),
    "ga": ("Irish", "gaeilge"),
    "it": ("Italian", "italiano"),
    "ja": ("Japanese", "日本語"),
    "jv": ("Javanese", "basa jawa"),
    "kab": ("Kabyle",),
    "kea": ("Kabuverdianu",),
    "kam": ("Kamba",),
    "kn": ("Kannada", "ಕನ್ನಡ"),
    "kk": ("Kazakh", "қазақша", "қазақ тілі"),
    "km": ("Khmer", "ខ្មែរ", "ភាសាខ្មែរ"),
    "rw": ("Kinyarwanda",),
    "ko": ("Korean", "한국어"),
    "ku": ("Kurdish", "kurdî"),
    "ky": ("Kyrgyz", "kirghiz", "кыргызча"),
    "lo": ("Lao", "ລາວ", "ພາສາລາວ"),
    "la": ("Latin",),
    "lv": ("Latvian", "latviešu"),
    "ln": ("Lingala",),
    "lt": ("Lithuanian", "lietuvių"),
    "lb": ("Luxembourgish", "letzeburgesch", "lëtzebuergesch"),
    "mk": ("Macedonian", "македонски"),
    "mg": ("Malagasy",),
    "ms": ("Malay", "bahasa melayu"),
    "ml": ("Malayalam", "മലയാളം"),
    "mt": ("Maltese", "malti"),
    "mi": ("Maori",),
    "mr": ("Marathi", "मराठी"),
    "mn": ("Mongolian", "монгол"),
    "ne": ("Nepali", "नेपाली"),
    "nso": ("Northern Sotho", "sepedi"),
    "no": ("Norwegian", "norsk"),
    "nb": ("Norwegian Bokmål", "bokmål", "norsk bokmål"),
    "nn": ("Norwegian Nynorsk", "nynorsk", "norsk nynorsk"),
    "ny": ("Nyanja", "chichewa"),
    "oc": ("Occitan",),
    "or": ("Odia", "oriya", "ଓଡ଼ିଆ"),
    "om": ("Oromo",),
    "ps": ("Pashto", "pushto", "پښتو"),
    "fa": ("Persian", "farsi", "فارسی"),
    "pl": ("Polish", "polski"),
    "pt": ("Portuguese", "português"),
    "pa": ("Punjabi", "panjabi", "ਪੰਜਾਬੀ"),
    "qu": ("Quechua",),
    "ro": ("Romanian", "moldavian", "moldovan", "română"),
    "rm": ("Romansh",),
    "ru": ("Russian", "русский", "русский язык"),
    "sm": ("Samoan",),
    "sa": ("Sanskrit",),
    "gd": ("Scottish Gaelic", "gaelic", "gàidhlig"),
    "sr": ("Serbian", "српски", "srpski"),
    "sn": ("Shona",),
    "sd": ("Sindhi",),
    "si": ("Sinhala", "sinhalese", "සිංහල"),
    "sk": ("Slovak", "slovenčina"),
    "sl": ("Slovenian", "slovene", "slovenščina"),
    "so": ("Somali",),
    "st": ("Sotho",),
    "ckb": ("Sorani Kurdish", "sorani", "central kurdish", "سۆرانی"),
    "es": ("Spanish", "castellano", "castilian", "español"),
    "su": ("Sundanese",),
    "sw": ("Swahili", "kiswahili"),
    "sv": ("Swedish", "svenska"),
    "gsw": ("Swiss German", "schwiizerdütsch", "schweizerdeutsch"),
    "tl": ("Tagalog",),
    "tg": ("Tajik",),
    "ta": ("Tamil", "தமிழ்"),
    "tt": ("Tatar",),
    "te": ("Telugu", "తెలుగు"),
    "th": ("Thai", "ไทย", "ภาษาไทย"),
    "bo": ("Tibetan",),
    "ti": ("Tigrinya",),
    "tok": ("Toki Pona",),
    "tr": ("Turkish", "türkçe"),
    "tk": ("Turkmen",),
    "ug": ("Uyghur", "uighur"),
    "uk": ("Ukrainian", "українська", "українська мова"),
    "umb": ("Umbundu",),
    "ur": ("Urdu", "اردو"),
    "uz": ("Uzbek", "oʻzbekcha", "o'zbek"),
    "vi": ("Vietnamese", "tiếng việt"),
    "cy": ("Welsh", "cymraeg"),
    "wo": ("Wolof",),
    "xh": ("Xhosa",),
    "yi": ("Yiddish", "ייִדיש"),
    "yo": ("Yoruba",),
    "zu": ("Zulu",),
}
"""By code, the English name, then other English names and what the language is called in itself."""
_VARIANTS: Mapping[str, tuple[str, ...]] = {
    "en-GB": ("british english",),
    "en-US": ("american english",),
    "fa-AF": ("dari", "دری"),
    "pt-BR": ("brazilian portuguese", "português brasileiro"),
    "pt-PT": ("european portuguese", "português europeu"),
    "zh-Hans": ("simplified chinese", "chinese (simplified)", "简体中文"),
    "zh-Hant": ("traditional chinese", "chinese (traditional)", "繁體中文"),
}
"""Names of variants of a language, by code."""

NAMES: Mapping[str, str] = {code: names[0] for code, names in _LANGUAGES.items()}
"""English names by code."""


def _plain(name: str) -> str:
    """A name as it is looked up: in lower case, with spaces, without accents and what is not seen."""
    letters = unicodedata.normalize("NFKD", re.sub(r"[_-]", " ", name.casefold()))
    return "".join(letter for letter in letters if unicodedata.category(letter) not in {"Mn", "Cf"})


_BY_NAME = {_plain(name): code for code, names in (*_LANGUAGES.items(), *_VARIANTS.items()) for name in names}

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


_SHORT = 2


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
        if not is_valid:
            return None
        code = standardize_tag(tag, macro=True)
        # A language without a code of two letters is not written as the group that it belongs to.
        return code if len(primary(code)) == _SHORT else standardize_tag(tag)
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
