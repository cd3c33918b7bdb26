"""Traits: what can be told of a unit at a glance, each a small number, for the learner.

Three kinds, in this order: where the unit stands (layout), its outer form, and the cues of the grammar (a goal's
words, an authority). A cue says what it sees; whether that makes a measure is learned. Cues of acts, facts, definitions,
firms, status, deadlines and datelines were traits too: by groups they gained nothing.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import get_args

import numpy as np
import numpy.typing as npt

from pipeline.draft.grammar.rules import HAN, HANGUL, LATIN, REMEMBERED, Rule, scripts_of
from pipeline.draft.grammar.titles import document_type, find_quoted
from pipeline.draft.grammar.view import View
from pipeline.normalise import find_organisations
from schemas.document import ArticleUnit, UnitRole
from schemas.vocabulary import UnitKind

Matrix = npt.NDArray[np.uint8]
_Columns = dict[str, list[int] | tuple[int, ...]]
"""By trait its value for each unit."""

_KINDS = {kind: i for i, kind in enumerate(UnitKind)}
_ARTICLES = {"whole": 0, "item": 1, "short_news": 2}
_FAMILIES = (
    "box", "circle", "dash", "star", "dot", "triangle", "check", "hash", "chapter", "section", "article", "roman", "han",
    "han_bracket", "square", "padded", "dot_number", "han_number", "bracket_number", "round_number", "letter",
    "letter_bracket", "circled", "latin_letter", "latin_roman", "boxed", "plain", "references",
)  # fmt: skip
_FAMILY_OF = {name: i + 2 for i, name in enumerate(_FAMILIES)}
_FAMILY_OF["boxed_number"] = _FAMILY_OF["circled"]  # the same numbers in another frame, and rare
_ROLES = {role: i for i, role in enumerate(get_args(UnitRole))}

_LABEL = re.compile(r"^\s*[（(【\[<〈]\s*[^()（）【】\[\]<>〈〉]{1,30}?\s*[)）】\]>〉]")
_COLON_LABEL = re.compile(r"^[^:：,，。.]{1,24}[:：]\s?(?=\S)")
_SAYS = Rule("seen: announces", ko="발표 수립 마련 제정 공포 공개 확정 의결 채택 고시 발령 출범 내놓 내놨 시행 공고 승인 도입 개정 추진한다",
        zh="印发 发布 出台 制定 公布 颁布 通过 宣布 实施 施行",
        en=r"\b(?:published|announced?s?|launched|adopted|released|unveiled|issued|approved|introduced|presented|proposed)\b",
        finds="launched")  # fmt: skip
_EVENT = Rule("seen: an event", ko="개최 체결 참석 방문 면담 수상 서명 착공 개소 기념 간담회 설명회 접견 회담 협약 시상 점검 행사 공모 모집 접수",
        zh="招聘 公示 名单 召开 会议 举行 评审 申报 公告",
        en=r"\b(?:visit|meeting|conference|ceremony|award|forum|workshop|seminar|webinar)", finds="conference")  # fmt: skip
_NEWS = Rule("seen: figures and reports", ko="통계 실적 동향 현황 논문 보고서 백서 지수 순위 성과 결과 사례 전망 집계", zh="统计 通报 情况 结果 数据 报告",
        en=r"\b(?:report|statistics|survey|results|findings|index)\b", finds="statistics")  # fmt: skip
_GOAL = Rule("seen: a goal", ko="목표 달성 까지", zh="目标 达到 力争", en=r"\b(?:target|goal|aim|by\s20\d\d|reach)\b",
        finds="goal")  # fmt: skip
_ASKS = Rule("seen: asks of somebody", ko="하여야 해야 하도록 것을 바랍니다 요청", zh="应当 必须 不得 要求 请 严格 切实 做好",
        en=r"\b(?:must|shall|should|require)\b", finds="shall")  # fmt: skip
_WILL = Rule("seen: will be done", ko=r"계획 예정 방침 추진 하기로 겠다 나갈 나간다 할\s?것", zh="将 拟", en=r"\b(?:will|plans?\sto|intends?)\b",
        finds="할것 / will")  # fmt: skip
_DIGITS = re.compile(r"\d[\d.,]*")
_OVERVIEW = re.compile(
    r"배\s?경|개\s?요|현황|성과|의의|시사점|기대\s?효과|평가|경과|회고|전망|참고|붙임|별첨|목표|비전|附件|附录|背景|目标|要求|原则"
    r"|background|context|overview|implication|to date|next steps|contact",
    re.IGNORECASE,
)
_LAST = (
    ("다.”\"’')", r"(?:습니|ㅂ니|니)다[.\s”\"’')]*$"), ("다.”\"’')", r"(?:했|였|됐|었|았)다[.\s”\"’')]*$"),
    ("다.”\"’')", r"다[.\s”\"’')]*$"), ("함됨임음.", r"[함됨임음]\.?\s*$"), ("고며,，", r"[고며][,，]?\s*$"),
    ("여해,，", r"[여해][,，]?\s*$"), ("；;", r"[;；]\s*$"), ("：:", r"[:：]\s*$"), (",，、", r"[,，、]\s*$"), ("。", r"[。]\s*$"),
    (".", r"[.]\s*$"), (")）]】>〉", r"[)）\]】>〉]\s*$"), ("0123456789%", r"\d\s*%?\s*$"), ("?？!！", r"[?？!！]\s*$"),
)  # fmt: skip
"""Endings, from 1: the signs of which each must have the last one, and its pattern."""
_ENDINGS = [(signs, re.compile(pattern), i) for i, (signs, pattern) in enumerate(_LAST, 1)]
_ENDING_WITH = {
    sign: [(pattern, i) for signs, pattern, i in _ENDINGS if sign in signs] for signs, _ in _LAST for sign in signs
}
_ANY_ENDING = [(pattern, i) for _, pattern, i in _ENDINGS]
"""Behind white space any of them may stand."""
_FIRST = 12
"""So many units of an article are looked through for who acts: a table of names is long."""
_SIZES = (4, 8, 12, 16, 24, 32, 44, 60, 80, 110, 150, 220, 400)
_COUNTS = (1, 2, 3, 5, 9, 17)
_SHARES = (0.34, 0.5, 0.7)
"""Which part of the headline's words a unit says again; a smaller one says nothing."""
_FEW = 3
"""A headline of fewer words cannot be told from what merely has one of them."""
_TITLE = 160
"""So many signs of a headline are looked at; where there is none, of the first unit."""
_STEM = re.compile(r"[가-힣]{2,}|[a-z]{4,}|\d{2,}|(?=([\u4e00-\u9fff]{2}))")
_KEPT = 6
"""So many letters of a word tell which it is: `launches`, `launching`."""
_PLACES = (1, 2, 3, 4, 5, 6, 8, 11, 16, 25, 50, 120)

