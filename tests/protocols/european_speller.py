"""Whole numbers from 1 to 999,999,999 as a speaker of the six European languages says them."""

from collections.abc import Callable

_ROMANCE = {
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve",
    "it": "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove",
    "pt": "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete "
    "dezoito dezenove",
}
_GERMANIC = {
    "de": "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn",
    "nl": "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien",
}
_UNITS = {language: ["", *words.split()] for language, words in (_ROMANCE | _GERMANIC).items()}
_TENS = {
    language: ["", "", *words.split()]
    for language, words in {
        "fr": "vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt",
        "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
        "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
        "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
        "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
        "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    }.items()
}
_HUNDREDS = {
    "es": "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos",
    "pt": "cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos",
}
_HUNDREDS = {language: ["", *words.split()] for language, words in _HUNDREDS.items()}


def cardinal(language: str, number: int) -> str:
    """As `vingt et un` and `zweitausendzwanzig`."""
    return {"fr": _french, "es": _spanish, "it": _italian, "pt": _portuguese, "de": _german, "nl": _dutch}[language](
        number
    )


def _parts(number: int, below: Callable[[int], str], thousand: str, million: str, millions: str) -> list[str]:
    """The millions, thousands and the rest, without those that are none."""
    above, rest = divmod(number, 1_000_000)
    thousands, rest = divmod(rest, 1000)
    words = [million if above == 1 else f"{below(above)} {millions}"] if above else []
    words += [thousand if thousands == 1 else f"{below(thousands)} {thousand}"] if thousands else []
    return words + ([below(rest)] if rest else [])


def _french(number: int) -> str:
    def below(number: int) -> str:
        hundreds, rest = divmod(number, 100)
        hundred = ("cents" if hundreds > 1 and not rest else "cent") if hundreds else ""
        return " ".join(filter(None, [_UNITS["fr"][hundreds] if hundreds > 1 else "", hundred, _tens(rest)]))

    def _tens(rest: int) -> str:
        if rest < 20:
            return _UNITS["fr"][rest]
        tens, unit = divmod(rest, 10)
        unit += 10 * (tens in (7, 9))
        joint = " et " if unit in (1, 11) and tens < 8 else "-"
        return _TENS["fr"][tens] + (joint + _UNITS["fr"][unit] if unit else "s" * (tens == 8))

    text = " ".join(_parts(number, below, "mille", "un million", "millions"))
    return text.replace("cents mille", "cent mille").replace("vingts mille", "vingt mille")


def _spanish(number: int) -> str:
    def below(number: int) -> str:
        hundreds, rest = divmod(number, 100)
        if number == 100:
            return "cien"
        tens, unit = divmod(rest, 10)
        low = _UNITS["es"][rest] if rest < 30 else _TENS["es"][tens] + (f" y {_UNITS['es'][unit]}" if unit else "")
        return f"{_HUNDREDS['es'][hundreds]} {low}".strip()

    text = " ".join(_parts(number, below, "mil", "un millón", "millones"))
    for scale in ("mil", "millones"):
        text = text.replace(f"veintiuno {scale}", f"veintiún {scale}").replace(f"uno {scale}", f"un {scale}")
    return text


def _italian(number: int) -> str:
    def below(number: int) -> str:
        hundreds, rest = divmod(number, 100)
        tens, unit = divmod(rest, 10)
        low = _UNITS["it"][rest] if rest < 20 else _TENS["it"][tens][: -1 if unit in (1, 8) else None]
        low += _UNITS["it"][unit] if rest > 20 else ""
        return (_UNITS["it"][hundreds] if hundreds > 1 else "") + ("cento" if hundreds else "") + low

    millions, rest = divmod(number, 1_000_000)
    thousands, rest = divmod(rest, 1000)
    text = f"{'un milione' if millions == 1 else f'{below(millions)} milioni'} " if millions else ""
    text += ("mille" if thousands == 1 else f"{below(thousands)}mila") if thousands else ""
    return (text + below(rest)).strip()


def _portuguese(number: int) -> str:
    def below(number: int) -> str:
        hundreds, rest = divmod(number, 100)
        if number == 100:
            return "cem"
        tens, unit = divmod(rest, 10)
        low = [_UNITS["pt"][rest]] if rest < 20 else [_TENS["pt"][tens], _UNITS["pt"][unit]]
        return " e ".join(filter(None, [_HUNDREDS["pt"][hundreds], *low]))

    words = _parts(number, below, "mil", "um milhão", "milhões")
    rest = number % 1000
    joint = " e " if rest and (rest < 100 or rest % 100 == 0) else " "
    return joint.join([" ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _german(number: int) -> str:
    text = _compound(number, "de", ("hundert", "tausend", "und", " eine Million ", " Millionen "))
    return text + "s" if number % 100 == 1 else text


def _dutch(number: int) -> str:
    text = _compound(number, "nl", ("honderd", "duizend ", "en", " één miljoen ", " miljoen "))
    return text.replace("tweeen", "tweeën").replace("drieen", "drieën")


def _compound(number: int, language: str, words: tuple[str, str, str, str, str]) -> str:
    hundred, thousand, joint, million, millions = words

    def below(number: int) -> str:
        hundreds, rest = divmod(number, 100)
        tens, unit = divmod(rest, 10)
        low = _UNITS[language][unit] + joint if unit else ""
        low = _UNITS[language][rest] if rest < 20 else low + _TENS[language][tens]
        return (_UNITS[language][hundreds] if hundreds > 1 else "") + (hundred if hundreds else "") + low

    above, rest = divmod(number, 1_000_000)
    thousands, rest = divmod(rest, 1000)
    text = (million if above == 1 else below(above) + millions) if above else ""
    text += (below(thousands) if thousands > 1 else "") + thousand if thousands else ""
    return (text + below(rest)).strip()
