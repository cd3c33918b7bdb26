"""Public bodies by the form of their name, where no table holds it: 省住房和城乡建设厅, 부산지방경찰청, Ministry of ….

Data: `forms.toml`, with examples of what is found and what is spared. A Chinese name is read forwards word by word
([tier][field words][ending]), a Korean one backwards from its ending to the start of its word. A body that is found
by its form alone has no level, and so never becomes an issuer; one that begins with a known name takes that one's.
"""

from __future__ import annotations

import bisect
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.normalise.endings import PARTICLE_LETTERS
from pipeline.normalise.mentions import Mention, closes
from pipeline.normalise.names import letter_tree

_HAN = re.compile(r"[一-龥]{2}")
_ENGLISH_HEAD = re.compile(
    "Ministry|Department|Office|Agency|Commission|Bureau|Directorate|Secretariat|Authority|Admin"
)
_CAPITAL = (
    r"(?!(?:The|Takes|Announces|Launches|Releases|Issues|Publishes|Will|Has|Is|To|Today|And)\b)[A-Z][A-Za-z’'&-]{1,20}"
)
_FIELD = rf"{_CAPITAL}(?: {_CAPITAL}){{0,2}}"
_ENGLISH = re.compile(
    rf"\b(?:(?>(?:Ministry|Department|Office|Agency|Commission|Bureau|Directorate|Secretariat|Authority) (?:of|for)"
    rf"(?: the)? {_FIELD}(?:(?:, {_FIELD}){{0,3}},? (?:and|&) {_FIELD})?)(?! at |[a-z])"
    rf"|(?!(?:Head|Private|Main|This|Our|Lead|Implementing|Executing|Responsible) )"
    rf"{_CAPITAL}(?:(?: and | ){_CAPITAL}){{0,4}} (?:Ministry|Agency|Commission|Authority|Administration|Bureau)\b)"
)
_WIDEST = 120
"""The words before an English head take no more (characters)."""
# What stands before a Chinese name that starts with its place: 南京市 of 由南京市公安局.
_RUN = re.compile(r"(?P<name>[一-龥]{1,5})$")
_SUFFIXED = "省市县区州旗盟镇乡"
_SOME = ("有关", "相关")
_REPUBLIC = "中华人民共和国"


class Forms(NamedTuple):
    """The compiled rules; `lead` holds the Chinese letters behind which a name may start."""

    chinese: re.Pattern[str]
    chinese_run: re.Pattern[str]
    """A stretch of the letters that Chinese names are made of; only there a name is looked for."""
    chinese_ends: re.Pattern[str]
    """Such a stretch up to the last letter that a name may end with."""
    goes_on: re.Pattern[str]
    lead: frozenset[str]
    quantifier: re.Pattern[str]
    verb: re.Pattern[str]
    private: tuple[str, ...]
    not_names: frozenset[str]
    not_endings: tuple[str, ...]
    korean_ending: re.Pattern[str]
    korean_name: re.Pattern[str]
    korean_not: frozenset[str]


@cache
def forms() -> Forms:
    """The rules, read once."""
    data = tomllib.loads(Path(__file__).with_name("forms.toml").read_text("utf-8"))
    zh, ko = data["zh"], data["ko"]
    ending, name = _korean(ko)
    return Forms(
        re.compile(_chinese(zh)),
        *_letters(zh),
        re.compile(_tree(zh["goes_on"])),
        frozenset(zh["lead"]),
        re.compile(_tree(zh["quantifiers"])),
        re.compile(_tree(zh["verbs"]) + "$"),
        tuple(zh["private"].split()),
        frozenset(zh["not_names"].split()),
        tuple(zh["not_endings"].split()),
        re.compile(ending),
        re.compile(name),
        frozenset(ko["not_names"].split()),
    )


