"""Which policies an article reports: the announcement and its issuer, from the grammar of the lead.

Korean: SUBJECT은/는/이/가 … 「TITLE」을 발표/수립/마련; Chinese: SUBJECT印发《TITLE》; English: SUBJECT published its TITLE.
The subject must be a public authority; a firm's, university's or laboratory's act is no policy (guideline 1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.draft.actors import is_no_authority
from pipeline.draft.acts import is_act, is_fact
from pipeline.draft.cues import Cues
from pipeline.draft.titles import Quoted, document_type, find_capitalised, find_quoted
from pipeline.draft.view import View
from pipeline.normalise import dateline_end, find_organisations, jurisdiction_of
from schemas.document import ArticleUnit
from schemas.vocabulary import DocumentType, UnitKind

_ANNOUNCE = Cues(
    r"(?:발표|수립|마련|제정|공포|공개|공표|확정|의결|통과|선포|채택|고시|발령|발행|출범|내놓|내놨|발간|배포|개정|인쇄[·\s]?발행|하달|발송|시행|보고|상정|논의|심의|심의·의결|결정|공고|승인)(?:하|했|됐|되|한|함|됨|해|\s*\(|\s*$|[\s,.;)*'’”]|$|았|은|을 )"
    r"|印发|发布|出台|制定|公布|颁布|通过了?|下发|宣布|公开征求意见"
    r"|\b(?:published|announced?s?|launched|adopted|released|unveiled|issued|approved|introduced|presents?|presented|proposed)\b"
)
# 现将《…》印发给你们: the notice that issues a document, whose heads or signatures say who issues it.
_NOTICE = re.compile(r"现(?:将|把)?[^。]{0,80}?(?:印发|发布|下发)|(?:审议|会议)[^。]{0,6}通过[^。]{0,12}印发")
_MEANT = re.compile(r"(?:落实|根据|按照|依据|依照|贯彻|围绕|对照|结合|此前(?:印发|发布)的?|废止|参照)[^《。]{0,24}$")
_NEAR = 80
"""What stands further from a title (characters) does not say how it is mentioned."""
_MENTIONED = re.compile(
    r"\b(?:under|following|pursuant to|in line with|based on|as part of|in accordance with|through|by|from|of|with|to)\s(?:the\s|its\s|our\s)?$"
)
_UNQUOTED = re.compile(
    r"(?:은|는|이|가|[부처청국시도성])\s(?P<title>[^,.，。‘’'「」『』“”\"]{8,60}?(?:계획|방안|전략|로드맵|의견|조례|종합대책|기본법))(?:\([^()]{2,20}\))?(?:을|를)\s?"
    r"(?:공동\s?|정식\s?|공식\s?)?(?:발표|수립|마련|제정|공포|확정|발행|공개|채택|의결)"
)
_NOT_TITLE = re.compile(
    r"(?:최근|이날|공동으로|관계부처\s합동으로|지난|올해|\d{1,2}월|\d{1,2}일|\d{4}년|이\s같은\s내용(?:의|을\s담은)|이런\s내용(?:의|을\s담은)|새로운)[\s]+(?:(?:\d{1,2}월|\d{1,2}일)\s+)*"
)
_PROPOSE = re.compile(r"(?:제시|추진|설정|밝히|밝혔|밝힌|구축|육성)")
_NOT_NEWS = re.compile(
    r"(?:현황|동향|통계|실적|키워드|논문|보고서|백서|지수|순위|성과|결과|사례집|전망|기술|제품|시제품|모델|플랫폼)(?:을|를|의)?\s*(?:비교|공개|발표|발간|출시|개발)|비교·?분석"
    r"|(?:체결|착공|개소|신설|출시|개최|개막|게재|수상|회수|준공|개통|기록|개발\s*성공|실험\s*성공|기술\s*(?:개발|확보)|현상)\s*$"
)
_PAST_STOCK = re.compile(r"(?:완료|달성|돌파)(?:되었|됐|했|하였)다고|(?:이미|현재까지)")
_ENGLISH_VERB = re.compile(
    r"\b(?:published|publishes|announced|announces|launched|launches|adopted|adopts|released|releases|unveiled|unveils|issued|issues|approved|introduced|presented|proposed|set out|sets out)\b"
)
_EVENT = re.compile(
    r"(?:개최|체결|참석|방문|면담|수상|서명|착공|개소식|기념식|간담회|설명회|접견|회담)(?:을|를|에|하|했|식)"
)
_DECIDED = re.compile(
    r"(?:[가-힣]다고|하기로|키로)\s?(?:밝혔|밝힘|발표|했다|함|하였다|결정)|(?:을|를)\s(?:결정|의결|확정|승인)(?:하|했|함)|(?:전략|계획|방안|대책|조치|로드맵|정책|지원책)(?:을|를)\s(?:제시|제안|내놨|내놓|마련|발표)|기로\s?(?:함|했|하였)"
)
_OBLIGE = re.compile(
    r"(?:[아어여야]야\s?한다고|겠다고|기로\s?(?:했다|하였다)|할\s?(?:것|계획|예정|방침)(?:이라고|임을|이다)|하도록\s?(?:했다|하였다))\s*(?:밝|강조|말|지적|제기|언급|발표)?"
)
_CHINESE_DOES = re.compile(
    r"(?:宣布|决定|启动|推出|明确)[，,]|将(?:对|在|于|投入|设立|建设|实施|推出|启动)|对[^，。]{2,40}给予"
)
_ENGLISH_DOES = re.compile(
    r"\b(?:will|is to|are to)\s(?!be\sin\s|visit|meet|attend|host|take part|participate|speak|travel)\w+|\b(?:announced|launched|unveiled|approved|introduced)\s(?:a|an|new|the|its|that|€|\$|£)"
)
_GOAL = re.compile(r"목표(?:를|로|치를)?\s*(?:제시|설정|확정|발표|공개|로\s?제시)|目标")
_BACKGROUND = re.compile(
    r"^\s*[’'”\"」』》]?\s*(?:에서|에\s?(?:따라|따른|근거|의거|이어|기초|입각|명시)|을\s?(?:바탕|구체화|토대)|를\s?(?:바탕|구체화|토대)|의\s?(?:후속|일환|중점|주요)"
    r"|중점임무|기간|에는|에\s?(?:대한|관한)|이행|목표)"
)
_AUTHORITY = re.compile(
    r"(?:정부|당국|[가-힣]부|위원회|당위원회|위|국무원|[가-힣]국|[가-힣]청|[가-힣]처|의회|국회|집행위|사무실|사무국|판공실|관리위원회|[가-힣]{2}시|[가-힣]{2}성|[가-힣]{2}[구군]|^(?:시|도|군|구|성)(?=$)|[가-힣]{2}현|[가-힣]{2}도|백악관|부처)(?:\([^)]*\))?\s*$"
    r"|(?:部|委|局|厅|政府|国务院|委员会|办公厅|办公室|管委会)$|\b(?:Ministry|Department|Government|Commission|Agency|Council|Office|Cabinet|Parliament|White House|Administration|Treasury|Bureau|Secretary|Minister|Authority)\b"
)
_OFFICIAL = re.compile(
    r"(?:장관|차관|국장|부국장|처장|서기|주석|총서기|시장|성장|부시장|총리|부총리|대통령|위원장|대변인)(?:\s[가-힣]{2,4})?\s*$"
)
_REPORTED = re.compile(r"\s*(?:[가-힣]{2,4}\s?기자\s|Today,?\s)")
_LEADING = re.compile(
    r"\s*(?:(?:최근|이번에|이번|지난|이날|앞서|한편|이에|또한|올해|금년|지난해|작년)[,\s]+|(?:['’‘]?\d{2,4}년\s*)?(?:\d{1,2}월\s*)?(?:\d{1,2}일[,에\s]*)?(?:\([월화수목금토일]\)\s*)?)+"
)
# 은/는 mark the topic; 이/가 may be part of a noun (빈하이, 국가) and count only where no 은/는 comes before the title.
_TOPIC = re.compile(r"(?<=[가-힣)\]’'”»a-zA-Z*])(?:은|는|께서)(?=[\s,])")
_SUBJECT = re.compile(r"(?<=[가-힣)\]’'”»a-zA-Z*])(?:이|가)(?=[\s,])")
_HEAD_SUBJECT = re.compile(r"^\s*(?P<subject>[^,，'‘「『“\"]{2,40}?)(?:\s*등)?\s*[,，]\s*")


@dataclass
class Lead:
    """A unit that reports an act. Offsets are within the unit's words."""

    unit: ArticleUnit
    title: tuple[ArticleUnit, int, int] | None = None
    document_type: DocumentType = DocumentType.UNNAMED_ACTION
    subject: tuple[ArticleUnit, int, int] | None = None
    issuers: list[tuple[ArticleUnit, int, int]] = field(default_factory=list)
    day: tuple[ArticleUnit, int, int] | None = None
    """The day on which it is signed, where it is told apart from the announcement."""
    score: float = 0.0
    goal: bool = False


