"""Measures as answers (guidelines 11-19): where a chosen unit or clause stands, its label, its pillar, who carries it out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.draft.grammar.fields import fields_of, groups_of
from pipeline.draft.grammar.goal_tables import head_words
from pipeline.draft.grammar.rules import Rule
from pipeline.draft.grammar.saying import action_status
from pipeline.draft.grammar.view import Phrase, View
from schemas.answer import MeasureA, Ref
from schemas.document import ArticleUnit
from schemas.vocabulary import Instrument, UnitKind

_SECOND_LABEL = re.compile(r"\s*+(?:,\s*+)?[（(]\s*+([^()（）]{1,30}?)\s*+[)）]")
_DEFINING_HEAD = re.compile(
    r"^(?P<head>.{2,70}?(?:하는|한|된|되는|주는|위한)\s(?:핵심\s?)?(?:부품|제품|장치|기술|시스템|정책)으로)\s+(?=\S)"
)
_DUTY = re.compile(r"责任|牵头|负责|配合|소관|주관|담당")
_NEAR = 60
"""The bracket with the responsible bodies stands so many units behind an item at most."""
_DUTY_HEAD = re.compile(
    r"\s*(?:责任(?:单位|部门|主体)|牵头(?:单位|部门)|配合单位|主管部门|소관|담당|주관)(?:부처|부서|기관)?\s*[:：]?\s*"
)
_DUTY_TAIL = re.compile(r"(?:按(?:照)?职责分工|分别|共同)?(?:牵头负责|牵头|负责|配合|参加|参与|소관|주관|담당)+$|等$")
_DUTY_COLUMN = Rule("heads a column of who is responsible", ko="소관 담당 주관 부처 책임", zh="责任 牵头 主管",
        en=r"\blead\b responsible owner", finds="소관부처 / 牵头单位 / Lead / Responsible", spares="일정 / 비고 / Timeline")  # fmt: skip
_NAMED = re.compile(r"[^\W_][^、，,；;/·\n]{0,38}[^、，,；;/·\n\s]")
_SAID = re.compile(r"(?<=[다라자])고\s?(?:밝혔|밝힘|말했|발표했|전했|강조했|설명했|덧붙였)[가-힣]*[.\s]*$")


@dataclass
class Found:
    """A measure before it is written as an answer: where it is and under what."""

    unit: ArticleUnit
    at: Ref
    span: tuple[int, int]
    """Where it starts and ends in the text."""
    words: str
    label: Ref | None = None
    pillar: ArticleUnit | None = None
    extra_labels: list[Ref] = field(default_factory=list)


def answer_of(view: View, item: Found, label: Ref | None, instrument: Instrument, bodies: Sequence[Phrase]) -> MeasureA:
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
        implementers=[*(view.ref(*b[:3]) for b in bodies), *_responsible(view, item)],
        action_status=action_status(item.words),
    )


def _responsible(view: View, item: Found) -> list[Ref]:
    """The bodies in a bracket behind the item (责任单位), and in the cell of its row that stands in their column."""
    duty = _duty_of(view, item.unit)
    found = [] if duty is None else [(duty, *span) for span in _bodies(view.words(duty))]
    row = view.row(item.unit)
    for cell in view.children[row.index] if row is not None else ():
        if cell is not item.unit and names_responsible(view, cell):
            found += [(cell, *part.span()) for part in _NAMED.finditer(view.words(cell))]
    return [view.ref(*place) for place in found[:8]]


def names_responsible(view: View, u: ArticleUnit) -> bool:
    """Whether a unit is a cell in a column of who is responsible."""
    return u.unit.kind is UnitKind.CELL and _DUTY_COLUMN.within(head_words(view, u))


def _duty_of(view: View, u: ArticleUnit) -> ArticleUnit | None:
    """The bracket with the responsible bodies behind the item, or behind the paragraph that its sentence stands in."""
    after = view.position(u) + 1
    for following in view.units[after : after + _NEAR]:
        if following.unit.kind is UnitKind.NOTE:
            bracketed = view.words(following)[:1] in "（("
            near = following.unit.parent in (u.unit.parent, u.unit.index) or not _apart(view, u, following)
            return following if bracketed and near else None
        if not view.is_part(following) and (following.unit.kind is not u.unit.kind or _apart(view, u, following)):
            return None
    return None


def _apart(view: View, u: ArticleUnit, other: ArticleUnit) -> bool:
    """Whether another paragraph lies between two units: under another heading, or after a line that ended one."""
    return u.unit.parent != other.unit.parent or view.breaks_between(u.unit.end, other.unit.start)


def _bodies(words: str) -> list[tuple[int, int]]:
    """The bodies that a bracket names (`（责任单位：省科技厅、省财政厅）`), known or not."""
    if not _DUTY.search(words):
        return []
    named = _DUTY_HEAD.match(words, 1)
    start = named.end() if named else 1
    end = len(words) - 1 if words[-1:] in "）)" else len(words)
    spans = []
    for part in re.finditer(r"[^、，,；;\s]+", words[start:end]):
        name = _DUTY_TAIL.sub("", part.group())
        if 2 <= len(name) <= 24 and not _DUTY_TAIL.fullmatch(part.group()):
            spans.append((start + part.start(), start + part.start() + len(name)))
    return spans


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
        span=(u.unit.start + start, u.unit.start + end),
        words=words[max(start, view.after_label(u)) : end].lstrip("*, "),
        label=labels[0] if labels else None,
        extra_labels=labels[1:],
        pillar=_pillar(view, u),
    )


_WHEN_OR_MUCH = re.compile(r"[\s~(約약]*['’‘]?\d")
"""A cell of a day or an amount, which names no row: `’27년부터`, `120억 원`."""


_BODY = re.compile(r"\s*(?:본\s?문|보도\s?내용|正\s?文|Body|Content)\s*", re.IGNORECASE)
"""A heading that a portal sets over all of a release."""


def _pillar(view: View, u: ArticleUnit) -> ArticleUnit | None:
    """The nearest heading above in text order: the row's name, a parent bullet, a numbered heading."""
    row = view.row(u)
    if row is not None:
        over = (view.by_index[h] for h in u.unit.header if h in view.by_index)
        named = [c for c in over if c.unit.role != "header"]
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
    above = (h for h in reversed(view.headings(u)) if h is not view.headline and h is not view.units[0])
    return next((h for h in above if h.unit.kind is UnitKind.HEADING and not _BODY.fullmatch(view.words(h))), None)


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
    start = first.unit.start
    return Found(sentence, at, (start, end), view.text[start:end], pillar=_pillar(view, sentence))