def bodies(folded: str, known: Sequence[Mention]) -> Iterator[Mention]:
    """Bodies by form, with the known name that each begins with or follows; `known` in text order."""
    ends = {mention.end: mention for mention in known}
    if _HAN.search(folded):
        yield from _chinese_bodies(folded, known, ends)
    for anchor in forms().korean_ending.finditer(folded) if not folded.isascii() else ():
        found = _korean_body(folded, anchor, ends)
        if found:
            yield found
    last = 0
    for head in _ENGLISH_HEAD.finditer(folded):
        if head.start() >= last and (
            match := _ENGLISH.search(folded, max(last, head.start() - _WIDEST), head.end() + 220)
        ):
            last = match.end()
            yield Mention(match.start(), match.end(), None, None, None, False)


def _tree(words: str) -> str:
    return f"(?:{letter_tree(words.split())})"


def _chinese(zh: dict[str, Any]) -> str:
    """[tier][field words][ending], or a tier and what each tier has (省政府, 市委), or a whole name."""
    tier, field, mid = _tree(zh["tiers"]), _tree(zh["fields"]), _tree(zh["mid"])
    firsts = "".join(sorted({word[0] for key in ("tiers", "fields", "whole") for word in zh[key].split()}))
    chain = rf"(?>{field}(?:[、和与及]?(?:{field}|{mid})){{0,5}})"
    tiers = rf"{tier}(?:(?:、|和|或者?|与)?(?!国家|中央){tier}){{0,3}}(?:[两三]级)?"
    head = rf"(?:等?(?:有关|相关)?{_tree(zh['soft'])}(?:\(单位\))?|{_tree(zh['strong'])}(?:\(局\))?)"
    tail = rf"(?:(?>{chain})?{_tree(zh['tail'])})?"
    return (
        rf"(?=[{firsts}])(?:{_tree(zh['whole'])}|(?P<tier>{tiers})?(?P<field>{chain}){head}"
        rf"|(?P<tiered>{tiers}){_tree(zh['tiered'])}){tail}"
    )


_JOINS = "、和与及或者等有关相两三级()单位局"
"""Letters of a Chinese name that stand in the pattern itself."""