def find_leads(view: View) -> list[Lead]:
    """The acts that the article reports: usually one or none, several on a page that lists policies."""
    headline = _headline_lead(view)
    candidates = _candidates(view)
    leads = [lead for u in candidates if (lead := _body_lead(view, u)) is not None]
    named = [lead for lead in leads if lead.title is not None and lead.score >= 2]
    if not named and headline is None:  # a plan's own text tells of itself under its first headings
        tried = {u.unit.index for u in candidates}
        further = (_body_lead(view, u) for u in _outside(view)[:40] if u.unit.index not in tried)
        named = [lead for lead in further if lead is not None and lead.title is not None and lead.score >= 3]
    if named:
        return _distinct(view, named)
    if headline is not None and headline.title is not None and headline.score >= 2:
        return [_place(view, headline)]
    unnamed = [lead for lead in leads if lead.title is None and lead.score >= 2]
    if unnamed and not _reports_no_act(view):
        return [max(unnamed, key=lambda lead: lead.score)]
    own = _own_text(view) or _titled_after_its_maker(view)
    return [own] if own is not None else []


def _candidates(view: View) -> list[ArticleUnit]:
    """Units that may report the act: sentences and outer bullets before or outside the numbered part."""
    outside = _outside(view)
    before = [u for u in outside if view.section_of(u) is None]
    return before if before and not view.article.prose else outside[:40]


