"""Whether words name a public authority, or the official who speaks for one."""

from __future__ import annotations

import re

from pipeline.draft.grammar.actors import is_no_authority
from pipeline.draft.grammar.rules import Rule, Words
from pipeline.normalise import find_organisations, level_of
from schemas.vocabulary import GovernmentLevel

AUTHORITY = Rule(
    "ends like an authority's name",
    ko=(
        Words(
            "[가-힣]부 위원회 위 국무원 [가-힣]국 [가-힣]청 [가-힣]처 의회 국회 사무실 판공실 백악관"
            " [가-힣]{2}[시성구군현도]",
            behind=r"(?:\([^)]*\))?\s*$",
        ),
        Words("[시도군구성]", before="^", behind="$"),
    ),
    zh=(Words("部 委 局 厅 省 政府 国务院 委员会 办公室", behind="$"),),
    en=(
        Words(
            r"Ministry Department Government Commission Agency Council Office Cabinet Parliament White\sHouse Administration"
            r" Treasury Bureau Secretary Minister Authority",
            before=r"(?-i:\b",
            behind=r"\b)",
        ),
    ),
    finds="일본 정부 / 시 당국 / 환경부(장관 ○○○) / 과학기술위원회 / 금융위 / 국무원 / 산림국 / 조달청 / 법제처 / 시의회 / 국회 / EU 집행위"
    " / 총리 사무실 / 유엔 사무국 / 국무원 판공실 / 백악관 / 관계 부처 / 한빛시 / 시 / 工业和信息化部 / 国家发展改革委 / 市财政局 / 省教育厅 / 文部科学省"
    " / 人民政府 / 国务院 / 管理委员会 / 市政府办公厅 / 领导小组办公室 / Ministry of Health / Department of Energy / the Government / European Commission"
    " / Space Agency / the Council / Patent Office / the Cabinet / Parliament / the White House / Energy Administration"
    " / HM Treasury / the Bureau / the Secretary / Prime Minister / Food Authority",
    spares="새솔전자 / 연구진 / 科技公司 / the company / a department store",
)
OFFICIAL = Rule(
    "ends like an official's title and name",
    ko=(
        Words(
            "장관 차관 국장 처장 서기 주석 시장 성장 총리 대통령 위원장 대변인 지사 청장 군수 의원",
            behind=r"(?:\s[가-힣]{2,4})?\s*$",
        ),
    ),
    finds="환경부 장관 / 농림부 차관 김하나 / 산업국장 / 법제처장 / 당 서기 / 국가 주석 / 한빛시장 / 안후이성장 / 부총리 / 대통령"
    " / 금융위원장 / 외교부 대변인 / 도지사 / 산림청장 / 고성군수 / 국회의원",
    spares="환경부 / 시장 개방 정책",
)
_ROLE = r"(?:장관|차관|청장|처장|실장|원장|위원장|본부장|시장|지사|도지사|군수|구청장|교육감|이사장|사장|대표)"
# 환경부(장관 ○○○), 중소벤처기업부(장관 ○○○, 이하 중기부), 환경부(이하 환경부): who heads it is no part of the name.
_HEADED = re.compile(rf"\s?[(（](?:(?:부총리\s겸\s)?(?:[가-힣]{{2,8}})?{_ROLE}\s|이하\s?)[^()（）]{{1,30}}[)）]\s*$")


