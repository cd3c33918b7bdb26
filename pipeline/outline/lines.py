"""Lines and their marks: what a line starts with says what it is.

Marks are sorted into families (box glyphs, circles, dashes, numbers with a bracket …). Which family ranks
above which is not fixed: it follows from the order in which a document uses them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.normalise.private_signs import BOXED_NUMBER, BOXED_START, SHOWN
from pipeline.normalise.source_lists import is_source_heading

_PLAIN = {
    "box": "□■◇◆▣▢◈❖▨▩",
    "circle": "○ㅇ◦●◯❍⚪⚫◎",
    "dash": "-–—−―‐─ᅳ",
    "star": "*＊※☞†",
    "dot": "•·∙▪▸‣・⦁◾◽",
    "triangle": "▶▷►▲△▼▽➤➢➔",
    "check": "☑✓✔☐☒",
}
GLYPHS = {
    family: signs + "".join(chr(c) for c, shown in SHOWN.items() if shown in signs) for family, signs in _PLAIN.items()
}
"""Bullets by family; a sign of private use is of the family of what it shows."""
FAMILY_OF = {glyph: family for family, glyphs in GLYPHS.items() for glyph in glyphs}
_ALL = "".join(GLYPHS.values())

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳❶❷❸❹❺❻❼❽❾❿➊➋➌➍➎➏➐➑➒➓"
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
_HAN = "一二三四五六七八九十"
_SYLLABLES = "가나다라마바사아자차카타파하"

# A dash or triangle in front of a digit is a sign (`-3.5%`, `△5.2`); a glyph in front of itself is a rule or bold mark.
GLYPH = re.compile(
    rf"(?P<glyph>[{re.escape(_ALL)}]|o(?=\s)|--)(?!(?P=glyph))(?:\s+|(?=[^\s\d.,%])|(?<=[□■◇◆○ㅇ◦●•▪※*▶▷·∙‣・])(?=\d))"
)
_STARS = re.compile(r"(?P<mark>\*{2,4})[ \u00a0\u3000]+(?=\S)")
"""The second footnote and those after it (`**`, `***`), no mark of bold type."""
_FAMILIES: tuple[tuple[str, str, str], ...] = (
    ("hash", "#", r"(?P<mark>#{1,6})\s+"),
    ("chapter", "제第", rf"(?P<mark>제\s?\d{{1,2}}\s?[장편](?=[\s.:])|第[{_HAN}\d]{{1,3}}[章编篇])[\s.:]*"),
    ("section", "제第", rf"(?P<mark>제\s?\d{{1,2}}절(?=[\s.:])|第[{_HAN}\d]{{1,3}}节)[\s.:]*"),
    ("article", "제第", rf"(?P<mark>제\s?\d{{1,3}}조(?:의\d)?|第[{_HAN}百\d]{{1,4}}条)[\s.:]*"),
    ("roman", _ROMAN + "IVX", rf"(?P<mark>[{_ROMAN}]\s?[.)]?|(?:I{{1,3}}|IV|VI{{0,3}}|IX|X{{1,2}})(?:[.)]|(?=\s)))\s*"),
    ("han", _HAN, rf"(?P<mark>[{_HAN}]{{1,3}}、)\s*"),
    ("han_bracket", "（(", rf"(?P<mark>[（(][{_HAN}]{{1,3}}[）)])\s*"),
    ("square", r"\[【〔", r"(?P<mark>[\[【〔]\s?\d{1,2}\s?[\]】〕])\s*"),
    ("padded", "0", r"(?P<mark>0\d)(?:\s+|(?=[.)]\s)[.)]\s*)"),
    (
        "dot_number",
        r"\d",
        r"(?P<mark>\d{1,2}\.(?=[「『가-힣])|(?:\d{1,2}(?:[.-]\d{1,2}){0,2}\.|\d{1,2}(?:\.\d{1,2}){1,2})(?=\s+\D))\s*",
    ),
    ("han_number", r"\d", r"(?P<mark>\d{1,2}[.．])(?=[“《]?[\u4e00-\u9fff])"),
    ("bracket_number", r"\d", r"(?P<mark>\d{1,2}\))\s*"),
    ("round_number", "（(⑴-⒇", r"(?P<mark>[（(]\d{1,2}[）)]|[⑴-⒇])\s*"),
    ("letter", _SYLLABLES, rf"(?P<mark>[{_SYLLABLES}]\.)\s*"),
    ("letter_bracket", "(" + _SYLLABLES, rf"(?P<mark>\(?[{_SYLLABLES}]\))\s*"),
    ("circled", CIRCLED, rf"(?P<mark>[{CIRCLED}])\s*"),
    ("boxed_number", BOXED_START, rf"(?P<mark>{BOXED_NUMBER})\s*"),
    ("latin_letter", "(a-h", r"(?P<mark>\([a-h]\)|[a-h]\))\s+(?=[A-Za-z\u4e00-\u9fff가-힣])"),
    ("latin_roman", "(ivx", r"(?P<mark>\((?:i{1,3}|iv|vi{0,3}|ix|x)\)|(?:i{1,3}|iv|vi{0,3}|ix|x)[.)])\s+(?=[A-Z])"),
    # A number set apart by spaces, where nothing else is: `1  제목`, no row of columns.
    ("boxed", r"\d", r"(?P<mark>\d{1,2}) {2,}(?=\S)(?![^\n]*\S {2,}\S)(?=\D)"),
)  # fmt: skip
"""A family of numbers, the signs it starts with (as in a class of a pattern), and its pattern."""
NUMBERS = tuple((family, re.compile(f"(?=[{starts}]){pattern}")) for family, starts, pattern in _FAMILIES)
_STARTS = tuple(re.compile(f"[{starts}]") for _, starts, _ in _FAMILIES)
BOXED = re.compile(rf"\s*(?P<mark>\d{{1,2}}|[{_ROMAN}]|I{{1,3}}|IV|VI{{0,3}}|IX|X)\s*$")

_CAPTION = re.compile(r"\s*[〈<＜〔]\s*(?!/|https?:)(?P<text>[^<>〈〉]{2,80}?)\s*[〉>＞〕]\s*$")
_URL = re.compile(r"\s*(?:[-*※☞☑]\s*)?<?(?:https?://|www\.)\S+>?\s*$")
_SOURCE = re.compile(r"[\s*※-]*(?:출처|자료\s?출처|자료|원문|Source|来源|來源|래원)\s*[:：]")
_PAGE = re.compile(r"\s*(?:[-–—]\s*\d{1,4}\s*[-–—]|\d{1,4}\s*/\s*\d{1,4}|(?:page|p\.)\s*\d{1,4}|\f)\s*$", re.IGNORECASE)
_POINT = re.compile(
    r"\s*(?:\|\s*)?(?P<mark>\((?:(?P<roman>i{1,3}|iv|vi{0,3}|ix|x)|(?P<letter>[a-z]{1,2})|(?P<number>\d{1,2}))\)"
    rf"|(?P<glyph>[{re.escape(_ALL.translate(dict.fromkeys(map(ord, _PLAIN['triangle']))))}]))\s*[|\t]\s*"
    r"(?P<words>(?=[^|\t]*[^\W\d_]{2})[^|\t\s][^|\t]*[^|\t\s])\s*\|?\s*$"
)
"""A point that a layout of two columns holds, its mark in the first: `| (a) | the best available evidence; |`."""
_POINTS = {"roman": "latin_roman", "letter": "latin_letter", "number": "round_number"}
_END_SIGN = re.compile(
    r"\s*(?:!\[[^\]]*\]\([^()]*\)|\\?#{2,4}|[-–—\[(*]{0,3}\s?ENDS?\s?[-–—\])*]{0,3}|<?[A-Za-z0-9._+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}>?)\s*$"
)
"""A picture or an address alone on its line, or the sign that a release ends with."""
_DRAWN = frozenset("─━┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝═ ")
_RULE = frozenset("-=_*~─━·. ")
_FIELDS = (
    "등록일|조회수?|담당\\s?부서|담당자|책임자|보도\\s?시점|보도\\s?일시|배포\\s?일시?|배포|작성자|작성일|첨부\\s?파일|생성\\s?기관|원문\\s?발표일|"
    "발\\s?행\\s?일|발\\s?행\\s?인|발\\s?행\\s?처|발\\s?행\\s?기\\s?관|발간일|발간처|편집인?|문의처?|연락처|주소|전화|팩스|TEL|FAX|E-?mail|Contact|"
    "Published|Date|발표일|수집일|게시일|원문\\s?링크|키워드|분류|국가|索引号|发文机关|成文日期|发文字号|发布日期|主题分类"
)
_FIELD = re.compile(
    r"\s*총\s?\d{1,3}\s?쪽(?:\s?\([^()]{1,24}\))?\s*$|"
    rf"\s*[-|·•○ㅇ*□<〈\[]?\s*(?:{_FIELDS})\s*(?:[:：|｜>〉\]]|\s(?=\d)|\s{{2,}}|$)"
    r"|\s*(?:Action|Measure|Priority|Recommendation|Commitment|Step|Item)\s\d{1,2}(?:\.\d{1,2})*[.:]?\s*$"
    r"|\s*(?:Lead|Lead agency|Responsible|Owner|Delivery partners?|Timing|Timeline)\s?:"
    r"|\s*(?:보\s?도\s?(?:참고\s?)?자\s?료|보도\s?설명\s?자료|참\s?고\s?자\s?료\s?끝|목록\s+이전|공공누리|바로보기|이전글|다음글|이전\s?(?:다음)?\s?기사|다음\s?기사|\[?자료\s?제공|이 누리집|본문 바로가기|글자\s?크기|좋아요|저작권|ⓒ|Copyright|무단\s?전재)",
    re.IGNORECASE,
)


class Line(NamedTuple):
    """A line of the document. `body` is where its text starts, after indent, mark and markup."""

    start: int
    end: int
    body: int
    kind: str
    """blank, table, rule, caption, source, url, page, field, cover, references, boxed, number, glyph, text."""
    family: str = ""
    mark: str = ""
    indent: int = 0
    bold: bool = False


def classify(text: str, start: int, end: int) -> Line:
    """The line `text[start:end]`, with its kind and mark."""
    line = text[start:end]
    stripped = line.strip()
    if not stripped or stripped in {"&nbsp;", "\ufeff"}:
        return Line(start, end, end, "blank")
    if (point := _POINT.match(line)) is not None:
        family = FAMILY_OF.get(point["mark"]) or next(_POINTS[f] for f in _POINTS if point[f])
        kind = "glyph" if point["glyph"] else "number"
        return Line(start, start + point.end("words"), start + point.start("words"), kind, family, point["mark"])
    kind = _kind(line, stripped)
    if kind:
        return Line(start, end, start + len(line) - len(line.lstrip()), kind)
    return _marked(text, start, end)


def _kind(line: str, stripped: str) -> str:
    """The kind of a line that its whole form decides; empty for lines to be looked at by their mark."""
    if ("://" in line or "www." in line) and _URL.match(stripped):
        return "url"
    # A tab that only indents makes no row, unless the cell behind it goes on with a bullet or is marked up.
    cell = stripped[0] in GLYPHS["dot"] or "<" in stripped
    if "\t" in (line.strip(" \n") if cell else stripped) or "<td" in line or "<th>" in line:
        return "table"
    if stripped[0] in "┌├└┏┣┗╔╠╚" and set(stripped) <= _DRAWN:
        return "rule"
    if stripped[0] in "│┃" and stripped[-1] in "│┃" and stripped.count(stripped[0]) >= 3:
        return "table"
    if (stripped.startswith("|") or stripped.endswith("|")) and stripped.count("|") >= 3:
        return "rule" if set(stripped) <= set("|-: ") else "table"
    if stripped[0] in _RULE and len(stripped) >= 3 and (_RULE.issuperset(stripped) or set(stripped) <= set("-=+|: ")):
        return "rule"
    if len(line) < 200 and _PAGE.match(line):
        return "page"
    if is_source_heading(stripped):
        return "references"
    if _SOURCE.match(stripped):
        return "source"
    if _FIELD.match(stripped) or _END_SIGN.match(stripped):
        return "field"
    if BOXED.match(stripped):
        return "boxed"
    if _CAPTION.match(stripped):
        return "caption"
    return ""


@lru_cache(maxsize=4096)
def _starting_with(sign: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The families of numbers that can start with a sign: one look instead of nineteen patterns."""
    return tuple(number for number, starts in zip(NUMBERS, _STARTS, strict=True) if starts.match(sign))