def _outside(view: View) -> list[ArticleUnit]:
    """Sentences and bullets outside boxes and tables, the headline aside."""
    kinds = (UnitKind.BULLET, UnitKind.SENTENCE)
    body = (u for u in view.units if u.unit.kind in kinds and view.is_body(u) and u is not view.headline)
    return [u for u in body if view.box(u) is None and view.row(u) is None]


def _body_lead(view: View, u: ArticleUnit) -> Lead | None:
    words = view.words(u)
    lead = Lead(u)
    title = _title_in(words)
    subject = _subject(words, title)
    if subject is not None:
        lead.subject = (u, *subject)
        lead.score += _authority_score(words, *subject)
    official = subject is not None and _OFFICIAL.search(words[subject[0] : subject[1]]) is not None
    verb = _verb_after(words, title[0].outer_end if title else (subject[1] if subject else 0))
    nested = _nested(view, u)
    if title is not None and verb and not _PAST_STOCK.search(words):
        lead.title, lead.document_type = (u, title[0].start, title[0].end), title[1]
        lead.score += 1 + (lead.subject is None) * (_headline_authority(view) * 1.5) - 2 * nested - 2 * _older(words)
        if _NOTICE.search(words) and lead.score < 3:
            lead.subject = None
            lead.issuers, lead.score = _notice_issuers(view, u), 3.5
            return lead
    elif title is None:
        lead.goal = _GOAL.search(words) is not None
        decided = (
            not official and _DECIDED.search(words) is not None and not is_fact(words) and not _EVENT.search(words)
        )
        stated = (
            _OBLIGE.search(words) is not None
            or (decided and not _NOT_NEWS.search(words))
            or (_opens(view, u) and subject is not None and _is_authority(words[slice(*subject)]) and _does(words))
        )
        listed = verb and bool(find_quoted(words)) and not _NOT_NEWS.search(words) and not official
        if not (lead.goal or stated or listed) or _PAST_STOCK.search(words) or nested or _older(words):
            return None
        lead.score += max(0.6 * stated, 0.5 * lead.goal, 0.2 * listed) - 1 * (lead.score < 2)
    else:
        return None
    lead.issuers = (_actor(words, u) if title is None else []) or _issuers(view, lead)
    return lead


def _opens(view: View, u: ArticleUnit) -> bool:
    """Whether the unit is the first sentence of a news item: it says what the item is about."""
    body = [
        v for v in view.units[:12] if v.unit.kind in (UnitKind.SENTENCE, UnitKind.BULLET) and v is not view.headline
    ]
    if view.article.kind == "whole":  # furniture may stand above
        return u in body[:5] and _ENGLISH_VERB.search(view.words(u)) is not None
    return body[:1] == [u]