_OF_STATES = Rule(
    "a body of a state or province by its name",
    ko=(Words(r"(?:^|\s)[주시도성구현]\s?정부 [가-힣]주\s?정부 [가-힣]주(?:\([^()]*\))?\s의회", behind="$"),),
    zh=(Words("省[一-龥]{2,12}(?:厅|局|委|委员会)", before="^", behind="$"),),
    en=(
        Words(r"State\sof Governor Commonwealth\sof", before=r"(?-i:\b", behind=r"\s[A-Z])"),
        Words("Scottish Welsh", before=r"(?-i:\b", behind=r"\s(?:Government|Executive|Parliament|Ministers)\b)"),
    ),
    finds="작센 주 정부 / 바이에른주정부 / 온타리오주 의회 / 省经济和信息化厅 / State of Ohio / Governor Lee / Commonwealth of Virginia"
    " / the Scottish Government / Welsh Ministers",
    spares="환경부 / 경기도의회 / 自治区教育厅 / the Department of State / a governor of the bank / Scottish Water",
)
_OF_CITIES = Rule(
    "a body of a city by its name",
    en=(
        Words(r"City\sof", before=r"(?-i:\b", behind=r"\s[A-Z])"),
        Words(r"Mayor City\sCouncil", before=r"(?-i:\b", behind=r"\b)"),
    ),
    finds="City of Leeds / Office of the Mayor / the City Council",
    spares="City University / Mayoral plan",
)
_OF_NATIONS = Rule(
    "a body of a nation by its name",
    ko=(
        Words(r"[가-힣]{2,}부 정부 국무원 관계\s?부처(?:\s?합동)? [가-힣]당국", behind="$"),
        Words(
            r"국회(?:\s[가-힣]{2,8}위원회)? (?:국무|부)?총리 대통령 [가-힣]{2}청(?<![시도군구육]청)",
            before="^",
            behind="$",
        ),
    ),
    en=(
        Words(
            r"Ministry Department Government Cabinet Treasury White\sHouse Administration",
            before=r"(?-i:\b",
            behind=r"\b)",
        ),
    ),
    finds="농업발전부 / 일본 정부 / 국무원 / 관계부처 합동 / 산림당국 / 국회 정무위원회 / 국무총리 / 대통령 / 우주청 / Ministry of Works"
    " / Department of Trade / Government of Chile / Union Cabinet / HM Treasury / the White House"
    " / the Lind Administration",
    spares="해온시 / 강서구청 / 도교육청 / 부산시의회 / the department store",
)


def level_by_name(name: str) -> GovernmentLevel | None:
    """The table's level; for a body that it does not know, the level that its kind has (…부, …정부, Ministry)."""
    known = level_of(name)
    if known is not None:
        return known
    bare = re.sub(r"\s*[（(][^()（）]*[)）]\s*$", "", name).strip()
    if _OF_STATES.within(bare):
        return GovernmentLevel.PROVINCIAL
    if _OF_CITIES.within(bare):
        return GovernmentLevel.PREFECTURE
    return GovernmentLevel.NATIONAL if _OF_NATIONS.within(bare) else None


def named_end(name: str) -> int:
    """Where the name of a body ends, before the brackets that say who heads it.

    >>> named_end("환경부(장관 김하나)")
    3
    """
    headed = _HEADED.search(name)
    return headed.start() if headed is not None and headed.start() >= 2 else len(name)


def is_authority(subject: str) -> bool:
    """Whether the subject is an authority as a whole, and not only names one (`중국 빅 데이터 산업`)."""
    whole = re.sub(r"\s*(?:[（(][^()（）]*[)）])?\s*$", "", subject)
    return any(_is_body(name) for name in dict.fromkeys((whole, re.sub(r"\s*(?:등|도)$", "", whole))))


def _is_body(name: str) -> bool:
    return AUTHORITY.within(name) or any(m.level is not None and m.end >= len(name) for m in find_organisations(name))


def authority_score(words: str, start: int, end: int) -> float:
    """2 for a public authority as subject, 1 where an authority is named in it, negative for a firm or laboratory."""
    subject = re.sub(r"\s*(?:등|공동으로|및)?\s*$", "", words[start:end])
    if is_no_authority(subject):
        return -1.0
    mentions = [m for m in find_organisations(words[start:end]) if m.level is not None]
    if mentions and mentions[-1].end >= len(subject) - 14:
        return 2.0
    if AUTHORITY.within(subject) and end - start < 60:
        return 2.0
    return 1.0 if mentions else 0.0
