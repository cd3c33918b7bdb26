"""How a number binds, from the words around it: at least, at most, about, between, all the way to zero.

Words as in the annotation guidelines ("Comparators"). A marker counts only beside a number: 이상기후, 규모 이상
기업 and 以上 ("the above") are not markers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemas.vocabulary import Comparator

# What may stand directly before 이상/以上 and the like: a digit, a scale or the last character of a counter.
_NUMBERED = (
    r"(?<=[0-9０-９%％pP개명건대안러로엔원톤배곳종회인급석점세위차년월일간가억만천조㎡㎥³²tmghWB个家座项台人元倍件"
    r"种次条吨名户里年度所处万亿點点])"
)

_AFTER_WORDS: tuple[tuple[Comparator, str, str], ...] = (
    (Comparator.LE, "을를이가", "넘지_않 넘지_못 넘지_말 초과하지_않 초과하지_못 초과하지_말"),
    (
        Comparator.GE,
        "",
        "이상 以上 及以上 （含）以上 (含)以上 or_more or_above or_higher or_over or_greater and_above"
        " and_over and_more at_least at_minimum",
    ),
    (
        Comparator.LE,
        "",
        "이하 이내 以下 以内 以內 之内 （含）以下 (含)以下 封顶 or_less or_below or_lower or_fewer"
        " or_under and_below and_under at_most at_the_most at_maximum",
    ),
    (Comparator.LT, "", "미만 （不含）以下 (不含)以下"),
    (Comparator.GT, "(을를이가", "초과 돌파 넘는 넘어서 넘어 넘길 넘을 넘긴 넘게 넘도록 상회 웃도는 웃돌 +"),
    (Comparator.APPROX, "", "내외 안팎 가량 정도 남짓 수준 左右 上下 or_so"),
    (Comparator.APPROX, "에", "가까이 가까운"),
)
"""Markers that may follow a number and its unit, and the signs that may stand between; `_` is a blank."""
_BEFORE_WORDS: tuple[tuple[Comparator, str], ...] = (
    (Comparator.GE, "≥ ≧ >= ⩾ 최소 최소한 적어도 不低于 不少于 不小于 不得低于 至少 at_least no_less_than not_less_than"
     " no_fewer_than minimum minimum_of 不应低于 不可低于 不能低于 不得少于 不应少于 不得小于 下限为 no_lower_than"
     " not_lower_than not_below not_under"),
    (Comparator.LE, "≤ ≦ <= ⩽ 최대 不超过 不高于 不大于 不多于 至多 最多 最高 不得超过 at_most no_more_than"
     " not_more_than up_to maximum maximum_of not_exceeding 不得高于 不得多于 不得大于 不应超过 不应高于 不可超过"
     " 不能超过 不得突破 不突破 上限为 限额为 not_exceed not_to_exceed no_higher_than not_higher_than no_greater_than"
     " not_greater_than not_above not_over capped_at limited_to"),
    (Comparator.GT, "> ＞ 超过 超 突破 大于 高于 多于 more_than over above exceed exceeds exceeding greater_than"
     " higher_than in_excess_of"),
    (Comparator.LT, "< ＜ 低于 少于 小于 不到 不足 less_than under below fewer_than lower_than"),
    (Comparator.APPROX, "약 대략 거의 근 约 大约 近 about around approximately nearly roughly some almost circa ≈ ≒"),
)  # fmt: skip
"""Markers that may stand directly before a number, the stronger first: 不超过 holds 超过."""


def _listed(words: str) -> list[str]:
    return [word.replace("_", " ") for word in words.split()]


_OPENS = {">": r"(?<![A-Za-z0-9/\"'=-])"}
_CLOSES = {
    **dict.fromkeys(("이상", "以上"), "(?![기징현한향])"),
    "+": "(?![0-9]|[αa@][십백천만억조])",
    **dict.fromkeys(("at least", "at most", "at the most"), r"\b(?![ \u00a0]?[0-9€$£])"),
}
"""이상기후 and 이상향 are words, `+5` is a sign, 100+α억 is in 억, `at least 70%` is of the number behind it."""


def _before(word: str) -> str:
    """A marker before a number as a pattern: no part of a longer word."""
    edge = r"\b" if word[0].isascii() and word[0].isalpha() else "(?<![가-힣])" if "가" <= word[0] <= "힣" else ""
    return _OPENS.get(word, edge) + re.escape(word)


def _after(word: str) -> str:
    """A marker behind a number as a pattern; `or less` may stand behind what it is a share of: 60% of GDP or less."""
    share = "(?:of (?:[A-Za-z-]+ ){1,3})?" if word.startswith("or ") else ""
    return share + re.escape(word) + _CLOSES.get(word, r"\b" if word.isascii() else "")


_BEFORE = tuple((c, "|".join(map(_before, _listed(words)))) for c, words in _BEFORE_WORDS)
_EACH = "年月日周人户亩"
"""What may stand behind 每 between a marker and its number: 不得低于每月2200元."""
BEFORE = tuple((c, re.compile(rf"(?:{either})(?:每[{_EACH}])?[ \u00a0]?$", re.IGNORECASE)) for c, either in _BEFORE)
"""Markers before a number, matched against the text that ends where the number starts."""
AFTER = tuple(
    (
        c,
        re.compile(
            rf"{f'[{joins}]{{0,2}}' if joins else ''}\s?(?:{'|'.join(map(_after, _listed(words)))})", re.IGNORECASE
        ),
    )
    for c, joins, words in _AFTER_WORDS
)
"""Markers behind a number."""
_LAST_LETTERS = frozenset(_EACH).union(word[-1].lower() for _, words in _BEFORE_WORDS for word in _listed(words))
_FIRST_LETTERS = frozenset("".join(j + "".join(w[0].lower() for w in _listed(ws)) for _, j, ws in _AFTER_WORDS))
"""A cheap look before the patterns are tried."""
CONVERTED = re.compile(
    r"[ \u00a0]?[(（][^()（）\n]{0,40}(?:원|위안|달러|유로|엔|元|美元|yuan|won|dollars|euros|million|billion)[)）]"
)
"""A conversion in brackets: its 약 says nothing of the sum before it."""
_ZERO_HINT = re.compile(r"전면|완전|탄소|제로|全面|零|碳中和|[Nn]et|[Pp]hase|neutral")
_REFERENCE_HINT = re.compile(r"평균|수준|세계|世界|国际|國際|全国|国内|高于|world|World|average")
_ZERO = re.compile(
    r"전면\s?(?:적(?:으로|인)\s?)?(?:폐지|취소|철폐|해제|퇴출|금지)|완전\s?(?:폐지|철폐|해소|퇴출)"
    r"|탄소\s?중립\s?(?:을\s?)?(?:달성|실현)"
    r"|(?:넷|순)\s?제로|제로화|全面(?:取消|废止|清零|淘汰|廢止)|归零|歸零|清零|净零|淨零|碳中和目标|实现碳中和"
    r"|\bnet[- ]zero\b|\bphase[sd]?[- ]out\b|\bclimate[- ]neutral|\bcarbon[- ]neutral",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"평균(?:치|값|수준)?\s?(?:을|를|보다|에\s?비해)?\s?(?:초과|상회|이상|넘|높|웃도|낮)"
    r"|세계\s?(?:최고|선두|일류|선진|최상위|첨단|정상)\s?(?:수준|급)|(?:국제|글로벌|국내)\s?(?:선두|선진|일류"
    r"|최고)\s?수준"
    r"|(?<![가-힣])(?:선두|일류|최고|선진)\s?수준|(?:世界|国际|國際|全国|国内)(?:领先|領先|一流|先进|先進)"
    r"|高于[^，。；\n]{0,6}平均"
    r"|\bworld[- ](?:class|leading)\b|\babove the (?:\w+ ){0,2}average\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?<![0-9０-９'’‘])([0-9０-９][0-9０-９.,]{0,16})\s?[^0-9０-９\s]{0,4}\s?[~∼～〜]\s?([0-9０-９][0-9０-９.,]{0,16})"
)
_COUNTED = r"[0-9０-９][만천억조여]{0,2}\s?[가-힣]{1,3}?"
# A counter that the list above does not know (기, 척, 곳 …) still stands right behind its number.
_AFTER_NUMBER = tuple((c, re.compile(rf"(?:{_NUMBERED}|{_COUNTED})(?:{p.pattern})", re.IGNORECASE)) for c, p in AFTER)
_BEFORE_NUMBER = tuple(
    (c, re.compile(rf"(?:{either})[ \u00a0]?(?=[0-9０-９€$£¥Ⅰ-Ⅻ])", re.IGNORECASE)) for c, either in _BEFORE
)


def _any_of(listed: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for words in listed for word in _listed(words)))


_STRONG_MARKS = (
    (_any_of(words for c, _, words in _AFTER_WORDS if c is not Comparator.APPROX), _AFTER_NUMBER[:-2]),
    (_any_of(words for c, words in _BEFORE_WORDS if c is not Comparator.APPROX), _BEFORE_NUMBER[:-1]),
)
"""Each group behind a look for any of its words, in small letters."""
_SOFT_MARKS = (*(p for c, p in _AFTER_NUMBER if c is Comparator.APPROX), _BEFORE_NUMBER[-1][1])
_TILDE = re.compile(r"(?<![^\s(（])[~∼～][ \u00a0]?[0-9０-９]")
_SOME = re.compile(r"[0-9０-９]\s?여(?:\s|[가-힣])|[0-9０-９](?:\s?[만천억万千亿])?(?:多|余|餘)")
_DIGIT = re.compile(r"[0-9０-９Ⅰ-Ⅻ]|절반|[两二三四五六七八九十百]倍|[두세네]\s?배|一半|半数")
_RANKED = re.compile(r"위권|위\s?(?:이내|안에)|\btop[- ]\d", re.IGNORECASE)


def comparator_in(text: str) -> Comparator | None:
    """The comparator that the words of `text` (a number phrase, or a table cell) state.

    `eq` where a number stands without a marker, None where there is neither a number nor a wanted state.
    """
    text = CONVERTED.sub("", text) if "(" in text or "（" in text else text
    numbered = _DIGIT.search(text) is not None
    if numbered:
        if _RANKED.search(text):
            return Comparator.LE
        small = text.lower()
        for hint, marks in _STRONG_MARKS:
            if hint.search(small):
                for comparator, pattern in marks:
                    if pattern.search(text):
                        return comparator
    if _ZERO_HINT.search(text) and _ZERO.search(text):
        return Comparator.ELIMINATE
    if _REFERENCE_HINT.search(text) and _REFERENCE.search(text):
        return Comparator.REFERENCE
    return _soft(text) if numbered else None


def _soft(text: str) -> Comparator:
    between = _RANGE.search(text)
    if between and not all(_is_year(part) for part in between.groups()):
        return Comparator.RANGE
    if _SOME.search(text) or _TILDE.search(text) or any(mark.search(text) for mark in _SOFT_MARKS):
        return Comparator.APPROX
    return Comparator.EQ


def _is_year(number: str) -> bool:
    return len(number) == 4 and number.isdigit() and 1900 <= int(number) <= 2100


_OPPOSITE = {Comparator.GT: Comparator.LE, Comparator.LT: Comparator.GE}
_LIMIT = re.compile(
    r"\b(?:may|shall|should|must|can|could|allowed|permitted|acceptable|fall|drop|rise|go|exceed)\b", re.IGNORECASE
)
_NOT_BEFORE = re.compile(
    r"(?:\b(?:no|not|never|cannot)\b(?! (?:only|just|doubt|longer))[^.;:!?,，。；\n]{0,70}"
    r"|(?:不得|不能|不可|不应|不宜|不允许|不准|严禁|禁止|防止)[^，。；,;：\n]{0,24})$",
    re.IGNORECASE,
)
_NOT_BEHIND = re.compile(
    r"(?:초과|돌파|상회|미만)(?:하지|되지|할 ?수 ?없|될 ?수 ?없|해서는 ?안|하여서는 ?(?:안|아니)"
    r"|되어서는 ?안|돼서는 ?안)"
    r"|(?:넘어서|웃돌)지 ?(?:않|못|말|아니)|넘을 ?수 ?없|넘어서는 ?안|넘어선 ?안"
    r"|미만(?:으로|이) ?(?:떨어지|낮아지|내려가|되)지"
)
"""How the word that holds the number goes on: it begins within the phrase."""
_SENTENCE, _NEAR = 90, 24


def turned(text: str, start: int, end: int, comparator: Comparator) -> Comparator:
    """What a comparator says where a word apart from it turns it round: `No firm may hold more than 35%` is at most.

    `start`, `end`: of the number phrase with its comparator's words. A negation alone does not turn it (`was not met in
    more than 30% of cases`): in English a word must say that something is allowed, or a limit kept to.
    """
    if comparator not in _OPPOSITE:
        return comparator
    before, behind = text[max(0, start - _SENTENCE) : start], text[end : end + _NEAR]
    behind = behind[: next((i for i, sign in enumerate(behind) if sign.isdigit()), None)]
    found = _NOT_BEFORE.search(before)
    if found and (not found[0][0].isascii() or _LIMIT.search(found[0] + text[start:end] + text[end : end + 2 * _NEAR])):
        return _OPPOSITE[comparator]
    goes_on = _NOT_BEHIND.search(text[start:end] + behind)
    return _OPPOSITE[comparator] if goes_on and goes_on.start() < end - start else comparator


def comparator_before(text: str, at: int) -> tuple[Comparator, int] | None:
    """The marker that ends where the number at `at` starts, and its own start."""
    if at == 0:
        return None
    last = text[at - 1]
    if last in " \u00a0":
        last = text[at - 2 : at - 1]
    if last in "~∼～":  # about, where nothing stands before it: else it joins two ends of a range
        at = text.rindex(last, 0, at)
        return (Comparator.APPROX, at) if at == 0 or text[at - 1] in " \n\t(（" else None
    if last.lower() not in _LAST_LETTERS:
        return None
    low = max(0, at - 20)
    window = text[low:at]
    for comparator, pattern in BEFORE:
        found = pattern.search(window)
        if found:
            return comparator, low + found.start()
    return None


def comparator_after(text: str, at: int) -> tuple[Comparator, int] | None:
    """The marker that starts where the number phrase ends (`at`), and its own end."""
    following = text[at : at + 2].lower()
    if not following or (following[0] not in _FIRST_LETTERS and following[1:] not in _FIRST_LETTERS):
        return None
    for comparator, pattern in AFTER:
        found = pattern.match(text, at)
        if found:
            return comparator, found.end()
    return None