def _is_authority(subject: str) -> bool:
    """Whether the subject is an authority as a whole, and not only names one (`중국 빅 데이터 산업`)."""
    bare = re.sub(r"\s*(?:[（(][^()（）]*[)）])?\s*(?:등|도)?\s*$", "", subject)
    return _AUTHORITY.search(bare) is not None or any(
        m.level is not None and m.end >= len(bare) for m in find_organisations(bare)
    )


def _does(words: str) -> bool:
    """Whether a sentence about an authority says what it does or will do, rather than an event, a fact or a figure."""
    if _EVENT.search(words) or _NOT_NEWS.search(words) or is_fact(words):
        return False
    if re.search(r"[가-힣]", words):
        return is_act(words)
    return _CHINESE_DOES.search(words) is not None or _ENGLISH_DOES.search(words) is not None


def _actor(words: str, u: ArticleUnit) -> list[tuple[ArticleUnit, int, int]]:
    """In `○○ 서기는 … 북경은 …해야 한다고 밝혔다` the authority that shall act, not the one who speaks."""
    oblige = _OBLIGE.search(words)
    if oblige is None:
        return []
    for topic in reversed(list(re.finditer(r"(?<=\s)([가-힣]{2,12})(?:은|는|이)\s", words[: oblige.start()]))):
        mentions = find_organisations(topic[1])
        if mentions and mentions[0].level is not None:
            return [(u, *topic.span(1))]
    return []


def _nested(view: View, u: ArticleUnit) -> bool:
    """A bullet under another one explains it; a lone lead line (■) or a line that states nothing does not count."""
    above = view.parent(u)
    if above is None or above.unit.kind is not UnitKind.BULLET or re.search(r"[■◆▣□]", above.unit.marker) is not None:
        return False
    words = view.words(above)
    return not (view.position(above) < 4 and _subject(words, None) is None and not is_act(words))


def _title_in(words: str) -> tuple[Quoted, DocumentType] | None:
    """The title that is announced: the last quoted one that is not mentioned as background, else a capitalised one."""
    best = None
    for quoted in find_quoted(words):
        if re.search(r"이하\s?$|以下简称\s?$", words[max(0, quoted.outer_start - _NEAR) : quoted.outer_start]):
            continue  # its short name
        kind = document_type(words[quoted.start : quoted.end].rstrip("*＊ "))
        if (
            kind is not None
            and not _BACKGROUND.match(words[quoted.end + 1 : quoted.end + 1 + _NEAR])
            and not _MEANT.search(words[max(0, quoted.outer_start - _NEAR) : quoted.outer_start])
        ):
            best = (_without_original(words, quoted), kind)
    if best is None and re.search(r"[가-힣]", words) is not None:
        return _unquoted(words)
    if best is None and re.search(r"[가-힣\u4e00-\u9fff]", words) is None:
        verb = _ENGLISH_VERB.search(words)
        for start, end in find_capitalised(words):
            kind = document_type(words[start:end])
            if (
                kind is not None
                and verb is not None
                and start > verb.start()
                and not _MENTIONED.search(words[max(verb.end(), start - _NEAR) : start])
            ):
                return Quoted(start, end, start, end), kind
    return best


def _unquoted(words: str) -> tuple[Quoted, DocumentType] | None:
    """`○○시는 고품질 제조업 육성을 위한 3개년 행동계획을 발표`: a title without quotes, from the topic to the object's mark."""
    for found in _UNQUOTED.finditer(words):
        before = _NOT_TITLE.match(found["title"])
        start = found.start("title") + (before.end() if before is not None else 0)
        title = words[start : found.end("title")]
        kind = document_type(title)
        told = re.search(r"[가-힣]는\s|거나\s|하고\s|하며\s", title)  # a description of one, not its name
        if kind is not None and title.count(" ") >= 2 and len(title) >= 10 and told is None:
            return Quoted(start, found.end("title"), start, found.end("title")), kind
    return None


def _without_original(words: str, quoted: Quoted) -> Quoted:
    """The title without a footnote's star, and without its original in brackets (`… 방안(…行动方案·2025∼2027년)`)."""
    inside = words[quoted.start : quoted.end]
    original = (
        re.search(r"\s*[(（][^()（）]*[\u4e00-\u9fff]{4}[^()（）]*[)）]\s*$", inside)
        if re.search(r"[가-힣]", inside)
        else None
    )
    end = quoted.start + (original.start() if original and original.start() >= 4 else len(inside.rstrip("*＊ ")))
    return Quoted(quoted.start, end, quoted.outer_start, quoted.outer_end)