LAYOUT = {
    "kind": len(_KINDS), "mark": len(_FAMILIES) + 2, "level": 7, "role": len(_ROLES), "bullets": 7, "parts": 7, "siblings": 7,
    "turn": 4, "from_start": 13, "from_end": 13, "tenth": 10, "article": 3, "language": 4, "prose": 2, "units": 13,
    "section": 4, "depth": 5, "box": 2, "cell": 5, "headed": 3, "headline": 3, "overview": 4, "sections": 7,
}  # fmt: skip
LIKE = {"like_headline": len(_SHARES) + 1, "likest": 2}
FORM = {"size": len(_SIZES) + 1, "last": 16, "label": 3, "quoted": 4}
CUES = {
    "digits": 4, "says": 2, "event": 2, "news": 2, "goal": 2, "asks": 2, "will": 2, "authority": 4,
}  # fmt: skip
TRAITS = {**LAYOUT, **FORM, **CUES, **LIKE}
"""Name of each trait, and how many values it has, from 0."""


def traits_of(view: View) -> Matrix:
    """A row of traits for every unit of the article."""
    traits = np.empty((len(view.units), len(TRAITS)), dtype=np.uint8)
    layout = {**_kinds(view), **_places(view), **_article_traits(view), **_above(view)}
    for at, name in enumerate(LAYOUT):
        traits[:, at] = layout[name]
    like = len(TRAITS) - len(LIKE)
    traits[:, len(LAYOUT) : like - 1] = [_words_traits(view.words(u)) for u in view.units]
    traits[:, like - 1] = [_authority(view, i, u) for i, u in enumerate(view.units)]
    traits[:, like:] = np.array(_like_headline(view), dtype=np.uint8).T
    return traits


