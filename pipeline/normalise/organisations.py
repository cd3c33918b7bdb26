"""Organisations named in a text: a table of spellings, and rules for the names that no table can hold.

Longest match first. A word of the table counts only as a whole word: 중국인, 재정부담, 선전하다 are none. Behind a place
stand its government (시 정부, 人民政府), departments (경제정보화국), districts (구, 县) and zones (고신구); they take level and
jurisdiction from it. A name that countries share (교육부, 상무부) goes to the country named before it, else to `home`, else
to the country that the text names most, else to China.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from pipeline.normalise.hanja import fold
from pipeline.normalise.jurisdictions import find_place, is_code
from pipeline.normalise.names import Entry, Names, government, names
from schemas.vocabulary import GovernmentLevel


@dataclass(frozen=True, slots=True)
class Mention:
    """A named organisation or place: `text[start:end]` is its name with hanja in brackets, without particles.

    `canonical` is None where the name follows a rule and stands in no table. `is_place`: a bare place name (베이징시),
    which is an issuer where it is the subject of an act.
    """

    start: int
    end: int
    canonical: str | None
    level: GovernmentLevel | None
    jurisdiction: str | None
    is_place: bool


_PARTICLES = re.compile(
    r"(?:[은는이가을를의에와과도로만등측및내장](?![가-힣])|에서|에게|에는|에도|에만|으로|까지|부터|와의|과의|로부터|라고|이라|이며|이고|이다|별로|별 |장관|차관|부장|부부장|국장|주임|총국장|위원장|시장|성장|주석"
    r"|대변인|관계자|산하|소속|주도|주관|공동|등의|등은|등이|등과|등에|내에|내의|측은|측이|에선|당국|같은|처럼|보다|사이|에 |지역|주재|주최|조차|마저)"
)
_COUNTRY_BEFORE = ("중국", "한국", "미국", "일본", "영국", "독일", "유럽", "국무원", "정부", "중앙")
_GLOSS = re.compile(r" ?\((?P<hanja>[一-龥·]{1,14})\)")
_SUFFIX = re.compile(
    r"특별자치시|특별자치도|특별시|광역시|직할시|특별행정구|위구르자치구|장족자치구|회족자치구| ?자치구|자치주|[성시](?!간|공|범|설|작|장(?:[과이을의]|이? )|과(?!학기술|학원| |$)|능|급 |숙|적|행|찰)"
    r"|省|市|特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州| Province| Municipality| City"
)
_GOVERNMENT = re.compile(
    r" ?(?:인민)?정부(?![가-힣]*[업])|人民政府|政府| (?:Municipal|Provincial|Regional)? ?(?:People's )?[Gg]overnment|(?=’s government)"
)
_ZONE_WORD = (
    "국가급신구|국가급 신구|고신기술산업개발구|첨단기술산업개발구|하이테크산업개발구|하이테크개발구|경제기술개발구|경제 기술 개발구|경제개발구|경개구|고신구|개발구|신구|자유무역시험구|자유무역실험구"
    "|자유무역시범구|보세구|공업원구|산업원구|高新技术产业开发区|经济技术开发区|自由贸易试验区|高新区|经开区|开发区|新区|自贸区|自贸试验区"
)
_ZONE = re.compile(
    rf" ?(?:(?P<name>[가-힣]{{1,8}}|[一-龥]{{1,8}}?)(?: ?\((?P<hanja>[一-龥]+)\))? ?)?(?P<word>{_ZONE_WORD})(?P<body> ?(?:관리위원회|관위회|관리위)|管理委员会|管委会)?"
)
_ZONE_ANCHOR = re.compile(
    r"[고개신공산경보高开新经](?:신구|발구|구(?<=신구)|업원구|세구|新区|发区|区(?<=新区)|开区)(?P<body> ?(?:관리위원회|관위회|관리위)|管理委员会|管委会)?"
)
_ZONE_HEAD = re.compile(r"(?P<name>[가-힣]{1,8}|[一-龥]{2,6})(?:\((?P<hanja>[一-龥]+)\))? ?$")
_NOT_ZONE = frozenset(
    ["국가", "국가급", "각", "동", "해당", "관련", "급", "전국", "및", "등", "내", "일부", "경제기술", "고신기술", "첨단기술", "산업", "기술", "신", "상기", "성급", "시급", "모든", "선도", "주요", "국가고신", "국가첨단기술", "양대", "여러", "하이테크", "경제"]
)
_DISTRICT = re.compile(
    r" ?(?P<name>[가-힣]{1,4}?)(?: ?\((?P<hanja>[一-龥]+)\))?(?P<word>[구현])(?![가-힣]*(?:기관|장치|소|원|개발|축|성))|(?P<han>[一-龥]{1,4}?)(?P<hanword>[区县])"
)
_NOT_DISTRICT = re.compile(
    r"^(?:연|기|요|도|항|인|입|지|특|축|복|추|친|욕|강|촉|탐|시범|선도|실험|시험|협력|혁신|개발|개발시범|발전|보호|집적|단지|자유무역시범|자유무역실험|.*(?:시범|연|개발|실험|시험|협력|혁신|발전|기|특|항|요|선도|지)"
    r"|실|표|출|재|구|발|반|.*(?:실|표))$|^(?:地|城|山|市|园|社|景|特|灾|湾|全|辖|各|校|示范|试验|先行|.*(?:示范|试验|合作|湾|园|地|特|先导|核心|保税|贸易))$"
)
_OFFICE = re.compile(r"(?: [가-힣]{1,14}){0,3} ?(?:사무실|판공실|영도소조|지도소조|공작조|추진단)")
_DEPARTMENT_RULE = re.compile(
    r" ?(?:과학기술|과기|경제|정보화|공업|산업|상무|재정|교육|생태|환경|농업|농촌|교통|운수|에너지|통계|금융|감독|관리|시장|위생|건강|문화|여유|관광|자연|자원|수리|주택|도시|건설|인력|사회|보장|민정|공안|사법"
    r"|외사|지식재산권|세무|해관|기상|데이터|발전|개혁|투자|촉진|계획|응급|지방|와|과|및){1,6}(?:위원회|국|청|처)(?=$|[^가-힣]|[은는이가을를의에와과도](?![가-힣])|에서|으로)"
    r"|[一-龥]{2,10}?(?:委员会|[局厅])"
)
_RULE_ANCHOR = re.compile(r"(?:관리)?위원회|总局|委员会")
_RULE_HEAD = re.compile(r"(?:^|(?<=[^가-힣]))(?P<name>[가-힣]{2,16})$|(?P<han>[一-龥]{2,14})$")
_COUNTRY_GOVERNMENT = re.compile(r" ?정부|政府| government")
_ZONE_BODY = re.compile(r" ?(?:관리위원회|관위회|관리위)|管理委员会|管委会")
_GLOSSED = re.compile(r"\((?:[一-龥]{1,8})\)(?P<word>[시구현])")
_GLOSSED_HEAD = re.compile(r"[가-힣]{1,6}$")
_GOVERNED = re.compile(
    r"(?P<word>[시성구현군])(?: ?인민정부| 정부|청(?=$|[^가-힣]|[은는이가을를의에와과도](?![가-힣])))|[省市区县]人民政府"
)
_GOVERNED_HEAD = re.compile(r"(?:^|(?<=[^가-힣]))[가-힣]{1,6}$|(?:^|(?<=[^一-龥]))[一-龥]{1,8}$")
_ENDINGS: tuple[tuple[re.Pattern[str], GovernmentLevel], ...] = (
    (
        re.compile(rf"(?:{_ZONE_WORD})(?: ?(?:관리위원회|관위회|관리위)|管理委员会|管委会)?$"),
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
_BY_ENDING = {
    "구": GovernmentLevel.DISTRICT_COUNTY, "현": GovernmentLevel.DISTRICT_COUNTY, "군": GovernmentLevel.DISTRICT_COUNTY,
    "区": GovernmentLevel.DISTRICT_COUNTY, "县": GovernmentLevel.DISTRICT_COUNTY,
    "시": GovernmentLevel.PREFECTURE, "市": GovernmentLevel.PREFECTURE,
    "성": GovernmentLevel.PROVINCIAL, "省": GovernmentLevel.PROVINCIAL,
}  # fmt: skip
_NOT_GOVERNED = frozenset(
    ["도", "동", "즉", "역", "다", "일", "표", "제", "실", "전", "게", "명", "해당", "각", "상급", "중앙", "지방", "관할", "구", "군", "성", "시", "및", "연", "기", "지", "특", "양", "소재", "全", "各", "该", "本", "当地"]
)
_COUNTRY_LEVELS = (GovernmentLevel.NATIONAL, GovernmentLevel.SUPRANATIONAL)


def find_organisations(text: str, home: str | None = None) -> list[Mention]:
    """All organisations and places in text order, never overlapping.

    `home`: ISO code of the country whose bodies are meant where a name alone does not tell (`CN`, `KR`).
    """
    return _settle(_scan(fold(text)), home)


def home_of(text: str) -> str | None:
    """The country whose places and bodies `text` names most; None without any."""
    counts = _countries(_scan(fold(text)))
    return counts.most_common(1)[0][0] if counts else None


def canonical(name: str, home: str | None = None) -> str | None:
    """The one English name of all spellings of an organisation or place; None for a mere role (정부, 当局) or an unknown name."""
    mention = _whole(name, home)
    return mention.canonical if mention else None


def level_of(name: str, home: str | None = None) -> GovernmentLevel | None:
    """Level of the body or place called `name`; None where neither table nor name tells."""
    mention = _whole(name, home)
    if mention and mention.level:
        return mention.level
    key = fold(name).strip()
    return None if key in names().roles else next((level for ending, level in _ENDINGS if ending.search(key)), None)


def jurisdiction_of(name: str, home: str | None = None) -> str | None:
    """ISO 3166-1 or -2 code (or `EU`) of the body or place called `name`."""
    if len(name) in (2, 5, 6) and name.isascii() and name.isupper() and name != "UK" and is_code(name):
        return name
    mention = _whole(name, home)
    return mention.jurisdiction if mention else None


def _whole(name: str, home: str | None) -> Mention | None:
    """The mention that makes up `name`: the longest, and the last of equals, as heads stand last."""
    stripped = name.strip(" \t\n'\"‘’“”「」『』")
    if fold(stripped) in names().roles:
        return None
    found = find_organisations(stripped, home)
    return max(found, key=lambda m: (m.end - m.start, m.start), default=None)


# One scan; names that countries share stay open until the whole text is read.

_Open = tuple[Mention, tuple[Entry, ...]]


def _scan(folded: str) -> list[_Open]:
    table = names()
    found: list[_Open] = []
    at = last = 0
    while match := table.pattern.search(folded, at):
        start = match.start()
        hit = _hit(table, folded, match, last)
        if hit is None:
            at = start + 1
            continue
        at = last = hit[0].end
        if found:
            narrowed = _of_country(found[-1][0], hit, folded)
            if narrowed:
                found.pop()
                hit = narrowed
        found.append(hit)
    return _with_rules(folded, found)


def _hit(table: Names, folded: str, match: re.Match[str], last: int) -> _Open | None:
    """The longest word of the table at a match that is a whole word there."""
    start, name = match.start(), match.group()
    if not _opens(folded, start, last):
        return None
    if (
        folded.startswith("(", start - 1)
        and start > 1
        and "가" <= folded[start - 2] <= "힣"
        and folded.startswith(")", match.end())
    ):
        return _glossed_place(table, folded, start, match.end(), last)
    while len(name) > 1:
        entries = table.entries.get(name)
        end = start + len(name)
        if entries and entries[0].is_place:
            grown = _grow(table, folded, start, end, tuple(e for e in entries if e.is_place))
            if grown:
                return grown, ()
        elif entries:
            entries = tuple(
                e for e in entries if not e.bound or folded[max(0, start - 3) : start].strip() in ("EU", "유럽")
            )
            if entries and _closes(folded, end):
                return _mention(start, _with_gloss(folded, end), entries[0]), entries
        name = name[:-1]
    return None


def _glossed_place(table: Names, folded: str, start: int, end: int, last: int) -> _Open | None:
    """`난사(南沙)`: a Korean spelling that the table lacks, explained by hanja that it has."""
    head = _GLOSSED_HEAD.search(folded[max(last, start - 7) : start - 1])
    entries = tuple(e for e in table.entries.get(folded[start:end], ()) if e.is_place)
    if head is None or not entries:
        return None
    suffix = _SUFFIX.match(folded, end + 1)
    close = suffix.end() if suffix else end + 1
    begin = start - 1 - len(head.group())
    return (replace(_mention(begin, close, entries[0])), ()) if _closes(folded, close) else None


def _opens(folded: str, start: int, last: int) -> bool:
    """Whether a word may start here: no letter of its script before it, save a country's name or the mention before."""
    if start == 0 or start == last:
        return True
    letter, before = folded[start], folded[start - 1]
    if folded.startswith("中国家", start):
        return False
    if "가" <= letter <= "힣":
        return not "가" <= before <= "힣" or folded.endswith(_COUNTRY_BEFORE, max(0, start - 3), start)
    return not (letter.isascii() and before.isascii() and before.isalnum())


