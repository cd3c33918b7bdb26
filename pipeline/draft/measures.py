"""Measures: the smallest printed items that state an act (guidelines 11-19).

Where the article has a detailed part (numbered headings, tables) the items there are the measures and what
stands before it is overview; short news and prose are read clause by clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.draft.acts import action_status, is_act, is_fact
from pipeline.draft.classify import fields_of, groups_of
from pipeline.draft.view import View
from pipeline.normalise import find_organisations
from schemas.answer import MeasureA, Ref
from schemas.document import ArticleUnit
from schemas.vocabulary import Instrument, UnitKind

_SECOND_LABEL = re.compile(r"\s*+(?:,\s*+)?[（(]\s*+([^()（）]{1,30}?)\s*+[)）]")
_DEFINING_HEAD = re.compile(
    r"^(?P<head>.{2,70}?(?:하는|한|된|되는|주는|위한)\s(?:핵심\s?)?(?:부품|제품|장치|기술|시스템|정책)으로)\s+(?=\S)"
)
_OTHERS = re.compile(r"의뢰\s?기관|기관명|기업명|업체|회사명|참여기업|company", re.IGNORECASE)
_OVERVIEW = re.compile(r"주요\s?(?:목표|임무|성과)|^\s*(?:목표|비전)\s*$|추진\s?(?:배경|목적|경과)|배\s?경|개\s?요|^[^가-힣]*(?:[가-힣]{1,6}\s?)?목표(?:\s?및.{0,8})?\s*$|(?:主要|发展|工作|总体|行动)目标|^[^a-z]*(?:our\s)?(?:targets?|goals?|objectives?)\b|业绩|成效|building on|to date|private[- ]sector|industry (?:commitments|pledges)|success|업무\s?회고|현황|성과|의의|시사점|기대\s?효과|평가|background|context|overview|implication", re.IGNORECASE)  # fmt: skip
_MEANS = re.compile(r"(?:하여|되여|되어|시켜|해|높여|늘려|줄여|갖춰|세워|만들어|넓혀|키워|다져)[,，]?\s*$")
_CONCRETE = re.compile(
    r"(?:기금|펀드|기구|조직|위원회|센터|[가-힣]실|시스템|창구|시설|설비|제도|규정|규칙|조례|법|계획|방안|플랫폼|기지|연구원|연구소|체계|단지|의견|규범)[^,]{0,10}(?:설립|조성|제정|수립|구축|마련|설치|신설|창설|완비)(?:하여|해|되여)[,，]?\s*$"
)
_GENERIC = re.compile(r"^(?:[가-힣]{1,6}(?:히|게|으로|로|을|를)\s)?(?:지원|추진|노력)(?:한다|하며|하고)[.,]?\s*$")
_BARE_VERB = re.compile(r"^[가-힣]+(?:하여|하고|하며|해|되어|시켜)[,\s]")
_DUTY = re.compile(r"责任|牵头|负责|配合|소관|주관|담당")
_NEAR = 60
"""The bracket with the responsible bodies stands so many units behind an item at most."""
_DUTY_HEAD = re.compile(
    r"\s*(?:责任(?:单位|部门|主体)|牵头(?:单位|部门)|配合单位|主管部门|소관|담당|주관)(?:부처|부서|기관)?\s*[:：]?\s*"
)
_DUTY_TAIL = re.compile(r"(?:按(?:照)?职责分工|分别|共同)?(?:牵头负责|牵头|负责|配合|参加|参与|소관|주관|담당)+$|等$")
_FOR_PURPOSE = re.compile(r"^.{0,30}?기\s?위(?:해|하여|한)")
_WANTED_VALUES = ("초과", "달성", "도달", "이상", "돌파")
_WANTED_RATE = re.compile(
    r"(?:[가-힣]률|[가-힣]율|비율|비중|점유율|규모|매출액?|수출액?|투자액|건수|배출량|순위|수준)(?:을|를|이|은|는)?\s?[^,]{0,30}?\d[^,]{0,16}?(?:높|올리|끌어올|늘|낮|줄|확대|달성|확보|상향|축소|감축|키우|이상|이하|로\s)"
)
_WANTED_RANK = re.compile(r"(?:\d위권?|세계\s?(?:최고|선두|상위권|일류)).{0,24}(?:확보|도달|진입|달성|도약)")
_SAID = re.compile(r"(?<=[다라자])고\s?(?:밝혔|밝힘|말했|발표했|전했|강조했|설명했|덧붙였)[가-힣]*[.\s]*$")
# What the plan itself is or shall bring about (이번 방안은 … 마련되었다; 이를 통해 … 할 계획이다), and stock of the past.
_COMMA, _LINE_END = re.compile(r"[,，]\s"), re.compile(r"(?<!\s)\s*\n\s*")
_TOPIC = re.compile(r"[^,]{2,40}?(?:은|는|이|가)\s")
_META = re.compile(
    r"(?:^|\s)(?:이번|동|본|이)\s(?:방안|대책|계획|전략|조치|정책|방책|법안?|회의|행사|사업)(?:은|는|이)\s|이를\s?통해|后续措施|本意见"
)
_STOCK = re.compile(r"^\s*(?:앞서|이에 앞서|지난해|작년|그간)\s|지금까지|그동안|현재까지|이미\s|내건\s바|제시한\s바")
_PURPOSE_ONLY = re.compile(r"(?:위해|위하여|위한|점을 감안하여|감안하여|바탕으로|중심으로)[,，]?\s*$")
_SUBSCRIBE = re.compile(
    r"(?:목표를 (?:확정|제시|설정))(?:하고|했|하였)|(?:것을|것이|[을를이])\s?목표(?:로\s?(?:함|한다|하며|하고|했다|하였다|삼[가-힣]*)|다|임)?[.\s]*$"
)


@dataclass
class Found:
    """A measure before it is written as an answer: where it is and under what."""

    unit: ArticleUnit
    at: Ref
    words: str
    label: Ref | None = None
    pillar: ArticleUnit | None = None
    extra_labels: list[Ref] = field(default_factory=list)


def answer_of(view: View, item: Found, label: Ref | None, instrument: Instrument) -> MeasureA:
    """The measure as an answer.

    Whom it addresses and its fields go by words: learned, fewer were right by groups (0.57 and 0.65 of the groups of
    people on real documents, 0.54 and 0.72 on the seeds).
    """
    return MeasureA(
        at=item.at,
        label=label,
        pillar=Ref(u=item.pillar.id) if item.pillar is not None else None,
        instrument=instrument,
        target_groups=groups_of(item.words),
        technology_fields=fields_of(item.words, 2),
        implementers=_implementers(view, item),
        action_status=action_status(item.words),
    )


def _implementers(view: View, item: Found) -> list[Ref]:
    """Authorities named as subject of the item (`국가지적재산권국은 …`), or in a bracket behind it (责任单位)."""
    refs = []
    head = _TOPIC.match(item.words)
    offset = view.words(item.unit).find(item.words[:20])
    if head and offset >= 0:
        mentions = [m for m in find_organisations(head.group()) if m.level is not None and not m.is_place]
        refs += [view.ref(item.unit, offset + m.start, offset + m.end) for m in mentions[:3]]
    duty = _duty_of(view, item.unit)
    if duty is not None:
        refs += [view.ref(duty, start, end) for start, end in _bodies(view.words(duty))][:8]
    return refs


def _duty_of(view: View, u: ArticleUnit) -> ArticleUnit | None:
    """The bracket with the responsible bodies behind the item, or behind the paragraph that its sentence stands in."""
    after = view.position(u) + 1
    for following in view.units[after : after + _NEAR]:
        if following.unit.kind is UnitKind.NOTE:
            bracketed = view.words(following)[:1] in "（(" and following.unit.parent in (u.unit.parent, u.unit.index)
            return (
                following
                if bracketed or (view.words(following)[:1] in "（(" and not _apart(view, u, following))
                else None
            )
        if not view.is_part(following) and (following.unit.kind is not u.unit.kind or _apart(view, u, following)):
            return None
    return None


def _apart(view: View, u: ArticleUnit, other: ArticleUnit) -> bool:
    """Whether another paragraph lies between two units: under another heading, or after a line that ended one."""
    return u.unit.parent != other.unit.parent or view.breaks_between(u.unit.end, other.unit.start)


def _bodies(words: str) -> list[tuple[int, int]]:
    """The bodies that a bracket names (`（责任单位：省科技厅、省财政厅）`), known or not."""
    start = 1
    if not _DUTY.search(words):
        return []
    named = _DUTY_HEAD.match(words, start)
    start = named.end() if named else start
    end = len(words) - 1 if words[-1:] in "）)" else len(words)
    spans = []
    for part in re.finditer(r"[^、，,；;\s]+", words[start:end]):
        name = _DUTY_TAIL.sub("", part.group())
        if 2 <= len(name) <= 24 and not _DUTY_TAIL.fullmatch(part.group()):
            spans.append((start + part.start(), start + part.start() + len(name)))
    return spans


# -- printed items ---------------------------------------------------------------------------------------


def _only_values(words: str) -> bool:
    """A unit that only states wanted values (…300개 초과, 비율을 30%로 높이고) is a target and no measure (guideline 18)."""
    parts = [p for p in _COMMA.split(_LINE_END.sub("", words) if "\n" in words else words) if p.strip()]
    return all(_ends_in_value(p) or _WANTED_RATE.search(p) or _WANTED_RANK.search(p) for p in parts)


def _ends_in_value(words: str) -> bool:
    """Whether a part up to a comma closes with a value to be reached (`300개 초과`)."""
    ends = (part.rstrip() for part in re.split("[,，]", words))
    return any(end.endswith(_WANTED_VALUES) and re.search(r"\d", end) is not None for end in ends)


def found_unit(view: View, u: ArticleUnit) -> Found:
    """A unit as a measure: without its label, under its pillar."""
    words = view.words(u)
    start, end = 0, len(words.rstrip(" ,*"))
    head = _DEFINING_HEAD.match(words)
    if head:
        start = head.end()
    labels: list[Ref] = []
    if (first := u.unit.label) is not None:
        labels.append(view.ref(u, first[0] - u.unit.start, first[1] - u.unit.start))
        if second := _SECOND_LABEL.match(words, view.after_label(u)):
            labels.append(view.ref(u, *second.span(1)))
    return Found(
        unit=u,
        at=view.ref(u, start, end),
        words=words[max(start, view.after_label(u)) : end].lstrip("*, "),
        label=labels[0] if labels else None,
        extra_labels=labels[1:],
        pillar=_pillar(view, u),
    )


_WHEN_OR_MUCH = re.compile(r"[\s~(約약]*['’‘]?\d")
"""A cell of a day or an amount, which names no row: `’27년부터`, `120억 원`."""


def _pillar(view: View, u: ArticleUnit) -> ArticleUnit | None:
    """The nearest heading above in text order: the row's name, a parent bullet, a numbered heading."""
    row = view.row(u)
    if row is not None:
        named = [
            view.by_index[h] for h in u.unit.header if h in view.by_index and view.by_index[h].unit.role != "header"
        ]
        named = [c for c in named if c.unit.index != u.unit.index]
        if named:
            return named[-1]
        cells = view.cells[u.unit.headings]
        if any(u.unit.index in c.unit.header for c in cells):
            return None  # it is itself the name of a row
        before = [c for c in cells if c.unit.end < u.unit.start and c.unit.role != "header"]
        opens = {id(view.row(c)): c for c in reversed([*before, u])}  # the first cell of each row
        before = [c for c in before if view.row(c) is row or opens[id(view.row(c))] is c]
        earlier = [c for c in before if 2 < len(view.words(c)) <= 40 and not _WHEN_OR_MUCH.match(view.words(c))]
        if earlier:
            return earlier[-1]
    parent = view.parent(u)
    if parent is not None and parent.unit.kind is UnitKind.BULLET and view.section_of(u) is None:
        return None
    return view.section_of(u) or _plain_heading(view, u)


