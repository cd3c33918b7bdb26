"""What the suites that people labelled ask and pams does not answer, with the reason.

Settled before anything is improved. A rule reads the marked expression, the sentence around it, or the label. It
stands here because the sets follow rules of their own (a number is any digit, an organisation is also a firm or a
club), never because a case is hard.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple


class Scope(NamedTuple):
    """One kind of entry that is left out. `where`: `text` (the marked expression), `sentence` or `label`."""

    suite: str
    kind: str
    where: str
    pattern: re.Pattern[str]
    reason: str


def _rule(suite: str, kind: str, where: str, pattern: str, reason: str) -> Scope:
    return Scope(suite, kind, where, re.compile(pattern), reason)


_NUMBERS = (
    _rule("numbers", "", "label", r"^None$", "a unit without a number"),
    _rule(
        "numbers", "", "text", r"\^|\d[eE][-+]?\d", "powers and scientific notation: arithmetic, not a policy's figure"
    ),
    _rule("numbers", "", "sentence", r"\d{1,3}(?:\.\d{1,3}){3}|전화번호|电话", "addresses and telephone numbers"),
    _rule("numbers", "number", "sentence", r"\d, \d{3}, \d", "1, 234, 567: three numbers or one, nobody can tell"),
)
_DATES = (
    _rule(
        "dates", "", "text",
        r"오늘|내일|어제|모레|지금|(?:년|개월|달|주|일) ?(?:\d+일 ?)?(?:이?전|후|뒤|간)|이번 ?달"
        r"|다음 ?달|지난 ?달|[前后]$",
        "relative days are counted from today; a document's date is printed",
    ),
    _rule("dates", "", "text", r"^\d{1,2}일(?: [월화수목금토일]요일)?$", "a day without a month"),
    _rule("dates", "", "text", r"의 ?주$", "a week"),
    _rule("dates", "", "text", r"农历|음력|初[一二三四五六七八九十]", "the lunar calendar (农历, 음력)"),
    _rule("dates", "", "text", r"康熙|乾隆|雍正|光绪|同治|道光|嘉庆", "years of an emperor's reign"),
    _rule("dates", "", "text", r"^\d{1,3}년$", "years before 1000"),
    _rule("dates", "", "label", r"-02-3\d|-(?:04|06|09|11)-31", "a day that no calendar has"),
    _rule(
        "dates", "", "text", r"^\d{1,2}[-/]\d{1,2}[-/,](?:\d{2}|\d{4})$",
        "the year last in figures (3-7-07): day and month may be exchanged",
    ),
    _rule("dates", "", "text", r"^\d{2}/\d{2}/\d{2}$", "two figures each (21/04/16): which is the year is not told"),
)  # fmt: skip
_KOREAN = (
    _rule("entities_ko", "QT", "text", r"^(?:약 )?\d+(?:\.\d+)?$", "a number without a counter: ratings of films"),
    _rule(
        "entities_ko", "QT", "text",
        r"^(?:제|시즌|세션|part|파) ?\d|\d ?(?:위|등|등급|회|차|차전|번째|번|탄|편"
        r"|화|부|부작|호|호기|호선|층|권|단|학년|강|심"
        r"|대째|대 ?[초중후]반|주년|기|절|장|세대|악장|군|부리그|쿼터|라운드|인자|순위)$"
        r"|\d+-\d+$|째$|^\d+[승무패]|타수|연승|연패",
        "ordinals, parts, scores and places in a contest: no amount",
    ),
    _rule("entities_ko", "QT", "text", r"\d ?(?:세|살)$|^\d+대(?: ?[초중후]반)?$", "ages"),
    _rule("entities_ko", "QT", "text", r"(?:영하|영상)|\d ?(?:도|℃)$", "temperatures and angles"),
    _rule("entities_ko", "QT", "text", r"\d ?(?:점|별|스타)(?: 만점)?$|만점", "marks given in a review"),
    _rule(
        "entities_ko", "QT", "text",
        r"^(?:하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열|서른|마흔|쉰|백|천|몇|여러|수[백천만십]|한두|두세|서너|한|두|세|네|첫)"
        r"(?:$|[ 가-힣])",
        "native numerals in talk (한 번, 두 사람, 하나): no target is stated so",
    ),
    _rule("entities_ko", "DT", "text", r"오늘|내일|어제|모레|이날|전날|다음날|당일|이튿날|같은 날", "relative days"),
    _rule(
        "entities_ko", "DT", "text", r"^(?:지난|오는|이달|내달|지난 ?달)? ?\d{1,2}(?:[~∼-]\d{1,2})?일$",
        "a day without a month",
    ),
    _rule(
        "entities_ko", "DT", "text",
        r"^(?:약 )?\d+여? ?(?:년|개월|주|일|주일|달|시간)(?:여)? ?(?:간|동안|전|후|뒤|만|새|째|내내|이상"
        r"|이내)|^\d{1,2}년$",
        "lengths of time and bare two-digit years: no point in time",
    ),
    _rule("entities_ko", "DT", "text", r"년대|세기|시대|왕조|시절|시즌", "decades, ages and seasons of sport"),
    _rule("entities_ko", "DT", "text", r"^[^\d]*$", "dates without a figure (크리스마스, 월요일, 이틀, 지난해)"),
)  # fmt: skip
# Korean organisations: the label holds firms, clubs, papers and parties too. What counts is told by a name's ending,
# and by words that no public body's name holds.
PUBLIC_BODY = re.compile(
    r"(?:[가-힣]{2}(?:부|처|청|실)|위원회|[가-힣](?:위|개헌특위)|감사원|국정원|정보원|기록원|[가-힣]공단|[가-힣]공사"
    r"|진흥원|연구원"
    r"|과학수사연구원|국과수|검역본부|관리본부|수습본부|대책본부|[가-힣]{2}국|의회|국회|하원|상원|법원|지법|고법|지원"
    r"|[민형]사 ?\d+(?:부|단독)|검찰청|지검|대검|경찰서|소방서|지구대|파출소|경찰대|교육청|[시도군구]청|대사관|총회"
    r"|안보리"
    r"|[가-힣](?:시|도|군) ?정부|한국 정부|일본 정부|선관위|방통위|과기부|국토부|기재부|고용부|산업부|행자부|법무부)$"
)
NOT_PUBLIC = re.compile(
    r"당국$|(?:선대|공관|비대|대책|추모|혁신)위$|비상대책위원회|추모위원회|국정홍보|영상위원회|조인트|노조|차지부|항공사|인삼공사"
    r"|재판부|참여정부|(?:편집|보도)국|군 ?경비부|황실|민간|^(?:대한)?민국$|정보국제관계부|알파잠수"
)
_CHINESE = (
    _rule("entities_zh", "authority", "text", r"公司$|^厕所革命$", "a firm or a campaign, by an error of the set"),
)
SCOPE = (*_NUMBERS, *_DATES, *_KOREAN, *_CHINESE)
NOT_READ = {
    ("entities_zh", "policy"): "titles: draft reads them with their announcement",
    ("entities_zh", "law"): "titles: draft reads them with their announcement",
}
FIRMS = "organisations that are no public body by their name (firms, clubs, papers, parties, countries)"
ITS_OWN = "the label contradicts its own text"
ONE_END = re.compile(r"\d[ ]?[%％]?[ ]?[-–~～][ ]?$")
"""What stands before a label that marks one end of a printed range as the value (`20%` of `5-20%`)."""


def out_of_scope(suite: str, kind: str, sentence: str, entry: dict[str, Any]) -> str | None:
    """Why an expected entry is not asked; None where it counts. `kind` is the line's, or the label of an entity."""
    if (suite, kind) in NOT_READ:
        return NOT_READ[suite, kind]
    words = str(entry["text"])
    if sentence[entry["start"] : entry["end"]] != words or _contradicts(words, entry):
        return ITS_OWN
    if kind == "OG" and (NOT_PUBLIC.search(words) or not PUBLIC_BODY.search(words)):
        return FIRMS
    said = {"text": words, "sentence": sentence, "label": str(entry.get("value", entry.get("timex", "")))}
    for rule in SCOPE:
        if rule.suite == suite and rule.kind in ("", kind) and rule.pattern.search(said[rule.where]):
            return rule.reason
    one_end = suite == "numbers" and kind != "range" and ONE_END.search(sentence, 0, entry["start"])
    return ITS_OWN if one_end else None


def _contradicts(words: str, entry: dict[str, Any]) -> bool:
    """`2089년 5월 5일` labelled 1989; `20万次以上` labelled 20,000: seen where all figures are printed."""
    year = re.search(r"(?<!\d)[12]\d{3}(?=[년年])", words)
    if "timex" in entry and year and not str(entry["timex"]).startswith(year.group()):
        return True
    plain = re.match(r"(\d+)([万亿])(?![万亿余多\d])", words)
    if plain is None or not entry.get("value"):
        return False
    scaled = int(plain[1]) * {"万": 10**4, "亿": 10**8}[plain[2]]
    figure = re.search(r"\d+", str(entry["value"]))
    return figure is not None and int(figure.group()) != scaled