def _number(text: str, at: int, end: int) -> tuple[str, re.Match[str]] | None:
    """The family of the number at `at` and its match; None where there is none, or nothing after it."""
    for family, pattern in _starting_with(text[at] if at < end else ""):
        match = pattern.match(text, at, end)
        if match is not None and match.end() < end:
            return family, match
    return None


def _marked(text: str, start: int, end: int) -> Line:
    """A line with its marks taken off; of several marks (`- ①`, `- *`) the innermost decides."""
    at = start
    while at < end and text[at] in " \t\u3000\u00a0\u200b":
        at += 1
    indent, family, mark, kind = at - start, "", "", "text"
    if (stars := _STARS.match(text, at, end)) is not None and text.find("**", stars.end(), end) < 0:
        return Line(start, end, stars.end(), "glyph", "star", stars["mark"], indent)
    bold = text.startswith("**", at)
    for _ in range(3):
        inner = at + 2 if text.startswith("**", at) else at
        number = _number(text, inner, end)
        glyph = GLYPH.match(text, at, end) if number is None else None
        if number is not None:
            family, kind = (
                number[0] + ("#" * (number[1].end("mark") - number[1].start("mark")) if number[0] == "hash" else ""),
                "number",
            )
            mark, at = (mark + " " + number[1]["mark"]).strip(), number[1].end()
            if number[0] != "hash":
                break
        elif glyph is not None and glyph.end() < end and kind != "number":
            family, kind = FAMILY_OF.get(glyph["glyph"], "dash" if glyph["glyph"] == "--" else "circle"), "glyph"
            mark, at = (mark + " " + glyph["glyph"]).strip(), glyph.end()
        else:
            break
    if text.startswith("**", at):
        at += 2
    return Line(start, end, at, kind, family, mark, indent, bold)