def _closes(folded: str, end: int) -> bool:
    if end >= len(folded):
        return True
    letter, following = folded[end - 1], folded[end]
    if "가" <= letter <= "힣":
        return not "가" <= following <= "힣" or _PARTICLES.match(folded, end) is not None
    return not (letter.isascii() and following.isascii() and following.isalnum())


def _with_gloss(folded: str, end: int) -> int:
    gloss = _GLOSS.match(folded, end)
    return gloss.end() if gloss else end


def _mention(start: int, end: int, entry: Entry) -> Mention:
    return Mention(start, end, entry.canonical, entry.level, entry.jurisdiction, entry.is_place)


def _of_country(country: Mention, hit: _Open, folded: str) -> _Open | None:
    """The body of the country named right before it: 미국 상무부 is one organisation, and American."""
    mention, entries = hit
    if not country.is_place or country.level not in _COUNTRY_LEVELS or folded[country.end : mention.start].strip():
        return None
    own = tuple(entry for entry in entries if entry.jurisdiction == country.jurisdiction)
    return (_mention(mention.start, mention.end, own[0]), own[:1]) if own else None


def _grow(table: Names, folded: str, start: int, end: int, entries: tuple[Entry, ...]) -> Mention | None:
    """A place with its suffix, hanja, government, department, district or zone."""
    entries, at = _placed(folded, end, entries)
    if not entries:
        return None
    place = _mention(start, at, entries[0])
    if len({entry.canonical for entry in entries}) > 1:
        place = replace(place, canonical=None, jurisdiction=(entries[0].jurisdiction or "")[:2] or None)
    if place.level in _COUNTRY_LEVELS:
        return _country(folded, place)
    return _body(table, folded, at, place) or (place if _closes(folded, at) else None)


