"""Counters and units that may follow a number, and what must not be taken for one.

A Korean counter of one syllable is also the first syllable of many words (개발, 대학, 위안, 원칙), so a counter
counts only where the word ends behind it or a particle follows. Source: own compilation from policy briefs; SI and
energy units as printed in Chinese and Korean plans.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.normalise.scales import read_scale


def words(listed: str) -> list[str]:
    return listed.split()


_SAME = {"％": "%", "퍼센트": "%", "percent": "%", "per cent": "%", "프로": "%"}
_POINTS = re.compile(
    r"[%％][ \u00a0]?(?:[pP](?![A-Za-z])|포인트)|퍼센트[ \u00a0]?포인트|percentage[ -]points?|p\.?p\.?(?![A-Za-z])"
)

_KOREAN = words(
    "개소 개사 개국 개교 개월 개 곳 건 대 명 인 가구 편 종 권 점 척 석 팀 마리 그루 배 위 회 차례 톤 만톤 "
    "가지 세 시간 분 초 일 년 기 위안화 위안 인민폐 불 미국달러 홍콩달러 달러 유로화 유로 엔화 엔 파운드 원 루피 "
    "루블 킬로미터 미터 평방킬로미터 제곱킬로미터 제곱미터 헥타르 에이커 무 킬로와트시 킬로와트 메가와트 "
    "기가와트 와트 리터 그램 킬로그램 배럴 퍼센트 프로 표준석탄톤 개사 개관 개동 학급 병상 좌석 량 쌍 필지 판 "
    "부 매 벌 채 그램 포기 줄 미터톤 마일 피트 야드 인치 갤런 "
    "통행 캐나다달러 호주달러 센트 페니 라리 콜론 루피아 바트 페소 리라 크로나"
)
# Names of two words: kept whole, or the first would be no unit and the second stand apart.
_TWO_WORDS = ["캐나다 달러", "호주 달러", "홍콩 달러", "미국 달러", "싱가포르 달러", "스위스 프랑"]
_CHINESE = words(
    "个百分点 個百分點 个月 个工作日 个 個 家 座 项 項 台套 台（套） 台(套) 台 辆 輛 套 人次 人 名 种 種 件 元人民币 "
    "人民币 美元 欧元 日元 港元 美圆 美圓 瑞士法郎 元 "
    "吨标准煤 吨 噸 斤 公里 千米 平方公里 平方千米 平方米 立方米 亩 公顷 千瓦时 "
    "千瓦 兆瓦 千卡 千克 度 倍 次 处 所 户 篇 艘 架 颗 位 米 只 支 款 场 小时 分钟 秒 岁 条 條 批 张 床 班 卡 天 标准箱"
)
_LATIN = words(
    "‰ bp ㎾h ㎿h ㎾ ㎿ ㏊ ㎎ ㎖ ㎘ ℓ ㏏ ㏈ ㎉ "
    "㎎/㎥ ㎎/m³ ㎎/ℓ ㎎/L ㎎/㎏ mg/㎥ mg/ℓ ㎍/ℓ "
    "μg/m³ µg/m³ ㎍/㎥ ㎍/m³ μg/m3 ug/m3 mg/L mg/m³ mg/m3 g/kWh gCO2/kWh Wh/kg kgce tce Mtce toe Mtoe kWh MWh "
    "GWh TWh kW MW GW TW kV kVA V W Wh km² km2 ㎢ km cm mm nm μm µm ㎛ ㎚ ㎜ ㎝ ㎞ ㎡ m² m2 ㎥ m³ m3 m ha kg "
    "㎏ mg g t Mt Gt kt tons ton tonnes tonne ℃ °C K Gbps Tbps Mbps kbps bps EFLOPS PFLOPS TFLOPS EFlops "
    "PFlops EF PF TB PB GB MB ZB EB Hz kHz MHz GHz dB ppm ppb rpm L mL ml ms TEU DWT GT tCO2eq tCO2e tCO2 "
    "MtCO2e MtCO2eq CO2eq qubits qubit W/kg MPa bar yuan RMB CNY USD EUR KRW JPY dollars euros won percent "
    "people jobs kWp MWp GWp"
)
_SIZES = ("kilo", "mega", "giga", "tera")
_SPELLED_OUT = [
    *(
        f"{size}watt{of}"
        for size in _SIZES
        for of in ("", "s", *(f"{a}{b}" for a in " -" for b in words("hour hours peak")))
    ),
    *(f"{size}bits per second" for size in _SIZES),
    *(
        f"{form} {side}"
        for form in ("square", "cubic")
        for side in words("kilometres kilometers metres meters miles feet")
    ),
    "basis points",
]
"""English units of several words, or with a hyphen: read whole, or the number would stand with half of its unit."""


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


_UNIT = re.compile(
    rf"(?P<fold>-?fold(?![A-Za-z]))|[ \u00a0\u3000]?(?:(?P<points>{_POINTS.pattern})|(?P<percent>[%％]|per cent\b)"
    rf"|(?P<korean>{_either(_KOREAN + _TWO_WORDS)})|(?P<chinese>{_either(_CHINESE)})"
    rf"|(?P<latin>(?:{_either(_LATIN + _SPELLED_OUT)})(?:/(?:년|월|일|인|명|年|月|日|人|天|h|s|day|year|yr|a|㎡|m²|kWh"
    rf"|km)(?![A-Za-z]))?)(?![A-Za-z0-9²³]))"
)
_NOUN = re.compile(r"[ \u00a0]([a-z]{3,}s|[A-Z]{2,5}s|people|staff)(?![A-Za-z-])")
_NO_NOUN = frozenset(
    words(
        "years pages this was has its plus versus across minus towards sections articles chapters times ones yes "
        "less does always perhaps thus various"
    )
)

_PARTICLE = re.compile(
    r"(?:[을를은는이가의에로와과도만씩나여등및중임라내](?![가-힣])|이상|이하|이내|이나|이며|이고|이다|이었|이라"
    r"|이던|인데|에서|에게|에는|에도|에 |으로|로의|로부터"
    r"|까지|부터|보다|마다|만큼|가량|정도|내외|안팎|남짓|수준|규모|초과|미만|돌파|달성|를 |을 |가까|이 |권|씩|의 "
    r"|로 |에의|이란|였|입니다|임을|어치|짜리|하고)"
)
# Attached to the number, 개 is a counter even where a noun follows without a space (5개부처, 100개구축), but for these.
_NOT_AFTER_GAE = re.compile(r"년|항(?!목)|발도상")
# 대 and 기 count vehicles, machines, satellites; before another noun they mean "major" (5대 방향) or "phase".
_DEVICES = re.compile(
    r"[ \u00a0](?=[가-힣])(?!이상|이하|이내|미만|초과|돌파|규모|수준|내외|보급|생산|판매|기록|도입|설치|달성|확대"
    r"|구축|운영|운행|투입|추가|증가|감소|수출|수입|공급|구매"
    r"|배치|등|및|정도|안팎|가량|넘|달|로|를|을|확보|교체|개발|발사|건설|지원|누적|양산|제작|제조|출하|인도|완료|착수|증차|증설|증편|폐차|철거"
    r"|운용|구입|임대|대여|가동|발주|납품)"
)
_NOT_HAN_COUNTER = re.compile(
    r"人[工才民均类口大员力社]|天[然津地空]|元素|米兰|度假|台[湾州]|家[庭电乡]|名[单录城义]|所[有以]|处理|只有|支[持撑付]|场[景所地]|位[于置]|项目"
    r"|张[家江掖]|次[日年]|卡[车口]|班子"
)
# The same characters open words that are no counters: 人工, 项目, 台湾.
# 30条 alone is articles of a document; production lines and railways are counted with 条 and named behind it.
_LINES = re.compile(r"[^)）」》”\"'’\s，。、；]")
_HOW_LONG = re.compile(r"(?:기간|기한|주기|시한|수명)[을를이가은는도]?[^\n.。]{0,24}[0-9]$")
_OF_A_DATE = re.compile(r"(?:월|[./])[ ]?[0-9]{1,2}$")
_TO = re.compile(r"으?로|에서|[ ]?(?:→|⇒|->|연장|단축)|[()（）]")
_LONGER = re.compile(r"단축|연장|줄[이여인임어]")
_SPELL = re.compile(r"[ \u00a0]?(?:이상|이하|이내|미만|초과|안에|간(?![가-힣]))")


_RATE = re.compile(
    r"/(?:년|월|일|시간|인|명|호|톤|ha|㎡|㎥|kg|kWh|MWh|km|年|月|日|天|人|户|亩|吨)"
    r"(?=$|[^가-힣一-鿿A-Za-z0-9]|[을를은는이가의에로와과도](?![가-힣]))"
)
"""Behind a counter: what it is counted for, without which the number says another thing (`46만톤/일`)."""
_OF_MILLIONS = re.compile(
    r" (?:(?:new|more|extra|additional|affordable|young|older|working) )?"
    r"(?!(?:lane|pole|strip|section|gap|wall|barrier|buffer|fence|pipe|road|path|track|wave|tide|board|radiu|acros)s\b)"
    r"(?:people|[a-z]{3,}s)\b"
)
"""Behind `1.2m`: people or things by the million, as newspapers print them, and nothing that is measured in metres."""


class Unit(NamedTuple):
    """A counter as it is to be recorded, and where it ends."""

    name: str
    end: int


def read_unit(text: str, at: int, large: bool = False) -> Unit | None:
    """The unit directly behind a number that ends at `at`; None if none stands there.

    `large`: the number is written with a scale or thousands comma, so that 대 can only count things.
    """
    found = _UNIT.match(text, at)
    if found is None:
        return None
    name, end, kind = found.group().strip(" \u00a0\u3000"), found.end(), found.lastgroup
    if kind == "fold":
        return Unit("fold", end)
    if kind == "points":
        return Unit("%p", end)
    if kind == "korean" and not _is_counter(text, at, found, large):
        return None
    if kind == "chinese" and not _is_han_counter(text, name, end):
        return None
    if kind in ("korean", "chinese"):
        rate = _RATE.match(text, end)
        return Unit(_SAME.get(name, name) + (rate.group() if rate else ""), rate.end() if rate else end)
    if (
        kind == "latin"
        and name in ("m", "t", "g", "V", "W", "K", "L", "a", "bar")
        and text[end : end + 1] in ("-", "&")
    ):
        return None
    if kind == "latin" and name == "m" and _OF_MILLIONS.match(text, end):
        return None
    return Unit(_SAME.get(name, name), end)


def read_noun(text: str, at: int) -> Unit | None:
    """The plural noun directly behind an English number (10,000 researchers): it does a counter's work."""
    found = _NOUN.match(text, at)
    return Unit(found[1], found.end()) if found and found[1] not in _NO_NOUN else None


