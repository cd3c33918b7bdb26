"""Lines of a cover or a signature: the day alone, the name of a body alone, both in one; and notes of repeal.

What a document says of itself stands on lines of their own, beside each other: `2019. 10. 29.` over `관계부처 합동`,
a ministry's name over `2018年9月26日`. Such lines are no part of the text around them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_Z = "〇○零ОOoＯ０一二三四五六七八九十"
_DAY = (
    r"(?:'|’)?[12][0-9]{3}\s?[.년/-]\s?[0-9]{1,2}\s?[.월/-]\s?[0-9]{1,2}\s?[.일]?(?:\s?[(（][월화수목금토일][)）])?"
    rf"|[12][0-9]{{3}}\s?年\s?[0-9]{{1,2}}\s?月\s?[0-9]{{1,2}}\s?日|[{_Z}]{{4}}年[{_Z}]{{1,3}}月[{_Z}]{{1,3}}日"
)
_JOINT = r"관계\s?부처\s?합동"
_BODY = (
    r"[가-힣·]{2,12}(?:부|처|청|원|위원회|특별시|광역시|특별자치[시도]|시청|도청|군청|구청|시장|도지사|군수|구청장|장관|청장|위원장|교육감)"
    r"|[\u4e00-\u9fff]{2,24}(?:人民政府|委员会|办公厅|办公室|总局|厅|局|部|署|院|银行|协会|总工会|联合会)"
)
_DAY_LINE = re.compile(rf"(?P<day>{_DAY})")
_SIGNED_LINE = re.compile(rf"(?P<body>{_BODY})[ \t\u3000]{{1,9}}(?P<day>{_DAY})(?:\s?[0-9]{{1,2}}:[0-9]{{2}})?")
_BODY_LINE = re.compile(rf"(?:{_JOINT}|(?:{_BODY})(?:[ \t\u3000·、,]{{1,9}}(?:{_BODY})){{0,5}})")
_APART = re.compile(r"[ \t\u3000]{2,9}|[\u3000·、,]\s?|(?<=[一-龥]) (?=[一-龥])")
_JOINT_LINE = re.compile(_JOINT)
_REPEALED = re.compile(
    # On whose word, up to a comma; then what is repealed is this document, or nobody is named: 旧办法 is another.
    r"[（(【\[※*注]*[:：]?\s?(?:(?:根据|依据|经)[^\n。，,]{2,60}[，,])?(?:本|此|该)?(?:文件|件|通知|意见|办法|规定|方案|决定)?"
    r"(?:已|已经|已[于被由][^\n。，,的]{2,28}|于[^\n。，,的]{2,28})?(?:被)?(?:宣布|明令|予以)?(?:失效|废止)[。]?[）)】\]]?"
    r"|有效性\s?[:：]\s?(?:失效|废止|已失效|已废止)"
)
_SAYS_SO = re.compile(r"(?:已|被|宣布|明令)[^\n]{0,24}(?:失效|废止)|有效性")
_BRACKETS = "（(【["
_LONGEST = 120
_EDGE = 12
"""So many lines with words, at either end, may be a cover or a signature."""


def is_joint(words: str) -> bool:
    """Whether the name is that of all ministries concerned together (`관계부처 합동`)."""
    return _JOINT_LINE.fullmatch(words.strip()) is not None


def day_in(line: str) -> tuple[int, int] | None:
    """Where the day stands in a line that says nothing else, or only whose day it is."""
    found = _match(_DAY_LINE, line) or _match(_SIGNED_LINE, line)
    return found.span("day") if found else None


def body_in(line: str) -> tuple[int, int] | None:
    """Where the name of a body stands in a line that says nothing else, or only its day."""
    found = _match(_BODY_LINE, line)
    if found:
        return found.span()
    signed = _match(_SIGNED_LINE, line)
    return signed.span("body") if signed else None


def bodies_in(line: str, start: int, end: int) -> list[tuple[int, int]]:
    """The names that stand one behind the other in such a line; the joint one is one name.

    >>> bodies_in("财政部 科技部", 0, 7)
    [(0, 3), (4, 7)]
    """
    if is_joint(line[start:end]):
        return [(start, end)]
    cuts = [m.span() for m in _APART.finditer(line, start, end)]
    starts, ends = [start, *(b for _, b in cuts)], [*(a for a, _ in cuts), end]
    return list(zip(starts, ends, strict=True))


def is_repeal(line: str) -> bool:
    """Whether a line says, and says nothing else, that the document is no longer in force."""
    return _SAYS_SO.search(line[:_LONGEST]) is not None and _match(_REPEALED, line) is not None


def cover_lines(lines: Sequence[str]) -> list[bool]:
    """Which of the lines of a text are of its cover or its signature: days, and the names of bodies beside them.

    A day or a joint body alone counts near either end; elsewhere it needs the other beside it (a notice is signed
    before what it sends begins). A remark in brackets right under them belongs to them.
    """
    filled = [i for i, line in enumerate(lines) if line.strip()]
    short = {i for i in filled if len(lines[i]) <= _LONGEST}
    days = {i for i in short if day_in(lines[i])}
    bodies = {i for i in short - days if body_in(lines[i])} if days else {i for i in short if is_joint(lines[i])}
    edge = set(filled[:_EDGE]) | set(filled[-_EDGE:])
    found = {i for i in bodies & edge if is_joint(lines[i])}
    for at, i in enumerate(filled):
        beside = set(filled[max(0, at - 1) : at + 2])
        if i in days and (i in edge or _match(_SIGNED_LINE, lines[i]) or beside & bodies):
            found.add(i)
    for order in (filled, filled[::-1]):  # several bodies sign together, or stand under the day
        for before, i in pairwise(order):
            if before in found and i in bodies:
                found.add(i)
    for before, i in pairwise(range(len(lines))):
        if before in found and i in short and lines[i].strip()[0] in _BRACKETS:
            found.add(i)
    return [i in found for i in range(len(lines))]


def _match(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    """The pattern over all words of a line."""
    end = len(line.rstrip())
    return pattern.fullmatch(line, len(line) - len(line.lstrip()), end) if end <= _LONGEST else None