def _placed(folded: str, end: int, entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], int]:
    """The entries that suffix and hanja leave, and where the place's name ends."""
    gloss = _GLOSS.match(folded, end)
    at = gloss.end() if gloss else end
    suffix = _SUFFIX.match(folded, at) if entries[0].level not in _COUNTRY_LEVELS else None
    if suffix and folded[at - 1] not in "市省区县구현":
        at = suffix.end()
    else:
        suffix = None
    if gloss is None and (gloss := _GLOSS.match(folded, at)):
        at = gloss.end()
    hanja = find_place(gloss["hanja"]) if gloss else None
    if hanja:
        matching = tuple(e for e in entries if e.jurisdiction == hanja.code)
        return (matching or entries), at
    kept = tuple(
        e for e in entries if not e.bound or (suffix and _fits(suffix.group(), e)) or _like_place(folded, end, e)
    )
    return kept, at


def _fits(suffix: str, entry: Entry) -> bool:
    """성 and 省 make a province, 시 and 市 a city or municipality."""
    word = suffix.strip()
    if word in ("성", "省", "Province") or "자치구" in word or "自治区" in word:
        return entry.level is GovernmentLevel.PROVINCIAL
    return (
        entry.level is GovernmentLevel.PREFECTURE
        or "Municipality" in entry.canonical
        or (entry.jurisdiction or "")[:2] == "KR"
    )


