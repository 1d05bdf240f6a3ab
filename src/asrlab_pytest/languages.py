"""Codes of languages."""

from __future__ import annotations

import re

_CODES = """
aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul bh:bih bi:bis
bm:bam bn:ben bo:bod:tib br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces:cze cu:chu cv:chv cy:cym:wel da:dan
de:deu:ger dv:div dz:dzo ee:ewe el:ell:gre en:eng eo:epo es:spa et:est eu:eus:baq fa:fas:per ff:ful fi:fin fj:fij fo:fao
fr:fra:fre fy:fry ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye:arm
hz:her ia:ina id:ind ie:ile ig:ibo ii:iii ik:ipk io:ido is:isl:ice it:ita iu:iku ja:jpn jv:jav jw ka:kat:geo kg:kon
ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan ko:kor kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim
ln:lin lo:lao lt:lit lu:lub lv:lav mg:mlg mh:mah mi:mri:mao mk:mkd:mac ml:mal mn:mon mr:mar ms:msa:may mt:mlt my:mya:bur
na:nau nb:nob nd:nde ne:nep ng:ndo nl:nld:dut nn:nno no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm or:ori os:oss
pa:pan pi:pli pl:pol ps:pus pt:por qu:que rm:roh rn:run ro:ron:rum ru:rus rw:kin sa:san sc:srd sd:snd se:sme sg:sag sh
si:sin sk:slk:slo sl:slv sm:smo sn:sna so:som sq:sqi:alb sr:srp ss:ssw st:sot su:sun sv:swe sw:swa ta:tam te:tel tg:tgk
th:tha ti:tir tk:tuk tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie
vo:vol wa:wln wo:wol xh:xho yi:yid yo:yor za:zha zh:zho:chi zu:zul
"""
"""ISO 639-1 codes, each with the codes of ISO 639-2 for the same language; of jw, Whisper's word for Javanese."""
_TWO_LETTERS = {codes.partition(":")[0] for codes in _CODES.split()}
_SHORT = {long: short for short, *longer in (codes.split(":") for codes in _CODES.split()) for long in longer}
_SUBTAGS = re.compile(r"([-_][A-Za-z0-9]{1,8})*")


def primary(language: str) -> str:
    """The code without what narrows it: "pt" of "pt-BR", "PT" and "pt_BR"."""
    return language.replace("_", "-").split("-")[0].lower()


def fault_of_language(language: str) -> str | None:
    """Why a text is no code of a language, and what to write; None where it is one.

    A code is of ISO 639-1, or of three letters where ISO 639-1 has none for the language, with or without what narrows
    it: "en", "pt-BR", "yue". Models are meant for clips by such codes, and "eng" or "English" would be for none.
    """
    code = primary(language)
    if code in _SHORT:
        return f"{language!r} is no ISO 639-1 code; write {_SHORT[code]!r}"
    is_code = code in _TWO_LETTERS or re.fullmatch("[a-z]{3}", code)
    if is_code and _SUBTAGS.fullmatch(language[len(code) :]):
        return None
    return f"{language!r} is no ISO 639-1 code, such as 'en'"
