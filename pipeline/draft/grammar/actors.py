"""Who acts but is no authority: firms, universities, laboratories, foundations, banks, hospitals, persons.

What they do is no policy (guideline 1). One truth for announcements, measures and targets. A word that ends a name
counts wherever it stands last; a word of a branch (바이오, 전자) counts only as the end of one name, since
`그린바이오는` is a field. Public bodies that end alike are spared.
"""

from __future__ import annotations

import re

# What ends the name of an organisation that is no authority.
_KOREAN = (
    "대학교 대학 대학원 연구소 연구원 과학원 공정원 연구팀 연구진 실험실 의료원 병원 기업 회사 그룹 협회 학회 재단 조합 "
    "홀딩스 텔레콤 스타트업 컴퍼니 거래소 상공회의소 공사"
)
_PERSONS = "팀 총경리 리사장 이사장 책임자 교수 과학자 센터장 대표 전문가 애널리스트 업계 연구자"
_CHINESE = "公司 集团 大学 学院 研究院 研究所 实验室 医院 协会 学会 商会 基金会 银行 企业 初创企业 联盟"
_ENGLISH = frozenset({
    "University", "Institute", "Laboratory", "College", "Hospital", "Foundation", "Association", "Alliance", "Bank", "Company",
    "Corporation", "Group", "Startup", "Inc", "Ltd", "LLC", "Corp", "plc", "GmbH", "SA", "S.A",
})  # fmt: skip
# What ends a firm's name behind two syllables or more, and the fields that end alike.
_BRANCHES = (
    "모바일 클라우드 전자 바이오 제약 생명과학 중공업 케미칼 소프트 시스템즈 로보틱스 모터스 은행 증권 카드 보험"
)
_FIELD_NAMES = (
    "그린 레드 화이트 블루 합성 첨단 디지털 가전 전력 양자 전기 마이크로 스마트 하이브리드 퍼블릭 프라이빗 멀티 공공 인터넷 상업 "
    "국책 저축 시중 지방 투자 중앙 한국 중국인민 인민 세계 개발 국가개발 산업 수출입 유럽중앙 유럽투자 정책 데이터 신용 체크 교통 "
    "건강 고용 사회 연금 의료 실업 산재 자동차 생명 손해 국민건강 제품 반도체 국내 해외 민간"
)
_FIELDS = frozenset(_FIELD_NAMES.split())
_PUBLIC = re.compile(
    r"(?:(?:한국|국립|대한)[가-힣]{1,12}(?:공사|공단|진흥원|재단)|[가-힣]{2}(?:도시|개발|교통)공사"
    r"|(?:人民|开发|中央|进出口|政策性|世界)银行|(?:Central|World|Development|Investment|Reserve|Export-Import) Bank"
    r"|Institutes of Health)$"
)


def _either(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


_ENDINGS = tuple(f"{_KOREAN} {_PERSONS} {_CHINESE}".split())
_CLOSING = re.compile(r"(?:\([^()]{0,40}\))?\s{0,3}$")
_OF_BRANCH = rf"(?<![가-힣])(?P<of>[가-힣A-Z][가-힣A-Za-z0-9&]{{1,9}})(?:{_either(_BRANCHES)})"
_BRANCH_END = re.compile(rf"{_OF_BRANCH}$")
_BRANCH_SUBJECT = re.compile(rf"{_OF_BRANCH}(?:\([^()]{{0,40}}\))?(?:은|는|이|가)\s")
_TOPIC = re.compile(r"^(.{2,60}?[가-힣)])(?:은|는)\s")
_KOREAN_SUBJECT = re.compile(
    rf"(?:{_either(f'{_KOREAN} {_PERSONS}')})[^,.]{{0,14}}?(?<!에)(?<!에게)(?:은|는|들?이|가|에서)\s"
)
_CHINESE_SUBJECT = re.compile(
    rf"[^，。、；]{{2,30}}?(?:{_either(_CHINESE)})(?=将|计划|拟|宣布|表示|预计|已|正在|近日|今日|日前)"
)
_ENGLISH_WORD = re.compile(r"\b(?:S\.A|[A-Za-z]+)\b")
_ENGLISH_NAME = re.compile(r"(?:The )?[A-Z][\w&.,’' -]{1,60}")
_BEHIND_NAME = re.compile(r"\.?,?\s(?!of |for )")
_LONGEST = 80
"""The first words of a sentence that may name a firm take no more (characters)."""


def is_no_authority(name: str) -> bool:
    """Whether `name` ends like a firm's, a laboratory's or a person's, and is no public body's."""
    closing = _CLOSING.search(name)
    bare = name[: closing.start()] if closing is not None else name
    return _ends_so(bare) and _PUBLIC.search(name.rstrip()) is None


def _ends_so(name: str) -> bool:
    if name.endswith(_ENDINGS):
        return True
    branch = _BRANCH_END.search(name)
    if branch is not None and branch["of"] not in _FIELDS:
        return True
    bare = name.removesuffix(".")
    words = list(_ENGLISH_WORD.finditer(bare))
    return bool(words) and words[-1].end() == len(bare) and words[-1].group() in _ENGLISH


def others_speak(words: str) -> bool:
    """Whether the sentence's subject is none of the authorities: its first 은/는 topic, else its 이/가 subject."""
    if opens_with_firm(words):
        return True
    topic = _TOPIC.search(words)
    head = topic[1] if topic else words[:60]
    if topic and _PUBLIC.search(head):
        return False
    subject = head[-24:] + "은 " if topic else head
    if _KOREAN_SUBJECT.search(subject) is not None:
        return True
    return any(m["of"] not in _FIELDS for m in _BRANCH_SUBJECT.finditer(subject))


def opens_with_firm(words: str) -> bool:
    """Whether a Chinese or English sentence or item has one of them as its first words."""
    found = _CHINESE_SUBJECT.match(words)
    name = found.group() if found is not None else _english_firm(words)
    return name is not None and _PUBLIC.search(name.rstrip(" ,.")) is None


def _english_firm(words: str) -> str | None:
    """The first words, up to the first that such a name ends with."""
    for word in _ENGLISH_WORD.finditer(words, 0, _LONGEST):
        behind = _BEHIND_NAME.match(words, word.end()) if word.group() in _ENGLISH else None
        if behind is not None and _ENGLISH_NAME.fullmatch(words, 0, word.start()) is not None:
            return words[: behind.end()]
    return None