def _binned(numbers: Iterable[int], edges: Sequence[int]) -> list[int]:
    return [bisect.bisect_right(edges, number) for number in numbers]


def _bin(number: int, edges: Sequence[int]) -> int:
    return bisect.bisect_right(edges, number)


def language_of(words: str) -> int:
    """0 none of the three, 1 Korean, 2 Chinese, 3 English."""
    scripts = scripts_of(words)
    return 1 if scripts & HANGUL else 2 if scripts & HAN else 3 if scripts & LATIN else 0


def _article_traits(view: View) -> dict[str, int]:
    return {
        "article": _ARTICLES.get(view.article.kind, 0),
        "language": language_of(view.opening),
        "prose": int(view.article.prose),
        "units": _bin(len(view.units), _PLACES),
        "sections": _bin(len(view.sections), _COUNTS),
    }


def _kinds(view: View) -> _Columns:
    """What each unit is by itself."""
    units = [u.unit for u in view.units]
    return {
        "kind": [_KINDS[u.kind] for u in units],
        "mark": [_FAMILY_OF.get(u.family.rstrip("#"), int(bool(u.family or u.marker))) for u in units],
        "level": [min(u.level, 6) for u in units],
        "role": [_ROLES[u.role] for u in units],
        "cell": [_cell(view, u) for u in view.units],
        "headed": [2 if u.unit.index in view.headed else int(view.in_references(u)) for u in view.units],
    }


