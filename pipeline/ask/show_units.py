"""How an article is shown to a model: its units with ids, marks and text, one a line; a table row on one line."""

from __future__ import annotations

from schemas.document import Article, ArticleUnit
from schemas.vocabulary import UnitKind

_PARTS = (UnitKind.CLAUSE, UnitKind.ITEM)


def show_units(text: str, article: Article) -> str:
    """The article as text. Ids of parts stand inside their unit as ⟨5.1⟩."""
    parts: dict[int, list[ArticleUnit]] = {}
    for u in article.units:
        if u.unit.kind in _PARTS and u.unit.parent is not None:
            parts.setdefault(u.unit.parent, []).append(u)
    lines: list[str] = []
    row: int | None = None
    for u in article.units:
        if u.unit.kind in (*_PARTS, UnitKind.ROW):
            continue
        shown = f"[{u.id}] {_mark(u)}| {_words(text, u, parts.get(u.unit.index, []))}"
        in_row = u.unit.kind is UnitKind.CELL or bool(u.unit.header)
        if in_row and u.unit.parent == row and lines:
            lines[-1] += "  " + shown
        else:
            lines.append(shown)
        row = u.unit.parent if in_row else None
    return "\n".join(lines)


def _mark(u: ArticleUnit) -> str:
    kind = u.unit.kind
    indent = "  " * (u.unit.level - 1) if kind in (UnitKind.BULLET, UnitKind.NOTE) and u.unit.level > 1 else ""
    named = (
        kind.value + " "
        if kind in (UnitKind.HEADING, UnitKind.BOX, UnitKind.FURNITURE, UnitKind.LINK, UnitKind.CELL)
        else ""
    )
    header, marker = "header " if u.unit.role == "header" else "", u.unit.marker
    return f"{indent}{named}{header}{marker}{' ' if marker else ''}"


def _words(text: str, u: ArticleUnit, parts: list[ArticleUnit]) -> str:
    pieces, at = [], u.unit.start
    for part in parts:
        pieces += [text[at : part.unit.start], f"⟨{part.id}⟩"]
        at = part.unit.start
    pieces.append(text[at : u.unit.end])
    return " ".join("".join(pieces).split())
