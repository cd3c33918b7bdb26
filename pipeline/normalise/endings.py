"""Endings and neighbours that make a name: particles, suffixes of places, governments, departments, districts, zones.

Used by `organisations` alone, on folded text. Source: own compilation from briefs on China and Korean press releases.
"""

from __future__ import annotations

import re

from schemas.vocabulary import GovernmentLevel


def _words(listed: str) -> list[str]:
    return listed.split()


_SHORT_PARTICLES = "은는이가을를의에와과도로만등측및내장"
_BEHIND_NAMES = (
    "에서|에게|에는|에도|에만|으로|까지|부터|와의|과의"
    "|로부터|라고|이라|이며|이고|이다|별로|별 |장관|차관|부장|부부장|국장|주임|총국장|위원장|시장|성장|주석"
    "|대변인|관계자|산하|소속|주도|주관|공동|등의|등은|등이|등과|등에|내에|내의|측은|측이|에선|당국|같은|처럼"
    "|보다|사이|에 |지역|주재|주최|조차|마저"
)
PARTICLES = re.compile(rf"(?:[{_SHORT_PARTICLES}](?![가-힣])|{_BEHIND_NAMES})")
PARTICLE_LETTERS = frozenset(_SHORT_PARTICLES) | {word[0] for word in _BEHIND_NAMES.split("|")}
"""What a particle or a word behind a name begins with."""
COUNTRY_BEFORE = ("중국", "한국", "미국", "일본", "영국", "독일", "유럽", "국무원", "정부", "중앙")
GLOSS = re.compile(r" ?\((?P<hanja>[一-龥·]{1,14})\)")
SUFFIX = re.compile(
    r"특별자치시|특별자치도|특별시|광역시|직할시|특별행정구|위구르자치구|장족자치구|회족자치구| ?자치구|자치주"
    r"|[성시](?!간|공|범|설|작|장(?:[과이을의]|이? )|과(?!학기술|학원| |$)|능|급 |숙|적|행|찰)"
    r"|省|市|特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州| Province| Municipality| City"
)
GOVERNMENT = re.compile(
    r" ?(?:인민)?정부(?![가-힣]*[업])|人民政府|政府| (?:Municipal|Provincial"
    r"|Regional)? ?(?:People's )?[Gg]overnment|(?=’s government)"
)
ZONE_WORD = (
    "고신기술산업개발구|첨단기술산업개발구|하이테크산업개발구|하이테크개발구"
    "|경제기술개발구|경제 기술 개발구|경제개발구|경개구|고신구|하이테크구|첨단기술구|개발구|신구"
    "|자유무역시험구|자유무역실험구"
    "|자유무역시범구|보세구|공업원구|산업원구|高新技术产业开发区|经济技术开发区|自由贸易试验区|高新区|经开区"
    "|开发区|新区|自贸区|自贸试验区"
)
ZONE = re.compile(
    rf" ?(?:(?P<name>[가-힣]{{1,8}}"
    rf"|[一-龥]{{1,8}}?)(?: ?\((?P<hanja>[一-龥]+)\))? ?)?(?P<word>{ZONE_WORD})(?P<body> ?(?:관리위원회|관위회"
    rf"|관리위)|管理委员会|管委会)?"
)
ZONE_ANCHOR = re.compile(
    r"[고개신공산경보高开新经](?:신구|발구|구(?<=신구)|업원구|세구|新区|发区|区(?<=新区)"
    r"|开区)(?P<body> ?(?:관리위원회|관위회|관리위)|管理委员会|管委会)?"
)
ZONE_HEAD = re.compile(r"(?P<name>[가-힣]{1,8}|[一-龥]{2,6})(?:\((?P<hanja>[一-龥]+)\))? ?$")
KINDS = re.compile(r"(?:국가|신|고신|첨단|하이)?(?:경제|기술|산업|테크|고신|첨단)*$")
"""What stands before 개발구 and is no name: 광저우 경제기술개발구 is the zone of Guangzhou."""
NOT_ZONE = frozenset(
    _words(
        "국가 국가급 각 동 해당 관련 급 전국 및 등 내 일부 경제기술 고신기술 첨단기술 산업 기술 신 상기 성급 시급 "
        "모든 선도 주요 국가고신 국가첨단기술 양대 여러 하이테크 경제"
    )
)
DISTRICT = re.compile(
    r" ?(?P<name>[가-힣]{1,4}?)(?: ?\((?P<hanja>[一-龥]+)\))?(?P<word>[구현])(?![가-힣]*(?:기관|장치|소|원|개발"
    r"|축|성))|(?P<han>[一-龥]{1,4}?)(?P<hanword>[区县])"
)
NOT_DISTRICT = re.compile(
    r"^(?:연|기|요|도|항|인|입|지|특|축|복|추|친|욕|강|촉|탐|시범|선도|실험|시험|협력|혁신|개발|개발시범|발전"
    r"|보호|집적|단지|자유무역시범|자유무역실험|.*(?:시범|연|개발|실험|시험|협력|혁신|발전|기|특|항|요|선도|지)"
    r"|실|표|출|재|구|발|반|.*(?:실|표))$|^(?:地|城|山|市|园|社|景|特|灾|湾|全|辖|各|校|示范|试验|先行|.*(?:示范"
    r"|试验|合作|湾|园|地|特|先导|核心|保税|贸易))$"
)
OFFICE = re.compile(r"(?: [가-힣]{1,14}){0,3} ?(?:사무실|판공실|영도소조|지도소조|공작조|추진단)")
DEPARTMENT_RULE = re.compile(
    r" ?(?:과학기술|과기|경제|정보화|공업|산업|상무|재정|교육|생태|환경|농업|농촌|교통|운수|에너지|통계|금융|감독"
    r"|관리|시장|위생|건강|문화|여유|관광|자연|자원|수리|주택|도시|건설|인력|사회|보장|민정|공안|사법"
    r"|외사|지식재산권|세무|해관|기상|데이터|발전|개혁|투자|촉진|계획|응급|지방|와|과|및){1,6}(?:위원회|국|청"
    r"|처)(?=$|[^가-힣]|[은는이가을를의에와과도](?![가-힣])|에서|으로)"
    r"|[一-龥]{2,10}?(?:委员会|[局厅])"
)
RULE_ANCHOR = re.compile(r"위원회")
RULE_HEAD = re.compile(r"(?:^|(?<=[^가-힣]))(?P<name>[가-힣]{2,16})$")
COUNTRY_GOVERNMENT = re.compile(r" ?정부|政府| government")
ZONE_BODY = re.compile(r" ?(?:관리위원회|관위회|관리위)|管理委员会|管委会")
GLOSSED = re.compile(r"\((?:[一-龥]{1,8})\)(?P<word>[시구현])")
GLOSSED_HEAD = re.compile(r"[가-힣]{1,6}$")
GOVERNED = re.compile(r"[시성구현군](?: ?인민정부| 정부|청(?=$|[^가-힣]|[은는이가을를의에와과도](?![가-힣])))")
GOVERNED_HEAD = re.compile(r"(?:^|(?<=[^가-힣]))[가-힣]{1,6}$")
ENDINGS: tuple[tuple[re.Pattern[str], GovernmentLevel], ...] = (
    (
        re.compile(rf"(?:{ZONE_WORD})(?: ?(?:관리위원회|관위회|관리위)|管理委员会|管委会)?$"),
        GovernmentLevel.DEVELOPMENT_ZONE,
    ),
    (
        re.compile(r"(?:[구현군]|[区县旗])(?:청|정부| 정부| ?인민정부|人民政府|政府)?$| (?:District|County)$"),
        GovernmentLevel.DISTRICT_COUNTY,
    ),
    (re.compile(r"(?:시|市)(?:청|정부| 정부| ?인민정부|人民政府|政府)?$| City$"), GovernmentLevel.PREFECTURE),
    (
        re.compile(r"(?:성|省|自治区|자치구|도)(?:청|정부| 정부| ?인민정부|人民政府|政府)?$| Province$"),
        GovernmentLevel.PROVINCIAL,
    ),
)
BY_ENDING = {
    "구": GovernmentLevel.DISTRICT_COUNTY, "현": GovernmentLevel.DISTRICT_COUNTY, "군": GovernmentLevel.DISTRICT_COUNTY,
    "区": GovernmentLevel.DISTRICT_COUNTY, "县": GovernmentLevel.DISTRICT_COUNTY,
    "시": GovernmentLevel.PREFECTURE, "市": GovernmentLevel.PREFECTURE,
    "성": GovernmentLevel.PROVINCIAL, "省": GovernmentLevel.PROVINCIAL,
}  # fmt: skip
NOT_GOVERNED = frozenset(
    _words(
        "반드 또다 잠 혹 임 도 동 "
        "즉 역 다 일 표 제 실 전 게 명 해당 각 상급 중앙 지방 관할 구 군 성 시 및 연 기 지 특 양 소재 全 各 "
        "该 本 当地"
    )
)
COUNTRY_LEVELS = (GovernmentLevel.NATIONAL, GovernmentLevel.SUPRANATIONAL)