def _letters(zh: dict[str, Any]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    ends = "strong soft tiered whole tail"
    last = {word[-1] for key in ends.split() for word in zh[key].split()} | {")"}
    made_of = {letter for key in f"tiers fields mid {ends}".split() for letter in zh[key]} | set(_JOINS)
    inner, final = (re.escape("".join(sorted(letters))) for letters in (made_of - last - {" ", "\n"}, last))
    return re.compile(f"[{inner}{final}]{{2,}}"), re.compile(f"(?:[{inner}]*+[{final}])++")


def _chinese_matches(folded: str) -> Iterator[re.Match[str]]:
    rules = forms()
    for run in rules.chinese_run.finditer(folded):
        if part := rules.chinese_ends.match(folded, run.start(), run.end()):
            yield from rules.chinese.finditer(folded, *part.span())


def _chinese_bodies(folded: str, known: Sequence[Mention], ends: dict[int, Mention]) -> Iterator[Mention]:
    rules = forms()
    starts = {mention.start: mention for mention in known}
    begins = [mention.start for mention in known]
    for match in _chinese_matches(folded):
        end = match.end()
        if any((on := rules.goes_on.match(folded, at)) and on.end() > end for at in (end - 2, end - 1)):
            continue
        start = match.start()
        before = known[at - 1] if (at := bisect.bisect_left(begins, start)) else None
        before = before if before is not None and start <= before.end else None
        own = starts.get(start)
        whole = own is not None and own.end == end and own.level is not None
        if (
            before is not None
            and before.end <= end
            and not (whole and not before.is_place)
            and (before.is_place or match["field"] or match["tiered"] in _SOME)
        ):
            yield Mention(before.start, end, _acts_for(folded, before, end), before.level, before.jurisdiction, False)
            continue
        begin = _opening(folded, match)
        if begin is None or folded[begin:end] in rules.not_names or folded[begin:end].endswith(rules.not_endings):
            continue
        if match["tier"] is None and folded.endswith(rules.private, 0, begin):
            continue
        first = starts.get(begin + (len(_REPUBLIC) if match["tier"] == _REPUBLIC else 0))
        if first is None or first.end > end:
            yield Mention(begin, end, None, None, None, False)
        else:
            name = first.canonical if first.end == end else _acts_for(folded, first, end)
            yield Mention(begin, end, name, first.level, first.jurisdiction, False)


def _acts_for(folded: str, host: Mention, end: int) -> str | None:
    """The general office of a body acts in its name."""
    return host.canonical if not host.is_place and folded[host.end : end] in ("办公厅", "办公室") else None


def _opening(folded: str, match: re.Match[str]) -> int | None:
    """Where the name starts: with its place (青山市委), without a quantifier (各级); None inside a word (超市)."""
    rules, start = forms(), match.start()
    tier = match["tier"] or match["tiered"] or ""
    if match["tier"]:
        quantity = rules.quantifier.match(tier)
        if quantity and (quantity.end() > 1 or len(tier) > 1 or tier == "各"):
            return start + quantity.end()
    if tier[1:3] == "各级" and folded[start - 1 : start] == "全":
        return start + len(tier)
    if tier[:1] == "各" and tier[:2] != "各级":
        return start + 1
    before = folded[start - 1 : start]
    if not "一" <= before <= "龥" or before in rules.lead:
        return start
    run = _RUN.search(folded, max(0, start - 5), start)
    suffixed = len(tier) == 1 and tier in _SUFFIXED
    if run is None or not (suffixed or before in _SUFFIXED):
        return start if len(tier) != 1 else None
    inner = match.start("field") if match["field"] else None
    if run["name"].endswith("直辖"):
        return inner
    if tier == "省" or rules.verb.search(run["name"]):  # all provinces stand in the table
        return start
    name = run["name"]
    name = name[max((at + 1 for at, letter in enumerate(name[:-1]) if letter in rules.lead), default=0) :]
    if 2 <= len(name) <= 3 + (not suffixed):
        return start - len(name)
    return inner if suffixed else start


def _korean(ko: dict[str, Any]) -> tuple[str, str]:
    """The endings, and what a whole word must be made of."""
    field = _tree(ko["fields"])
    endings = _tree(" ".join((ko["endings"], ko["institutes"], ko["whole"], "부 청 위 공사")))
    owner = _tree(ko["owners"])
    name = (
        rf"(?:{_tree(ko['whole'])}|[가-힣]{{2,14}}{_tree(ko['endings'])}|{field}{{1,5}}부"
        rf"|[가-힣]{{0,4}}{_tree(ko['agencies'])}청|{field}{{1,6}}위"
        rf"|[가-힣]{{2,10}}{_tree(ko['committees'])}위|{owner}[가-힣]{{2,8}}공사|{_tree(ko['corporations'])}공사"
        rf"|{owner}[가-힣]{{2,12}}{_tree(ko['institutes'])})$"
    )
    behind = "".join(sorted(PARTICLE_LETTERS))
    return rf"{endings}(?=[^가-힣]|[{behind}]|\Z)", name


_WORD_START = re.compile(r"(?:^|(?<=[^가-힣A-Za-z0-9]))[가-힣]{0,16}$")
_DIVISION = re.compile(r" ?(?:형사|민사|가사|행정) ?\d{1,2} ?(?:부|단독|합의부)")


def _korean_body(folded: str, anchor: re.Match[str], ends: dict[int, Mention]) -> Mention | None:
    rules = forms()
    end = anchor.end()
    if not closes(folded, end):
        return None
    word = _WORD_START.search(folded, max(0, anchor.start() - 17), anchor.start())
    if word is None or not rules.korean_name.match(folded, word.start(), end):
        return None
    start = word.start()
    name = folded[start:end]
    if name in rules.korean_not:
        return None
    division = _DIVISION.match(folded, end)
    host = ends.get(start - 1) if folded[start - 1 : start] == " " else None
    if host is not None and (host.is_place or folded[host.start : host.end] in ("국회", "유엔")):
        start = host.start
    jurisdiction = host.jurisdiction if host is not None else None
    return Mention(start, division.end() if division else end, None, None, jurisdiction, False)