def _plain_heading(view: View, u: ArticleUnit) -> ArticleUnit | None:
    own = [
        h
        for h in view.headings(u)
        if h.unit.kind is UnitKind.HEADING and h is not view.headline and h.unit.index != view.units[0].unit.index
    ]
    return own[-1] if own else None


# -- prose -------------------------------------------------------------------------------------------------


def _clauses(view: View, sentence: ArticleUnit) -> list[Found]:
    parts = [u for u in view.children.get(sentence.unit.index, []) if u.unit.kind in (UnitKind.CLAUSE, UnitKind.ITEM)]
    if not parts:
        words = view.words(sentence)
        said = _SAID.search(words)
        kept = words[: said.start()] if said else words
        ok = is_act(kept) and not is_fact(kept) and not _no_act_of_its_own(kept)
        at = view.ref(sentence, 0, len(kept))
        return [Found(unit=sentence, at=at, words=kept, pillar=_pillar(view, sentence))] if ok else []
    return [f for group in _grouped(view, parts) if (f := _clause(view, group)) is not None]


def _grouped(view: View, parts: list[ArticleUnit]) -> list[list[ArticleUnit]]:
    """A means or purpose clause belongs to the next clause; a concrete -해 clause stands for itself."""
    groups: list[list[ArticleUnit]] = []
    pending: list[ArticleUnit] = []
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        words = view.words(part)
        if groups and not pending and _BARE_VERB.match(words):
            pending = groups.pop()
        pending.append(part)
        following = view.words(after) if after is not None else ""
        if following and _FOR_PURPOSE.match(following):
            continue
        if part is not parts[-1] and (
            (_MEANS.search(words) and not _CONCRETE.search(words)) or _PURPOSE_ONLY.search(words)
        ):
            continue
        if groups and _CONCRETE.search(view.words(groups[-1][-1])) and _GENERIC.match(words):
            pending = []
            continue
        groups.append(pending)
        pending = []
    if pending:
        groups.append(pending)
    return groups


