"""Which lines are headings, and which whole texts, by their look and what stands around them: pure functions of a text
and its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.normalise import dateline_end
from pipeline.outline.lines import Line
from pipeline.outline.sentences import split_sentences

# A unit that ends like this is not finished: the rest stands after a line or page break. Nouns that end in
# the same syllable (효과, 회의, 도로) are excluded by what stands before it.
OPEN = re.compile(
    r"(?:[,·、，]|[가-힣](?:을|를|와|및|하고|하며|하여|되어|되는|하는|에서|까지|부터|거나|어야|아야)|[가-힣]\s?(?:위한|위해|통해|대한)"
    r"|(?<![효성결학초통경])과|(?<![회협논심합토문동])의|\b(?:및|또는|등))\s*\**$"
)
AND_SO_ON = re.compile(r"등\s*\**$")
"""A list that may be at its end: what stands behind a blank line is a text of its own."""
ENDED = re.compile(r"[.。!?:;]\s*[”\"’')\]]*$")
_HEADING_END = re.compile(r"(?:다|함|음|됨|요|\s경우)[.。]?$|[。.,]$")
_PAGE_TITLE = re.compile(
    r"(?:contents|목\s*차|차\s*례|table of contents|目\s*[录錄次]|요\s*약|executive summary|summary|摘\s*要)$",
    re.IGNORECASE,
)
PLAIN_HEADING = 40
_HEADLINE, _LATIN_HEADLINE = 60, 110
_LATIN_TITLE = 70
_LONGEST_ITEM, _MOST_SENTENCES = 500, 4
"""A marked line with more of both is no item: it is a whole text that a portal handed on in one line. Of 907 documents
with line breaks none has such an item (the longest of more sentences has 419 signs), of 479 releases 95."""
_FIELD_LINE = re.compile(r"[A-Z][A-Za-z ]{2,24}:\s|.*[@|]")
_LATIN = re.compile(r"[^\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+$")
_OPENS_SENTENCE = re.compile(r"(?:The|A|An|In|On|At|Today|This|These|It|We)\s\S")
_IN_BRACKETS = re.compile(
    r"\[\s?(?!자료|출처|그림|사진|감수|제\s?\d+호|图|[^\[\]]*(?:기자|특파원)\s?\])(?=[^\[\]]*[가-힣\u4e00-\u9fff])[^\[\]]{2,58}\]$"
)
"""`[ 2) 시행규칙 ]` alone on its line."""
_NUMBERED = re.compile(
    r"[\[【〔(（]\s?(?:추진|중점|핵심|정책|세부|실천|주요)?\s?(?:전략|과제|분야|목표|방향)\s?\d{1,2}(?:[-.]\d{1,2})?\s?[\]】〕)）]\s?[^\s*].{1,58}(?<![.。,])$"
)
"""`[전략 1] 지하수의 미래가치 창출`."""
_ARTICLE = re.compile(r"(?:Article|Section)\s\d{1,3}[a-z]?$", re.IGNORECASE)
"""The number of an article alone on its line, whatever follows."""
GLUED_HEADING = 45
_WIDEST, _WIDEST_LATIN = 110, 220
"""No printed line is longer (characters), in East Asian and in Latin letters."""
_LISTED = 3
_WRAPPED = 32
"""A numbered line at least this long (characters) may go on in the next line."""


def is_plain_heading(text: str, lines: Sequence[Line], i: int, boxed: bool) -> bool:
    """Whether an unmarked line is a heading by its look: short, unended, set apart; a page's title, an article's number."""
    line = lines[i]
    body = text[line.body : line.end].strip()
    following = lines[i + 1].kind if i + 1 < len(lines) else "blank"
    if body.endswith(("—", "――", "ㅡ")) or any(p.match(body) for p in (_PAGE_TITLE, _ARTICLE, _IN_BRACKETS, _NUMBERED)):
        return True
    longest = _LATIN_TITLE if _LATIN.match(body) else PLAIN_HEADING
    if boxed or len(body) > longest or _HEADING_END.search(body) or OPEN.search(body):
        return False
    if re.match(r"[\d.\s|]+$", body) or body[:1] in "“\"‘'(→⇒":
        return False
    if _LATIN.match(body) and following == "blank" and body[0].isupper():
        apart = i == 0 or lines[i - 1].kind in ("blank", "rule", "page")
        return apart and len(body) <= _LATIN_TITLE and not _FIELD_LINE.match(body)
    return line.bold or (len(body) <= 24 and following in ("blank", "glyph", "table", "number", "caption"))


def is_headline(text: str, lines: Sequence[Line], i: int, boxed: bool, unwrapped: bool) -> bool:
    """A line set off above running text, longer than a heading: what comes next begins a text of its own.

    It does so by a dateline, by an indent that the line has not, after a blank line (or where a line is a paragraph) by
    being much longer, and in English by opening a sentence where the line has not ended one.
    """
    line = lines[i]
    body = text[line.body : line.end].strip()
    if boxed or (i and _is_below_text(text, lines[i - 1], len(body), unwrapped)):
        return False
    j = i + 1
    while j < len(lines) and lines[j].kind == "blank":
        j += 1
    if j >= len(lines) or lines[j].kind != "text" or not _may_be_headline(body):
        return False
    following = lines[j]
    below = text[following.start : following.end].strip()
    apart = j > i + 1
    return bool(
        dateline_end(below)
        or (following.indent >= 2 and line.indent == 0 and len(below) > len(body))
        or ((apart or unwrapped) and len(below) >= 2 * len(body) and ENDED.search(below))
        or (_LATIN.match(body) and _OPENS_SENTENCE.match(below) and len(below) >= len(body) // 2)
    )


def _is_below_text(text: str, above: Line, length: int, unwrapped: bool) -> bool:
    """Whether a line of so many characters may be the rest of the one above it."""
    if above.kind not in ("text", "glyph", "number") or (above.end - above.body) * 2 < length:
        return False
    return not unwrapped or not ENDED.search(text[above.body : above.end].rstrip())


def _may_be_headline(body: str) -> bool:
    longest = _LATIN_HEADLINE if _LATIN.match(body) else _HEADLINE
    if not 10 <= len(body) <= longest or body[:1] in "“\"‘'(（《「<[【" or dateline_end(body):
        return False
    return not (ENDED.search(body) or OPEN.search(body) or re.search(r"다$|[:：]$|\||@", body))


def titles_text(text: str, lines: Sequence[Line], i: int) -> bool:
    """`■ 제목` with running text below: much shorter than the lines of that text, so not wrapped into it."""
    line, at = lines[i], i + 1
    while at < len(lines) and lines[at].kind == "blank":
        at += 1
    if at >= len(lines) or lines[at].kind != "text":
        return False
    words, length = text[line.body : line.end].rstrip(), line.end - line.body
    below = max(n.end - n.body for n in lines[at : at + 3] if n.kind == "text")
    return length <= 45 and length < 0.75 * below and not OPEN.search(words) and not ENDED.search(words)


def is_unwrapped(text: str, lines: Sequence[Line]) -> bool:
    """Whether a line is a paragraph: some line is longer than any page is wide."""
    running = (n for n in lines if n.kind in ("text", "glyph", "number") and n.end - n.start > _WIDEST)
    return any(n.end - n.start > _WIDEST_LATIN or not _LATIN.match(text[n.start : n.end]) for n in running)


def is_glued(text: str, first: tuple[int, int], line: Line) -> bool:
    """Whether a text is glued to a numbered heading, its `first` sentence, on the same line (`（一）加强治理。更换…`)."""
    return first[1] - first[0] <= GLUED_HEADING and bool(text[first[1] : line.end].strip("* "))


def is_cut(words: str, below: str) -> bool:
    """Whether a numbered item goes on in the line below it: a long one may, and a Chinese sentence that ends there.

    A heading is no sentence, and a text under one is longer than it.
    """
    rest = "，" in words and below.endswith(("。", "；")) and len(below) < len(words)
    return not ENDED.search(words) and (len(words) >= _WRAPPED or rest)


def running_families(text: str, lines: Sequence[Line]) -> frozenset[str]:
    """Numbers that stand before running text (`一、对需报国家审批的…，应…。`), by the first sentences of their lines."""
    lengths: dict[str, list[int]] = {}
    for line in lines:
        if line.family in ("han", "han_bracket"):
            first = split_sentences(text, line.body, line.end)[:1] or [(line.body, line.body)]
            lengths.setdefault(line.family, []).append(first[0][1] - first[0][0])
    return frozenset(f for f, all_ in lengths.items() if 3 * sum(n > GLUED_HEADING for n in all_) >= len(all_))


def listed_lines(text: str, lines: Sequence[Line]) -> frozenset[int]:
    """The numbered lines of each list of three and more, one right below another, that running text follows.

    Were they headings, that text would stand under the last of them.
    """
    found: set[int] = set()
    run: list[int] = []
    for i, line in enumerate(lines):
        if line.kind == "blank":
            continue
        if line.kind == "number" and not line.mark.startswith("#"):
            first = lines[run[0]] if run else line
            same = (line.family, line.indent) == (first.family, first.indent) and line.mark != first.mark
            run = [*run, i] if same else [i]  # number one again: the chapter, behind the list of all
            continue
        begins = 0 if not run or lines[run[0]].mark[-1:] != "②" else text.rfind("①", 0, lines[run[0]].start)
        goes_on = begins > 0 and text.count("\n", begins, lines[run[0]].start) <= 2  # `안건 : ① …` begins the list
        if len(run) + goes_on >= _LISTED and line.kind == "text" and line.indent <= lines[run[-1]].indent:
            found.update(run if len(text[line.body : line.end].strip()) > PLAIN_HEADING else ())
        run = []
    return frozenset(found)


def is_of_list(text: str, lines: Sequence[Line], i: int) -> bool:
    """Whether `* words` is one of a list as Markdown has it in Latin letters; one that stands alone is a note."""
    near = (lines[i], *lines[max(0, i - 2) : i], *lines[i + 1 : i + 3])
    own, *others = (n.mark == "*" and _LATIN.match(text[n.body : n.end]) is not None for n in near)
    return own and any(others)


def is_text(text: str, line: Line) -> bool:
    """Whether a marked line is the text of a whole article, which only begins with a line under its title."""
    return line.end - line.body > _LONGEST_ITEM and len(split_sentences(text, line.body, line.end)) > _MOST_SENTENCES