def _places(view: View) -> _Columns:
    """Where each unit stands: in the article, beside the headline, among its siblings, over its children."""
    count = len(view.units)
    headline = view.headline
    title = headline.unit.start if headline is not None else -1
    parts = Counter(u.unit.parent for u in view.units if view.is_part(u))
    own = [parts[u.unit.index] for u in view.units]
    below = [len(view.children.get(u.unit.index, ())) for u in view.units]
    beside = [view.children[u.unit.parent] if u.unit.parent is not None else () for u in view.units]
    return {
        "bullets": _binned((b - o for b, o in zip(below, own, strict=True)), _COUNTS),
        "parts": _binned(own, _COUNTS),
        "siblings": _binned(map(len, beside), _COUNTS),
        "turn": [
            0 if len(b) < 2 else 1 if b[0] is u else 3 if b[-1] is u else 2
            for u, b in zip(view.units, beside, strict=True)
        ],
        "from_start": _binned(range(count), _PLACES),
        "from_end": _binned(range(count - 1, -1, -1), _PLACES),
        "tenth": [i * 10 // count for i in range(count)],
        "headline": [2 if u is headline else int(title > u.unit.start) for u in view.units],
    }


def _above(view: View) -> _Columns:
    """What stands over each unit; most stand under the same headings as the one before."""
    known: dict[tuple[int, ...], tuple[int, int, int, int]] = {}
    rows = []
    for u in view.units:
        under = known.get(u.unit.headings)
        if under is None:
            headings = view.headings(u)
            section = 2 if view.section_of(u) is not None else int(bool(headings))
            box = int(view.box(u) is not None)
            under = known[u.unit.headings] = (section, min(len(headings), 4), box, _overview(view, headings))
        section, depth, box, overview = under
        own = 3 if _names_overview(view.words(u)) else overview
        rows.append((3 if view.is_section(u) else section, depth, box, own))
    return dict(zip(("section", "depth", "box", "overview"), zip(*rows, strict=True), strict=True))


def _overview(view: View, headings: Sequence[ArticleUnit]) -> int:
    """Words of an overview (배경, 目标, context): 0 in no heading, 1 in the nearest, 2 further up; 3 a unit's own few words."""
    found = [i for i, h in enumerate(reversed(headings)) if _names_overview(view.words(h))]
    return 0 if not found else 1 if found[0] == 0 else 2


def _names_overview(words: str) -> bool:
    return len(words) < 24 and _is_overview(words)


@lru_cache(maxsize=REMEMBERED)
def _is_overview(words: str) -> bool:
    return _OVERVIEW.search(words) is not None


def _like_headline(view: View) -> tuple[list[int], list[int]]:
    """Which part of the headline's words each unit says again, and whether it is the first to say the most of them."""
    head = view.headline or view.units[0]
    stems = _stems(view.words(head)[:_TITLE])
    if len(stems) < _FEW:
        return [0] * len(view.units), [0] * len(view.units)
    said = [view.words(u).lower() for u in view.units]
    shares = [
        0.0 if u is head else sum(map(w.__contains__, stems)) / len(stems)
        for u, w in zip(view.units, said, strict=True)
    ]
    able = [i for i, u in enumerate(view.units) if not view.is_part(u) and view.is_body(u) and shares[i] >= _SHARES[0]]
    likest = max(able, key=lambda i: shares[i], default=-1)
    return [bisect.bisect_right(_SHARES, share) for share in shares], [int(i == likest) for i in range(len(shares))]


def _stems(words: str) -> set[str]:
    """What words of a headline are found again by: Korean ones without their last sign, Chinese ones two signs by two."""
    found = (m.group() or m[1] for m in _STEM.finditer(words.lower()))
    return {w[: max(2, len(w) - 1)] if scripts_of(w) & HANGUL else w[:_KEPT] for w in found}


def _cell(view: View, u: ArticleUnit) -> int:
    """0 no table; 1 first of its row, 2 last, 3 between, 4 a bullet in a cell."""
    row = view.row(u)
    if row is None:
        return 0
    if u.unit.kind is not UnitKind.CELL:
        return 4
    beside = view.children[row.index]
    return 1 if beside[0] is u else 2 if beside[-1] is u else 3


@lru_cache(maxsize=REMEMBERED)
def _words_traits(words: str) -> tuple[int, ...]:
    """Form and cues of a unit's words alone."""
    return (*_form(words), *_cues(words))


def _form(words: str) -> tuple[int, ...]:
    near, sign = max(0, len(words) - 12), words[-1:]
    endings = _ANY_ENDING if sign.isspace() else _ENDING_WITH.get(sign, ())
    last = next((i for pattern, i in endings if pattern.search(words, near)), 0)
    label = 1 if _LABEL.match(words) else 2 if _COLON_LABEL.match(words) else 0
    quoted = find_quoted(words)
    typed = any(document_type(words[q.start : q.end]) is not None for q in quoted)
    return (
        _bin(len(words), _SIZES),
        last or 15 * (not words),
        label,
        2 + (len(quoted) > 1) if typed else int(bool(quoted)),
    )


def _cues(words: str) -> tuple[int, ...]:
    within: Callable[[Rule], int] = lambda rule: int(rule.within(words))
    return (
        min(len(_DIGITS.findall(words)), 3),
        within(_SAYS),
        within(_EVENT),
        within(_NEWS),
        within(_GOAL),
        within(_ASKS),
        within(_WILL),
    )


def _authority(view: View, i: int, u: ArticleUnit) -> int:
    """An authority named in one of the first units or the headline: 1 in its first signs, 2 at the beginning, 3 all of it."""
    if i >= _FIRST and u is not view.headline:
        return 0
    words = view.words(u)
    found = [m for m in find_organisations(words[:80]) if m.level is not None]
    if not found:
        return 0
    if (found[-1].end - found[0].start) * 10 >= len(words) * 7:
        return 3
    return 2 if found[0].start <= 8 else 1