def _verb_after(words: str, position: int) -> bool:
    """Whether an announcing verb follows the title (Korean), or stands anywhere (Chinese, English)."""
    rest = words[max(0, position - 1) :] if re.search(r"[가-힣]", words) else words
    if "\n" in rest and _ANNOUNCE.within(re.sub(r"\s*\n\s*", "", rest)):
        return True  # 발⏎표했다
    return _ANNOUNCE.within(rest)


def _older(words: str) -> bool:
    """A unit that opens with a year (`'21년 12월에`, `'19년 2월 국무원은`) tells what came before."""
    return re.match(r"\s*['’‘]\d{2}년|\s*(?:19|20)\d{2}년\s(?!\d{1,2}월\s\d{1,2}일)", words) is not None


def _subject(words: str, title: tuple[Quoted, DocumentType] | None) -> tuple[int, int] | None:
    """Span of the grammatical subject: up to its topic particle, or up to the title where there is none."""
    opened = _REPORTED.match(words)
    begin = dateline_end(words) or (opened.end() if opened else 0)
    start = _LEADING.match(words, begin)
    begin = start.end() if start else begin
    limit = title[0].outer_start if title else min(len(words), begin + 120)
    stop = min(len(words), limit + 1)
    for match in (*_TOPIC.finditer(words, begin, stop), *_SUBJECT.finditer(words, begin, stop)):
        depth = words.count("(", begin, match.start()) - words.count(")", begin, match.start())
        if depth == 0 and match.start() - begin >= 2 and match.end() <= limit + 1:
            return begin, match.start()
    grounds = _ON_GROUNDS.match(words, begin)
    begin = grounds.end() if grounds else begin
    chinese = re.match(r"[^，。《]{2,60}?(?=印发|发布|出台|制定|修订|组织|公布|颁布|宣布|关于)", words[begin:])
    if chinese:
        when = re.search(
            r"(?:近日|日前|今日|昨日|今天|昨天|正式|联合|共同|\d{1,2}月\d{1,2}日|\d{1,2}日|于|在|\s)+$", chinese.group()
        )
        return begin, begin + (when.start() if when and when.start() >= 2 else chinese.end())
    english = re.search(
        r"(?P<who>(?:[Tt]he\s)?[A-Z][\w&.’'-]{0,40}(?:[\s,]+(?:[A-Z(][\w&.’')-]{0,40}|for|of|and|the|on|&)){0,12}),?\s(?:(?:today(?:\s\([^()]*\))?|has|have|jointly|also|chaired\sby\s[^,]{3,40},|on\s[^,]{4,24}(?:,\s\d{4})?,?)\s){0,3}"
        + rf"(?:{_ENGLISH_VERB.pattern}|(?:will|is to|are to)\b)",
        words[begin : begin + 240],
    )
    if english:
        article = re.match(r"(?:The|the|Today,?(?:\sthe)?)\s", english["who"])
        return begin + english.start("who") + (article.end() if article else 0), begin + english.end("who")
    joint = re.search(
        r"(?:공동으로|함께|등)\s*$|[부국청처위성시구현실]\s*$", words[begin:limit]
    )  # no particle: `○○부 등 5개 부처 공동으로`
    return (begin, limit) if title and joint and limit - begin >= 2 else None


def _authority_score(words: str, start: int, end: int) -> float:
    """2 for a public authority as subject, 1 where an authority is named in it, negative for a firm or laboratory."""
    subject = re.sub(r"\s*(?:등|공동으로|및)?\s*$", "", words[start:end])
    subject = re.sub(r"\s*['‘][^'’]*['’]\s*$", "", subject) if re.search(r"(?:부처|정부)", subject) else subject
    head = _OFFICIAL.search(subject)
    if is_no_authority(subject) and "국무원" not in subject[-4:]:
        return -1.0
    mentions = [m for m in find_organisations(words[start:end]) if m.level is not None]
    if head is not None:
        return 2.0 if mentions else 0.0
    if mentions and mentions[-1].end >= len(subject) - 14:
        return 2.0
    if _AUTHORITY.search(subject) and end - start < 60:
        return 2.0
    return 1.0 if mentions else 0.0