_SHENZHEN = re.compile(
    r"(?:(?:은|는|의|에|에서|과|와|,|·|-)(?= ?[가-힣])(?!하)| (?:[가-힣]{1,4}(?:구|신구)|광명|첸하이|하이테크|경제특구|과학|홍콩))"
)


def _like_place(folded: str, end: int, entry: Entry) -> bool:
    """선전 is both Shenzhen and propaganda: the city where it is a topic, or joined with other places."""
    return (
        entry.canonical.endswith(" of Shenzhen")
        and folded[end - 2 : end] == "선전"
        and _SHENZHEN.match(folded, end) is not None
    )


def _country(folded: str, place: Mention) -> Mention | None:
    found = _COUNTRY_GOVERNMENT.match(folded, place.end)
    if found and place.level is GovernmentLevel.NATIONAL and _closes(folded, found.end()):
        return replace(place, end=found.end(), canonical=f"Government of {place.canonical}", is_place=False)
    return place if _closes(folded, place.end) else None


def _body(table: Names, folded: str, at: int, place: Mention) -> Mention | None:
    """What stands behind a place and belongs to it; None if it is only a place."""
    if place.level is GovernmentLevel.DEVELOPMENT_ZONE:
        found = _ZONE_BODY.match(folded, at)
        return replace(place, end=found.end(), is_place=False) if found and _closes(folded, found.end()) else None
    department = table.departments.match(folded, at)
    if department and (_closes(folded, department.end())):
        name = table.department[department["name"]]
        return replace(place, end=_with_gloss(folded, department.end()), canonical=_of(name, place), is_place=False)
    found = _GOVERNMENT.match(folded, at)
    if found and _closes(folded, found.end()):
        return replace(place, end=found.end(), is_place=False)
    zone = _ZONE.match(folded, at)
    if (
        zone
        and (zone["name"] or zone["word"])
        and (zone["name"] or "") not in _NOT_ZONE
        and _closes(folded, zone.end())
    ):
        return _zone(zone, place.start, zone.end(), place.jurisdiction)
    district = _DISTRICT.match(folded, at)
    if district and place.level is not GovernmentLevel.DISTRICT_COUNTY:
        grown = _district(table, folded, district, place)
        if grown:
            return grown
    for pattern in (_DEPARTMENT_RULE, _OFFICE):
        found = pattern.match(folded, at)
        if found and _closes(folded, found.end()):
            return replace(place, end=found.end(), canonical=None, is_place=False)
    return None


