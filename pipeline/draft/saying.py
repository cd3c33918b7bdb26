"""What a sentence does: it announces, decides, obliges, sets a goal, or tells of an event, a result, a stock."""

from __future__ import annotations

import re

from pipeline.draft.acts import is_act, is_fact
from pipeline.draft.cues import Cues

ANNOUNCES = Cues(
    r"(?:발표|수립|마련|제정|공포|공개|공표|확정|의결|통과|선포|채택|고시|발령|발행|출범|내놓|내놨|발간|배포|개정|인쇄[·\s]?발행|하달|발송|시행|보고|상정|논의|심의|심의·의결|결정|공고|승인)(?:하|했|됐|되|한|함|됨|해|\s*\(|\s*$|[\s,.;)*'’”]|$|았|은|을 )"
    r"|印发|发布|出台|制定|公布|颁布|通过了?|下发|宣布|公开征求意见"
    r"|\b(?:published|announced?s?|launched|adopted|released|unveiled|issued|approved|introduced|presents?|presented|proposed)\b"
)
PROPOSES = re.compile(r"(?:제시|추진|설정|밝히|밝혔|밝힌|구축|육성)")
NO_NEWS = re.compile(
    r"(?:현황|동향|통계|실적|키워드|논문|보고서|백서|지수|순위|성과|결과|사례집|전망|기술|제품|시제품|모델|플랫폼)(?:을|를|의)?\s*(?:비교|공개|발표|발간|출시|개발)|비교·?분석"
    r"|(?:체결|착공|개소|신설|출시|개최|개막|게재|수상|회수|준공|개통|기록|개발\s*성공|실험\s*성공|기술\s*(?:개발|확보)|현상)\s*$"
)
PAST_STOCK = re.compile(r"(?:완료|달성|돌파)(?:되었|됐|했|하였)다고|(?:이미|현재까지)")
ENGLISH_VERB = re.compile(
    r"\b(?:published|publishes|announced|announces|launched|launches|adopted|adopts|released|releases|unveiled|unveils|issued|issues|approved|introduced|presented|proposed|set out|sets out)\b"
)
EVENT = re.compile(
    r"(?:개최|체결|참석|방문|면담|수상|서명|착공|개소식|기념식|간담회|설명회|접견|회담)(?:을|를|에|하|했|식)"
)
DECIDED = re.compile(
    r"(?:[가-힣]다고|하기로|키로)\s?(?:밝혔|밝힘|발표|했다|함|하였다|결정)|(?:을|를)\s(?:결정|의결|확정|승인)(?:하|했|함)|(?:전략|계획|방안|대책|조치|로드맵|정책|지원책)(?:을|를)\s(?:제시|제안|내놨|내놓|마련|발표)|기로\s?(?:함|했|하였)"
)
OBLIGES = re.compile(
    r"(?:[아어여야]야\s?한다고|겠다고|기로\s?(?:했다|하였다)|할\s?(?:것|계획|예정|방침)(?:이라고|임을|이다)|하도록\s?(?:했다|하였다))\s*(?:밝|강조|말|지적|제기|언급|발표)?"
)
_CHINESE_DOES = re.compile(
    r"(?:宣布|决定|启动|推出|明确)[，,]|将(?:对|在|于|投入|设立|建设|实施|推出|启动)|对[^，。]{2,40}给予"
)
_ENGLISH_DOES = re.compile(
    r"\b(?:will|is to|are to)\s(?!be\sin\s|visit|meet|attend|host|take part|participate|speak|travel)\w+|\b(?:announced|launched|unveiled|approved|introduced)\s(?:a|an|new|the|its|that|€|\$|£)"
)
GOAL = re.compile(r"목표(?:를|로|치를)?\s*(?:제시|설정|확정|발표|공개|로\s?제시)|目标")


def does(words: str) -> bool:
    """Whether a sentence about an authority says what it does or will do, rather than an event, a fact or a figure."""
    if EVENT.search(words) or NO_NEWS.search(words) or is_fact(words):
        return False
    if re.search(r"[가-힣]", words):
        return is_act(words)
    return _CHINESE_DOES.search(words) is not None or _ENGLISH_DOES.search(words) is not None


def verb_after(words: str, position: int) -> bool:
    """Whether an announcing verb follows the title (Korean), or stands anywhere (Chinese, English)."""
    rest = words[max(0, position - 1) :] if re.search(r"[가-힣]", words) else words
    if "\n" in rest and ANNOUNCES.within(re.sub(r"\s*\n\s*", "", rest)):
        return True  # 발⏎표했다
    return ANNOUNCES.within(rest)