def _notice_issuers(view: View, notice: ArticleUnit) -> list[tuple[ArticleUnit, int, int]]:
    """Who issues by a notice: the authorities of its head (`甲 乙关于印发…的通知`), else those that sign it."""
    at = view.position(notice)
    for u in reversed(view.units[:at]):
        about = re.match(r"([^《。]{2,80}?)关于", view.words(u))
        if about and not view.is_part(u):
            found = [m for m in find_organisations(about[1]) if m.level is not None]
            return [(u, m.start, m.end) for m in found] or [(u, *about.span(1))]
    for u in view.units[at + 1 : at + 8]:
        found = [m for m in find_organisations(view.words(u)) if m.level is not None]
        if found and len(view.words(u)) <= 60:
            return [(u, m.start, m.end) for m in found]
    return []


def _headline_authority(view: View) -> bool:
    head = view.headline
    match = _HEAD_SUBJECT.match(view.words(head)) if head is not None else None
    return match is not None and _authority_score(view.words(head), *match.span("subject")) >= 2 if head else False


def _headline_lead(view: View) -> Lead | None:
    """`베이징, '로봇산업 … 행동계획' 수립`: the headline names authority, title and act."""
    head = view.headline
    if head is None:
        return None
    words = view.words(head)
    verbs = _ANNOUNCE.starts(words)
    subject = _HEAD_SUBJECT.match(words)
    if not verbs or subject is None:
        return None
    lead = Lead(head, subject=(head, *subject.span("subject")))
    lead.score = _authority_score(words, *subject.span("subject"))
    start, end = subject.end(), verbs[-1]
    while end > start and words[end - 1].isspace():
        end -= 1
    whole = find_quoted(words[start:end])
    if len(whole) == 1 and whole[0].outer_start == 0 and whole[0].outer_end == end - start:
        start, end = start + 1, end - 1
    kind = document_type(words[start:end])
    if kind is None or _NOT_NEWS.search(words):
        return None
    lead.title, lead.document_type, lead.score = (head, start, end), kind, lead.score + 1
    lead.issuers = _issuers(view, lead)
    return lead


def _place(view: View, headline: Lead) -> Lead:
    """The body's own announcement of the headline's policy, if some unit repeats half of the title's words."""
    unit, start, end = headline.title or (headline.unit, 0, 0)
    home = jurisdiction_of(view.words(unit)[headline.subject[1] : headline.subject[2]]) if headline.subject else None
    wanted = set(re.findall(r"[\w]{2,}", view.words(unit)[start:end]))
    for u in _candidates(view):
        if _nested(view, u) or re.search(r"[■◆▣]", u.unit.marker):
            continue
        words = view.words(u)
        subject = _subject(words, None)
        if subject is None or _authority_score(words, *subject) < 1 or _older(words):
            continue
        place = jurisdiction_of(words[subject[0] : subject[1]])
        if home is not None and "-" in home and place is not None and place != home:
            continue  # 중국은 … in an item about 베이징 tells what the country does
        shared = sum(w in words for w in wanted)
        if _ANNOUNCE.within(words) and shared * 2 >= len(wanted):
            headline.unit = u
        if _ANNOUNCE.within(words) or _PROPOSE.search(words):
            headline.subject = (u, *subject)
            headline.issuers = _issuers(view, headline)
            break
    return headline


def _issuers(view: View, lead: Lead) -> list[tuple[ArticleUnit, int, int]]:
    """The organisations of the subject; a footnote that lists the ministries is expanded."""
    if lead.subject is None:
        head = view.headline
        match = _HEAD_SUBJECT.match(view.words(head)) if head is not None else None
        if head is None or match is None:
            return []
        return _organisations(view, head, *match.span("subject"))
    unit, start, end = lead.subject
    own = _organisations(view, unit, start, end)
    words = view.words(unit)
    if re.search(r"\d\s?개\s?(?:정부\s?)?(?:부처|부문|기관)|等\s?\d+\s?部门", words):
        listed = _footnote(view, unit)
        if len(listed) >= 3:
            return listed
    return own


def _footnote(view: View, unit: ArticleUnit) -> list[tuple[ArticleUnit, int, int]]:
    position = view.position(unit)
    for note in view.units[position + 1 : position + 4]:
        if note.unit.kind is UnitKind.NOTE:
            parts = re.finditer(r"[^,，、]+", view.words(note))
            spans = [(note, *_strip(view.words(note), *m.span())) for m in parts]
            named = [s for s in spans if 2 <= s[2] - s[1] <= 24]
            if len(named) >= 3:
                return named
    return []


