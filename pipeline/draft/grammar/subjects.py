"""Who acts in a sentence: its grammatical subject, or the authority that somebody says shall act."""

from __future__ import annotations

import re

from pipeline.draft.grammar.authorities import is_authority
from pipeline.draft.grammar.saying import ENGLISH_VERB, OBLIGES
from pipeline.draft.grammar.titles import Quoted
from pipeline.draft.grammar.view import Placed
from pipeline.normalise import dateline_end, find_organisations
from schemas.document import ArticleUnit
from schemas.vocabulary import DocumentType

_REPORTED = re.compile(r"\s*(?:[가-힣]{2,4}\s?기자\s|Today,?\s)")
# What a sentence opens with before its subject.
_BEFORE = (
    "최근 이번에 이번 지난 이날 앞서 한편 이에 또한 올해 금년 지난해 작년 그래서 하지만 그러나 그러면서 그리고 특히 아울러 우선 먼저"
    " 日前 近日 今日 昨日 目前"
)
_LABELLED = re.compile(r"\s*(?:[\[【(（<〈][^\])）】>〉]{1,14}[\])）】>〉]\s*)?")
_OPENS = re.compile(rf"(?:{'|'.join(_BEFORE.split())}|이와\s함께|[^\s,.]{{2,12}}에\s따르면)[,，\s]+")
_DATED = re.compile(
    r"(?:['’‘]?\d{2,4}[년年]\s*)?(?:\d{1,2}[월月]\s*)?(?:\d{1,2}[일日][,，에\s]*)?(?:\([월화수목금토일]\)\s*)?"
)
_SHORT = ("시", "도", "군", "구")
"""What a city, a province, a county is called once it has been named."""
# 은/는 mark the topic; 이/가 may be part of a noun (빈하이, 국가) and count only where no 은/는 comes before the title.
_TOPIC = re.compile(r"(?<=[가-힣)\]’'”»a-zA-Z*])(?:은|는|께서)(?=[\s,])")
_SUBJECT = re.compile(r"(?<=\S[가-힣)\]’'”»a-zA-Z*])(?:이|가)(?=[\s,])")
# 根据《…通知》，某部修订…: on whose word something is done, no title.
ON_GROUNDS = re.compile(
    r"\s*(?:根据|按照|依据|记者[^，。]{0,20}(?:获悉|了解到)|为(?:了)?(?:[^《》。，,]{0,8}(?:贯彻|落实|执行|做好|加强|规范|推进)))(?:《[^《》]{2,80}》)?[^《》。，,]{0,60}[，,]\s*"
)
# The Ministry of Works today (3 May) published; The Council, chaired by …, will: who, what stands between, the verb.
_WHO = re.compile(
    r"(?P<who>(?:[Tt]he\s)?[A-Z][\w&.’'-]{0,40}(?:[\s,]+(?:[A-Z(][\w&.’')-]{0,40}|for|of|and|the|on|&)){0,12})"
)
_BETWEEN = re.compile(
    r",?\s(?:(?:today(?:\s\([^()]*\))?|has|have|jointly|also|chaired\sby\s[^,]{3,40},|on\s[^,]{4,24}(?:,\s\d{4})?,?)\s){0,3}"
)
_ACTS = (re.compile(ENGLISH_VERB.english), re.compile(r"(?:will|is to|are to)\b"))
_SEEN = 240
"""So many signs behind where a sentence begins may hold an English subject and its verb."""


def subject_of(words: str, title: tuple[Quoted, DocumentType] | None) -> tuple[int, int] | None:
    """Span of the grammatical subject: up to its topic particle, or up to the title where there is none."""
    opened = _REPORTED.match(words)
    begin = dateline_end(words) or (opened.end() if opened else 0)
    begin = _behind_leading(words, begin)
    limit = title[0].outer_start if title else min(len(words), begin + 120)
    topic, noun = (_first(pattern, words, begin, limit) for pattern in (_TOPIC, _SUBJECT))
    if topic is not None and noun is not None and noun < topic:
        # ○○부가 … 늘어나는 빈집을: 는 ends a verb, where the authority stands before and not behind it
        authority = is_authority(words[begin:noun]) and not is_authority(words[begin:topic])
        topic = noun if authority else topic
    if topic is not None or noun is not None:
        return begin, topic or noun or begin
    grounds = ON_GROUNDS.match(words, begin)
    begin = grounds.end() if grounds else begin
    chinese = re.match(r"[^，。《]{2,60}?(?=印发|发布|出台|制定|修订|组织|公布|颁布|宣布|关于)", words[begin:])
    if chinese:
        when = re.search(
            r"(?:近日|日前|今日|昨日|今天|昨天|正式|联合|共同|正在(?:研究)?|即将|\d{1,2}月\d{1,2}日|\d{1,2}日|于|在|\s)+$",
            chinese.group(),
        )
        return begin, begin + (when.start() if when and when.start() >= 2 else chinese.end())
    english = _english(words[begin : begin + _SEEN])
    if english:
        article = re.match(r"(?:The|the|Today,?(?:\sthe)?)\s", english["who"])
        return begin + english.start("who") + (article.end() if article else 0), begin + english.end("who")
    joint = re.search(
        r"(?:공동으로|함께|등)\s*$|[부국청처위성시구현실]\s*$", words[begin:limit]
    )  # no particle: `○○부 등 5개 부처 공동으로`
    return (begin, limit) if title and joint and limit - begin >= 2 else None


def _english(words: str) -> re.Match[str] | None:
    """Who does what, as far as a verb stands right behind."""
    at = 0
    while (found := _WHO.search(words, at)) is not None:
        between = _BETWEEN.match(words, found.end())
        if between is not None and any(verb.match(words, between.end()) for verb in _ACTS):
            return found
        at = found.start() + 1
    return None


def _behind_leading(words: str, begin: int) -> int:
    """Where a sentence goes on behind its label, what links it to the one before, and when it was."""
    label = _LABELLED.match(words, begin)
    begin = label.end() if label is not None else begin
    while (found := _OPENS.match(words, begin) or _DATED.match(words, begin)) is not None and found.group():
        begin = found.end()
    return begin


def _first(particle: re.Pattern[str], words: str, begin: int, limit: int) -> int | None:
    """Where the first such particle outside brackets begins."""
    for match in particle.finditer(words, begin, min(len(words), limit + 1)):
        depth = words.count("(", begin, match.start()) - words.count(")", begin, match.start())
        long = match.start() - begin >= 2 or words[begin : match.start()] in _SHORT
        if depth == 0 and long and match.end() <= limit + 1:
            return match.start()
    return None


def actor_of(words: str, u: ArticleUnit) -> list[Placed]:
    """In `○○ 서기는 … 북경은 …해야 한다고 밝혔다` the authority that shall act, not the one who speaks."""
    oblige = OBLIGES.search(words)
    if oblige is None:
        return []
    for topic in reversed(list(re.finditer(r"(?<=\s)([가-힣]{2,12})(?:은|는|이)\s", words[: oblige.start()]))):
        mentions = find_organisations(topic[1])
        if mentions and mentions[0].level is not None:
            return [(u, *topic.span(1))]
    return []