def is_per_unit(text: str, unit: Unit) -> bool:
    """Whether the unit is a denominator (1인당, 만 명당), a class (49톤급) or goes on with a half (两个半)."""
    return text[unit.end : unit.end + 1] in ("당", "급", "级", "級", "半") or text.startswith(" 당 ", unit.end)


def _is_made_longer(text: str, at: int, end: int) -> bool:
    """Whether days or years are how long something shall take: `기간을 150일로 단축`, `주기를 단축(5~7년→2년)`."""
    before, behind = text[max(0, at - 32) : at], text[end : end + 14]
    spoken = _HOW_LONG.search(before) is not None and _OF_A_DATE.search(before) is None
    return spoken and _TO.match(behind) is not None and _LONGER.search(before + " " + behind) is not None


def _is_counter(text: str, at: int, found: re.Match[str], large: bool) -> bool:
    name, end = found["korean"], found.end()
    if name in ("일", "년"):
        return _SPELL.match(text, end) is not None or _is_made_longer(text, at, end)
    following = text[end : end + 1]
    if name in ("대", "기") and not large and _DEVICES.match(text, end):
        return False
    if (name == "분" and following == "의") or (name == "인" and text.startswith(" 경우", end)):
        return False
    if not "가" <= following <= "힣" or following in "당급":
        return True
    if name == "개" and found.start("korean") == at:
        return _NOT_AFTER_GAE.match(text, end) is None
    return _PARTICLE.match(text, end) is not None


