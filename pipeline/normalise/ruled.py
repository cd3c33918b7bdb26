"""Mentions that rules make: zones (량장신구), governed places (수원시 정부), commissions, and bodies by their form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.normalise.endings import (
    BY_ENDING,
    GLOSSED,
    GLOSSED_HEAD,
    GOVERNED,
    GOVERNED_HEAD,
    NOT_GOVERNED,
    NOT_ZONE,
    RULE_ANCHOR,
    RULE_HEAD,
    ZONE_ANCHOR,
    ZONE_HEAD,
)
from pipeline.normalise.forms import bodies
from pipeline.normalise.jurisdictions import find_place
from pipeline.normalise.mentions import Mention, Open, closes
from pipeline.normalise.names import government, names
from schemas.vocabulary import GovernmentLevel


def with_rules(folded: str, found: list[Open], by_form: bool = True) -> list[Open]:
    """The table's mentions with those by rule: zones and commissions that no place announces, bodies by their form."""
    extra: list[Open] = []
    cjk = not folded.isascii()
    for anchor in ZONE_ANCHOR.finditer(folded) if cjk and ("구" in folded or "区" in folded) else ():
        low = max(0, anchor.start() - 24)
        head = ZONE_HEAD.search(folded[low : anchor.start()])
        if head and head["name"] not in NOT_ZONE and closes(folded, anchor.end()):
            start = low + head.start()
            known = find_place(head["name"] + anchor.group().removesuffix(anchor["body"] or ""))
            name = government(known.name, known.level, known.code) if known else None
            mention = Mention(
                start,
                anchor.end(),
                name,
                GovernmentLevel.DEVELOPMENT_ZONE,
                known.code if known else None,
                anchor["body"] is None,
            )
            extra.append((mention, ()))
    for anchors, heads in _endings(folded) if cjk else ():
        for anchor in anchors.finditer(folded):
            ruled = _ruled(folded, anchor, heads)
            if ruled:
                extra.append((ruled, ()))
    if by_form:
        extra += [(body, ()) for body in bodies(folded, [mention for mention, _ in found])]
    return _merged(found, extra)


def _endings(folded: str) -> Iterator[tuple[re.Pattern[str], re.Pattern[str]]]:
    """The endings that this text can hold at all, each with what stands before it."""
    if "(" in folded:
        yield GLOSSED, GLOSSED_HEAD
    if "정부" in folded or "청" in folded:
        yield GOVERNED, GOVERNED_HEAD
    if "위원회" in folded:
        yield RULE_ANCHOR, RULE_HEAD


def _ruled(folded: str, anchor: re.Match[str], heads: re.Pattern[str]) -> Mention | None:
    """A body by its ending: 순이(顺义)구, 수원시 정부, 강남구청, …위원회; the level is the ending's."""
    low = max(0, anchor.start() - 18)
    head = heads.search(folded[low : anchor.start()])
    if head is None or head.group() in NOT_GOVERNED or not closes(folded, anchor.end()):
        return None
    word = anchor.group()[:1] if heads is GOVERNED_HEAD else anchor.groupdict().get("word") or ""
    name = folded[low + head.start() : anchor.end()]
    if name in names().roles:
        return None
    return Mention(low + head.start(), anchor.end(), None, BY_ENDING.get(word), None, heads is GLOSSED_HEAD)


def _merged(found: list[Open], extra: list[Open]) -> list[Open]:
    if not extra:
        return found
    merged: list[Open] = []
    for item in sorted(found + extra, key=lambda o: (o[0].start, -o[0].end)):
        if not merged or item[0].start >= merged[-1][0].end:
            merged.append(item)
    return merged