def _strip(words: str, start: int, end: int) -> tuple[int, int]:
    while start < end and words[start].isspace():
        start += 1
    while end > start and (words[end - 1].isspace() or words[end - 1] in ".·"):
        end -= 1
    tail = re.search(r"(?<!\s)\s+등(?:\s*+\d+\s?개.*)?$", words[start:end])
    return start, start + tail.start() if tail else end


def _organisations(view: View, unit: ArticleUnit, start: int, end: int) -> list[tuple[ArticleUnit, int, int]]:
    """Named authorities in a subject; where the table knows none, the subject's own words."""
    words = view.words(unit)
    subject = words[start:end]
    found = [m for m in find_organisations(subject) if m.level is not None]
    whole = _strip(words, start, end)
    listed = _listed(unit, words, whole[0], whole[1])
    if len(listed) > len(found):
        return listed
    if not found or (
        not re.search(r"[,·]|와\s|과\s|및|등\s", subject)
        and whole[1] - whole[0] <= 30
        and not _OFFICIAL.search(subject)
    ):
        cleaned = re.sub(r"^(?:중국|한국)\s(?=[가-힣]{3,}[부국위청원]\b)", "", words[whole[0] : whole[1]])
        shift = (whole[1] - whole[0]) - len(cleaned)
        ok = _AUTHORITY.search(cleaned) or found
        return [(unit, whole[0] + shift, whole[1])] if ok and whole[1] - whole[0] <= 40 else []
    if _OFFICIAL.search(subject):
        found = found[:1]
    outside = [
        m for m in found if subject.count("(", 0, m.start) == subject.count(")", 0, m.start)
    ]  # no alias in brackets
    return [(unit, start + m.start, start + m.end) for m in outside or found]


def _listed(unit: ArticleUnit, words: str, start: int, end: int) -> list[tuple[ArticleUnit, int, int]]:
    """`甲局、乙部、丙委`: the parts of a list, if each is an authority by its own name."""
    between = r"、，,·" if re.search(r"[가-힣A-Za-z]", words[start:end]) else r"、，,·\s"
    parts = list(re.finditer(rf"[^{between}（(]+(?:[（(][^）)]{{0,200}}[）)])?", words[start:end]))
    named = [m for m in parts if _AUTHORITY.search(re.sub(r"(?:等|和|与|및)$", "", m.group()))]
    if len(parts) < 2 or len(named) < len(parts):
        return []
    return [(unit, start + m.start(), start + m.end()) for m in named]


def _distinct(view: View, named: list[Lead]) -> list[Lead]:
    """One lead per title: the best-placed statement of each; repeated titles are the same policy."""
    best: dict[str, Lead] = {}
    for lead in named:
        unit, start, end = lead.title or (lead.unit, 0, 0)
        key = re.sub(r"[\W_]+", "", view.words(unit)[start:end])
        if key not in best or lead.score > best[key].score:
            best[key] = lead
    leads = sorted(best.values(), key=lambda lead: lead.unit.unit.start)
    top = max(lead.score for lead in leads)
    return (
        [lead for lead in leads if lead.score >= top] if view.sections else leads[:1] if view.article.prose else leads
    )


def _reports_no_act(view: View) -> bool:
    """Headlines that report a comparison, an event, statistics or a product are no policy's."""
    return view.headline is not None and _NOT_NEWS.search(view.words(view.headline)) is not None


_PRESENTS_ITSELF = re.compile(
    r"现(?:就[^。]{2,40})?提出(?:以下|如下)|制定本|特制定|现印发|다음과\s?같이\s?(?:수립|추진|마련)"
)
# 根据《…通知》，某部修订…: on whose word something is done, no title.
_ON_GROUNDS = re.compile(r"\s*(?:根据|按照|依据)(?:《[^《》]{2,80}》)?[^《》。，,]{0,60}[，,]\s*")
_FIELD_NAME = re.compile(r"^\s*(?:标\s*题|제\s*목|title)\s*[:：]\s*", re.IGNORECASE)


def _own_text(view: View) -> Lead | None:
    """The document is the policy itself: a title of its own at the head (关于…的意见, ○○ 기본계획), no news about it."""
    if view.article.kind != "whole":
        return None
    for u in view.units[:10]:
        lead = _own_title(view, u)
        if lead is not None:
            stated = next(
                (
                    v
                    for v in view.units[:24]
                    if v.unit.kind is UnitKind.SENTENCE and _PRESENTS_ITSELF.search(view.words(v))
                ),
                None,
            )
            lead.unit = stated or lead.unit
            return lead
    return None