def _clause(view: View, group: list[ArticleUnit]) -> Found | None:
    found, kept = found_clauses(view, group), _kept(view.words(group[-1]))
    if not is_act(kept) or (is_fact(kept) and action_status(kept) != "planned") or _no_act_of_its_own(found.words):
        return None
    return found


def _kept(closing: str) -> str:
    """A clause without the words that report it (`…고 밝혔다`) or the comma behind it."""
    said = _SAID.search(closing)
    return closing[: said.start()] if said else closing.rstrip(" ,，")


def found_clauses(view: View, group: list[ArticleUnit]) -> Found:
    """Clauses of one sentence, one after another, as one measure."""
    first, last = group[0], group[-1]
    sentence = view.parent(first) or first
    closing = view.words(last)
    end = max(last.unit.end - (len(closing) - len(_kept(closing))), first.unit.start + 1)
    offset = sentence.unit.start
    whole = len(group) == 1 and end == last.unit.end
    at = Ref(u=first.id) if whole else view.ref(sentence, first.unit.start - offset, end - offset)
    return Found(unit=sentence, at=at, words=view.text[first.unit.start : end], pillar=_pillar(view, sentence))


def _no_act_of_its_own(words: str) -> bool:
    """Goals set, wanted values, what the plan itself is, what came about before: no measure."""
    return bool(_SUBSCRIBE.search(words) or _META.search(words) or _STOCK.search(words)) or _only_values(words)
