"""References: the list of sources, and other titled policies that the text names."""

from __future__ import annotations

import re

from pipeline.draft.grammar.titles import document_type, find_quoted, letters_of, title_letters
from pipeline.draft.grammar.view import Lead, View
from schemas.answer import Ref, ReferenceA
from schemas.document import ArticleUnit
from schemas.vocabulary import ReferenceKind, UnitKind

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'）)]+")
_GOVERNMENT = re.compile(r"\.gov\b|\.go\.kr|\.go\.jp|europa\.eu|\.gouv\.|\.gc\.ca|\.mil\b|\.admin\.ch|\.bund\.de")
_ORIGINAL = re.compile(r"[《「『](?P<title>[^《》「」『』]{4,120})[》」』]")
_ABOUT = re.compile(r"(?:关于)?印发(?P<title>[^《》]{4,80}?)的通知|(?P<bare>(?s:.+))")


def find_references(view: View, lead: Lead) -> tuple[list[ReferenceA], Ref | None]:
    """The references in text order, and the policy's title in its original language where the sources show it."""
    references: list[ReferenceA] = []
    source: ArticleUnit | None = None
    for title, url, address in _listed(view):
        words, end = view.words(title), title_end(view, title)
        named = document_type(words[:end]) is not None or _ORIGINAL.search(words) is not None
        if source is None and lead.title is not None and named and _GOVERNMENT.search(address or "") is not None:
            source = title
        kind = ReferenceKind.SOURCE if title is source else ReferenceKind.BACKGROUND
        references.append(ReferenceA(title=view.ref(title, 0, end), url=url, kind=kind))
    return _related(view, lead) + references, _original(view, source) if source is not None else None


def title_end(view: View, u: ArticleUnit) -> int:
    """Where the title ends within its unit, before markup or an address on the same line."""
    words = view.words(u)
    cut = re.search(r"\s*(?:<a\s|<https?|https?://)", words)
    return cut.start() if cut and cut.start() else len(words)


def _listed(view: View) -> list[tuple[ArticleUnit, Ref | None, str | None]]:
    """Entries of the list of sources: a title with the address behind or below it."""
    entries: list[tuple[ArticleUnit, Ref | None, str | None]] = []
    for u in view.units:
        if not view.in_references(u) or view.is_reference_heading(u) or view.is_part(u):
            continue
        words = view.words(u)
        address = _URL.search(words)
        if u.unit.kind is UnitKind.LINK and address and address.start() < 4:
            if entries and entries[-1][1] is None and entries[-1][0].unit.end <= u.unit.start:
                entries[-1] = (entries[-1][0], view.ref(u, *address.span()), address.group())
        elif u.unit.kind is UnitKind.LINK and not any(view.is_reference_heading(h) for h in view.headings(u)):
            continue
        elif address:
            entries.append((u, view.ref(u, *address.span()), address.group()))
        elif len(words) > 5:
            entries.append((u, None, None))
    return entries


def _original(view: View, u: ArticleUnit) -> Ref | None:
    """The original title: inside 《》, or what is 印发-ed, or the whole line where it is Chinese."""
    words = view.words(u)[: title_end(view, u)]
    chinese = re.search(r"[\u4e00-\u9fff]{4}", words) is not None
    match = (_ORIGINAL.search(words) or _ABOUT.fullmatch(words)) if chinese else None
    return view.ref(u, *match.span(match.lastgroup or 0)) if match is not None else None


def _related(view: View, lead: Lead) -> list[ReferenceA]:
    """Other titled policies in the body, each once; the reported policy's own title is none."""
    own_words = title_letters(view, lead)
    seen: set[str] = {own_words}
    related = []
    for u in view.units:
        if not view.is_body(u) or view.is_part(u) or u.unit.kind is UnitKind.HEADING:
            continue
        words = view.words(u)
        for quoted in find_quoted(words):
            title = words[quoted.start : quoted.end]
            key = letters_of(title)
            same = key in seen or (own_words and (key in own_words or own_words in key))
            if same or len(title) < 6 or document_type(title) is None:
                continue
            seen.add(key)
            related.append(ReferenceA(title=view.ref(u, quoted.start, quoted.end), kind=ReferenceKind.RELATED_POLICY))
    return related