def _titled_after_its_maker(view: View) -> Lead | None:
    """`독일 정부의 산업기술 정책방향` over a list of what it will do: an unnamed act, announced by the headline."""
    head = view.headline or view.units[0]
    words = view.words(head)
    maker = re.match(
        r"(?P<who>[^,，]{2,30}?(?:정부|부|청|위원회|집행위|시|성))의\s[^.]{4,50}(?:정책|전략|계획|방안|대책|방향|조치)$",
        words.strip(),
    )
    if maker is None or _NOT_NEWS.search(words) or not _is_authority(maker["who"]):
        return None
    acts = [u for u in view.units if u.unit.kind is UnitKind.BULLET and is_act(view.words(u))]
    if len(acts) < 3:
        return None
    lead = Lead(head, subject=(head, *maker.span("who")), score=2.0)
    lead.issuers = _issuers(view, lead)
    return lead


def _own_title(view: View, u: ArticleUnit) -> Lead | None:
    words = view.words(u)
    field_name = _FIELD_NAME.match(words)
    start = field_name.end() if field_name else 0
    body = words[start:]
    allowed = (UnitKind.HEADING, UnitKind.SENTENCE, UnitKind.FURNITURE)
    if (
        u.unit.kind not in allowed
        or _ON_GROUNDS.match(body)
        or len(body) > 120
        or body.rstrip("。").endswith(("다.", "다"))
    ):
        return None
    quoted = _title_in(body)
    kind = quoted[1] if quoted else document_type(body)
    if kind is None or not re.search(
        r"关于|\d{4}|제\d+차|기본|종합|行动|计划|规划|方案|[가-힣]{2,}\s[가-힣]{2,}|\b(?:Plan|Strategy|Act|Programme|Program|Package)\b",
        body,
    ):
        return None
    lead = Lead(u, document_type=kind, score=2.0)
    about = re.match(r"(.{2,30}?)关于(?:印发)?", body)
    inside = (quoted[0].start, quoted[0].end) if quoted else (about.start() if about else 0, len(body.rstrip("。 ")))
    lead.title = (u, start + inside[0], start + inside[1])
    if about:
        lead.subject = (u, start + about.start(1), start + about.end(1))
        lead.issuers = _organisations(view, *lead.subject)
    else:
        lead.issuers = _imprint_issuer(view, u)
    return lead


def _imprint_issuer(view: View, title: ArticleUnit) -> list[tuple[ArticleUnit, int, int]]:
    """The authority that signs a plan on its cover: alone on its line, near the title."""
    for u in view.units[:8]:
        words = view.words(u)
        if u is title or len(words) > 40 or view.section_of(u) is not None:
            continue
        for mention in find_organisations(words):
            if mention.level is not None and (mention.end - mention.start) * 3 >= len(words.strip()):
                return [(u, mention.start, mention.end)]
    return []


def lead_at(view: View, u: ArticleUnit, known: list[Lead]) -> Lead:
    """The announcement that a unit is: its title, its subject and who issues, by grammar.

    `known`: what the grammar finds in the article by itself. Where the unit names no title, the one found
    elsewhere is taken, or the headline's.
    """
    here = next((lead for lead in known if lead.unit is u), None)
    own = here or (_headline_lead(view) if u is view.headline else None) or _own_title(view, u)
    if own is not None:
        return own
    words = view.words(u)
    title = _title_in(words)
    subject = _subject(words, title)
    lead = Lead(u, subject=(u, *subject) if subject is not None else None)
    if title is not None:
        lead.title, lead.document_type = (u, title[0].start, title[0].end), title[1]
        lead.issuers = (_notice_issuers(view, u) if _NOTICE.search(words) else []) or _issuers(view, lead)
        lead.issuers = lead.issuers or next((k.issuers for k in known if k.issuers), [])
        return lead
    lead.issuers = _actor(words, u) or _issuers(view, lead)
    elsewhere = next((k for k in known if k.title is not None), None) or _headline_lead(view)
    if elsewhere is not None and elsewhere.title is not None:
        lead.title, lead.document_type = elsewhere.title, elsewhere.document_type
        lead.issuers = elsewhere.issuers or lead.issuers
    return lead
