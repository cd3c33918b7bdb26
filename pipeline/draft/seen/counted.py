"""What a goal's number counts, told: which of the phrases near it can say so, cut to what they name.

Rows of a plan name it before their colon, and a clause that names several things beside as many numbers tells each its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.draft.grammar.view import Number, Phrase, View
from pipeline.draft.seen.indicators import AFTER, BEFORE
from pipeline.draft.seen.numbers import edges_of

_NEAR, _LONGEST = 120, 70
"""So many signs before a number things beside it are named; so long is the label of a row at most."""
_MOST = "최대|최소|총|누적|대비|연간|매년|평균"
_HOW_MUCH = re.compile(rf"^(?:\d*\s?[가-힣]{{1,3}}당\s?(?:{_MOST})?|{_MOST})(?:\s?[\d,.]+\S*)?$|^\d[\d.,]*[%％]")
_VERBAL = re.compile(r"(?:[하되]는|[하되]여|도록|하고|하며|대비|[할될을]\s수|[가-힣](?<!지)하)$")
_NO_NAMES = (_HOW_MUCH, _VERBAL)
_RISES = re.compile(r"→|⇒|➡|->|[(（]\s?['’‘ʼ`´]\d\d")
"""What stands in no phrase: an arrow, a number with its year."""
_RESPECTIVELY = re.compile(r"分别|分別")
_ENDS_CLAUSE, _BEGINS_NAMES = (
    re.compile(r"[。；;]|(?<!\d)[，,]|[，,](?!\d)"),
    re.compile(r"(?:^\s*|[。；;，,：:（(])(?:将|把|使)?"),
)
_BETWEEN_NAMES = re.compile(r"、|以及|和|及|与")


def may_say(view: View, phrase: Phrase) -> bool:
    """Whether a phrase may say what a number counts: two letters at least, and none that belongs to a number before it."""
    words = view.words(phrase.unit)
    cut = phrase.start > 0 and words[phrase.start - 1].isdigit()
    return not cut and sum(sign.isalpha() for sign in words[phrase.start : phrase.end]) >= 2


_ROW = re.compile(
    rf"(?:[(（][^()（）]{{1,16}}[)）]\s?)?\W{{0,3}}(?P<label>[가-힣A-Z0-9](?=[^:：]*[가-힣])[^\n:：→⇒➡]{{1,{_LONGEST}}}?)[*†‡]*\s?[:：](?=[^:：\n]{{2,40}}?(?:→|⇒|➡))"
)
_MEASURED = re.compile(
    r"(?:[율률수액량도]|비중|시간|기간|규모|순위|경쟁력|[여해용망입]자|비용|연장|노선|면적|인구|[점등]급)(?:\s?[(（][^()（）]*[)）])?$"
)
_IN_A_YEAR = re.compile(r"[(（]\s?['’‘ʼ`´]?\d\d")
_SAYS_NOTHING = re.compile(r"(?:성과\s?)?목\s*표|내\s*용|규\s*모|개\s*요|현\s*황|성\s*과|지\s*표")
_ACT = re.compile(r"\s(?:제고|향상|도입|신설|목표|발급|확대|강화|개선|증가|감축|감소|단축|절감|확충|구축)$")
_OF_A_ROW = re.compile(r"(?:[^가-힣,，]|[,，](?=\d)|약|총|누적|연간|[일월연년주]\s|[가-힣]{1,3}(?=[\s(（),~∼]|$))*")


def is_goal_row(words: str) -> bool:
    """Whether a unit is no more than a goal by years: `목재자급률: (’24) 18.6% → (’29) 22%`.

    Its label names what is measured and no act (`보급률 제고`): of 8 labelled ones none is a measure.
    """
    row = _ROW.match(words)
    if row is None or _MEASURED.search(row["label"]) is None:
        return False
    return _OF_A_ROW.fullmatch(words, row.end()) is not None and _IN_A_YEAR.search(words, row.end()) is not None


def first_able(view: View, number: Number, phrases: Sequence[Phrase]) -> Phrase | None:
    """The first of the phrases, the likeliest first, that can say what a number counts.

    Of a row `label : what is → what shall be` its label; none with an arrow or a number by year in it, nor one that says
    no more than how much for whom (`1인당 최대`), or ends as a verb does.
    """
    words, at = view.words(number.unit), number.quantity.start
    row = _ROW.match(words)
    named = row is not None and row.end() <= at and _SAYS_NOTHING.fullmatch(row["label"].strip()) is None
    if row is not None and named and _OF_A_ROW.fullmatch(words, row.end(), at) is not None:
        act = _ACT.search(row["label"])
        end = row.end("label") if act is None else row.start("label") + act.start()
        return Phrase(number.unit, row.start("label"), end, BEFORE)
    whole = (closed_phrase(view, p) for p in phrases)
    able = (p for p in whole if p.place not in (BEFORE, AFTER) or not _RISES.search(words, p.start, p.end))
    return next((p for p in able if not any(v.search(view.words(p.unit)[p.start : p.end]) for v in _NO_NAMES)), None)


_SAID_OF_IT = re.compile(
    r"(?:暂定为|确定为|设定为|控制为|(?:由|从)(?:原来|过去|目前)的?|提高到|增加到|增至|达到|不少于|不低于)$"
)
"""What stands between a Chinese name and its number: 在校生规模暂定为."""
_JOINED = re.compile(r"[가-힣]{2,6}[과와]\s(?=\S{2})")
_OPENED = re.compile(r"[ ]?[(（][^()（）]*$")


def closed_phrase(view: View, phrase: Phrase) -> Phrase:
    """The phrase without a bracket that does not close in it: `수출 지원(429→` is 수출 지원.

    Nor with the act of the number before it (`30개 육성과 수출액 20억 불` counts 수출액), nor with the verb behind it.
    """
    words = view.words(phrase.unit)
    act = _JOINED.match(words, phrase.start, phrase.end)
    if act is not None and phrase.start - 1 in edges_of(words)[1]:
        phrase = phrase._replace(start=act.end())
    opened = _OPENED.search(words[: phrase.end], phrase.start) or _SAID_OF_IT.search(words[: phrase.end], phrase.start)
    return phrase if opened is None or opened.start() == phrase.start else phrase._replace(end=opened.start())


def told_apart(view: View, number: Number, chosen: Phrase | None) -> Phrase | None:
    """What a number counts where several things have theirs in one clause: `甲、乙分别达到95%和85%`.

    The one in the number's place; null where things and numbers are not as many. `chosen` for any other number.
    """
    words, at = view.words(number.unit), number.quantity.start
    marks = list(_RESPECTIVELY.finditer(words, max(0, at - _NEAR), at))
    if not marks:
        return chosen
    mark, behind = marks[-1].span()
    stop = _ENDS_CLAUSE.search(words, behind)
    values = [start for start in edges_of(words)[0] if behind <= start < (stop.start() if stop else len(words))]
    if at not in values or len(values) < 2:
        return chosen
    low = max(0, mark - _NEAR)
    begin = low + max(m.end() for m in _BEGINS_NAMES.finditer(words[low:mark]))
    cuts = [m.span() for m in _BETWEEN_NAMES.finditer(words, begin, mark)]
    names = list(zip([begin, *(b for _, b in cuts)], [*(a for a, _ in cuts), mark], strict=True))
    return Phrase(number.unit, *names[values.index(at)], BEFORE) if len(names) == len(values) else None