def _of(name: str, place: Mention) -> str | None:
    return f"{name} of {place.canonical.split(' of ', 1)[-1]}" if place.canonical else None


def _zone(zone: re.Match[str], start: int, end: int, jurisdiction: str | None) -> Mention:
    word = zone["word"] if "word" in zone.re.groupindex else zone.group().removesuffix(zone["body"] or "")
    known = (
        find_place(f"{zone['name']}{word}") or find_place(f"{zone['hanja']}{word}")
        if "name" in zone.re.groupindex
        else None
    )
    name = (
        government(known.name, GovernmentLevel.DEVELOPMENT_ZONE, known.code)
        if known and known.level is GovernmentLevel.DEVELOPMENT_ZONE
        else None
    )
    code = jurisdiction or (known.code if known else None)
    return Mention(start, end, name, GovernmentLevel.DEVELOPMENT_ZONE, code, zone["body"] is None)


def _district(table: Names, folded: str, district: re.Match[str], place: Mention) -> Mention | None:
    name, word = district["name"] or district["han"], district["word"] or district["hanword"]
    if not name or _NOT_DISTRICT.match(name):
        return None
    end = district.end()
    known = find_place(name + word)
    canonical_name = government(known.name, GovernmentLevel.DISTRICT_COUNTY, known.code) if known else None
    mention = replace(place, end=end, canonical=canonical_name, level=GovernmentLevel.DISTRICT_COUNTY)
    ruled = _GOVERNMENT.match(folded, end)
    if ruled and _closes(folded, ruled.end()):
        return replace(mention, end=ruled.end(), is_place=False)
    return mention if _closes(folded, end) else None