def _is_han_counter(text: str, name: str, end: int) -> bool:
    if name in ("条", "條"):
        return _LINES.match(text, end) is not None
    return len(name) > 1 or _NOT_HAN_COUNTER.match(text, end - 1) is None


_STRUCTURE = re.compile(
    r"[ \u00a0]?(?:(?:중점|주요|핵심|세부|구체적(?:인)?|중대|우선|정책|추진|실천|행동|전략|특별|분야별"
    r"|세부적(?:인)?|지원)[ \u00a0]?){0,3}"
    r"(?:조치|과제|방향|행동(?!\s?[가-힣]*센터)|임무|분야|방면|항목|조항|부문|영역|정책|대책|사항|의견"
    r"|장(?=[ ,으])|조(?=[ ,로])|부처|대상|원칙|개혁|요소|측면|전략|업무|방안|목표(?![가-힣])|지표)"
    r"|[ \u00a0]?(?:重点|主要|具体|政策|重大){0,2}(?:条|條|项?措施|项?任务|任務|项?行动|行動|方面|领域|領域|方向"
    r"|工程|举措|舉措|部门|部門|工作|意见|章|条款)"
    r"|[ \u00a0-]?(?:(?:key|concrete|priority|main|strategic|policy|new|specific|flagship|major|detailed"
    r"|core)[ \u00a0]){0,3}"
    r"(?:measures?|actions?|areas?|pillars?|tasks?|priorities|articles?|chapters?|sections?|directions?"
    r"|recommendations?|objectives?|goals?)\b",
    re.IGNORECASE,
)


def is_structure_count(unit: str | None, following_text: str) -> bool:
    """Whether a number counts parts of a document: 24개 조치, 11个行动, 30条, five pillars (guideline 24).

    `unit` is the counter, `following_text` what stands behind it. Such counts are quantities by form and never targets.
    """
    if unit in (
        "条",
        "條",
        "가지",
        "measures",
        "actions",
        "areas",
        "pillars",
        "tasks",
        "articles",
        "chapters",
        "priorities",
    ):
        return unit not in ("条", "條") or not re.match(
            r"(?:生产线|铁路|航线|线路|高速|公路|地铁|管线|通道|产业链)", following_text
        )
    return _STRUCTURE.match(following_text.removeprefix("의")) is not None


_NOTE = re.compile(
    r"(?:단위|单位|單位|\bunits?)\s?[:：]?\s?(?P<scale>[십백천만억조十百千万萬亿億]*)\s?(?P<unit>[^\s)）,，|/]{1,12})"
)


_UNIT_COLUMN = re.compile(r"\s*(?:단\s?위|单\s?位|單\s?位|units?)\s*", re.IGNORECASE)
_UNIT_ALONE = re.compile(r"(?![십백천만억조十百千万萬亿億])[^\s\d(（/,]{1,12}")


def is_unit_column(head: str) -> bool:
    """Whether a table's column of this name holds units."""
    return _UNIT_COLUMN.fullmatch(head) is not None


def unit_named(cell: str) -> str | None:
    """The unit that a cell of such a column names; None where it multiplies numbers too (`백만원`), or says more."""
    words = cell.strip().strip("()（）")
    return _SAME.get(words, words) if _UNIT_ALONE.fullmatch(words) else None


def unit_note(text: str) -> tuple[int, str] | None:
    """What a table's note multiplies its numbers by, and their unit: `(단위: 만 위안)` → (10000, "위안")."""
    found = _NOTE.search(text)
    return None if found is None else (read_scale(found["scale"]), _SAME.get(found["unit"], found["unit"]))


_SCALED_NOTE = re.compile(
    r"[(（\[][ ]?(?:단위|单位|單位|[Uu]nits?)?[ ]?[:：]?[ ]?[^()（）\[\]\n0-9]{0,10}?"
    r"(?:[천백만억조][ ]?(?:원|달러|명|톤|개|대|호)?|[千百万萬亿億][ ]?(?:元|美元|人|吨|户)?"
    r"|(?:million|billion|thousand|[mk]|bn|tn)|[£$€]?000s?)[ ]?[)）\]][ ]?[:：]?[ ]?$"
)
"""`(£ million): 1,250`, `（单位：亿元）1,250`: the number is in what the bracket says."""


def is_noted(text: str, start: int) -> bool:
    """Whether a bracket right before a bare number gives it a scale that it does not show."""
    if text[start - 1 : start] not in (" ", ":", "：", ")", "）", "]"):
        return False
    return _SCALED_NOTE.search(text, max(0, start - 32), start) is not None