def _with_rules(folded: str, found: list[_Open]) -> list[_Open]:
    """Zones and commissions that no place announces: 량장신구, …관리위원회."""
    extra: list[_Open] = []
    for anchor in _ZONE_ANCHOR.finditer(folded):
        low = max(0, anchor.start() - 24)
        head = _ZONE_HEAD.search(folded[low : anchor.start()])
        if head and head["name"] not in _NOT_ZONE and _closes(folded, anchor.end()):
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
    for anchors, heads in ((_GLOSSED, _GLOSSED_HEAD), (_GOVERNED, _GOVERNED_HEAD), (_RULE_ANCHOR, _RULE_HEAD)):
        for anchor in anchors.finditer(folded):
            mention = _ruled(folded, anchor, heads)
            if mention:
                extra.append((mention, ()))
    return _merged(found, extra)


def _ruled(folded: str, anchor: re.Match[str], heads: re.Pattern[str]) -> Mention | None:
    """A body by its ending: 순이(顺义)구, 수원시 정부, 강남구청, …위원회; the level is the ending's."""
    low = max(0, anchor.start() - 18)
    head = heads.search(folded[low : anchor.start()])
    if head is None or head.group() in _NOT_GOVERNED or not _closes(folded, anchor.end()):
        return None
    word = anchor.group()[:1] if heads is _GOVERNED_HEAD else anchor.groupdict().get("word") or ""
    name = folded[low + head.start() : anchor.end()]
    if name in names().roles:
        return None
    return Mention(low + head.start(), anchor.end(), None, _BY_ENDING.get(word), None, heads is _GLOSSED_HEAD)


def _merged(found: list[_Open], extra: list[_Open]) -> list[_Open]:
    if not extra:
        return found
    merged: list[_Open] = []
    for item in sorted(found + extra, key=lambda o: (o[0].start, -o[0].end)):
        if not merged or item[0].start >= merged[-1][0].end:
            merged.append(item)
    return merged


def _countries(found: list[_Open]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for mention, entries in found:
        if mention.jurisdiction and len(entries) < 2:
            counts[mention.jurisdiction[:2]] += 1
    return counts


def _settle(found: list[_Open], home: str | None) -> list[Mention]:
    """Names that countries share, given to the country named before, to `home`, or to the text's own."""
    settled: list[Mention] = []
    likely: str | None = None
    for mention, entries in found:
        if len(entries) > 1:
            if likely is None:
                counts = _countries(found)
                likely = home or (counts.most_common(1)[0][0] if counts else "CN")
            entry = next((e for e in entries if e.jurisdiction == likely), None)
            entry = entry or next((e for e in entries if e.jurisdiction == "CN"), entries[0])
            mention = replace(_mention(mention.start, mention.end, entry))
        settled.append(mention)
    return settled
