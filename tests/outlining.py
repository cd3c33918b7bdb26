"""The units of a small text, and the view of it, as tests look at them."""

from __future__ import annotations

from pipeline.draft.grammar.view import View
from pipeline.opened import units_and_articles
from pipeline.outline import outline
from pipeline.read import from_text
from schemas.document import Document, Unit


def units(text: str) -> tuple[Unit, ...]:
    return outline(Document(name="t", text=text, sha256="", encoding="utf-8"))


def view_of(text: str) -> View:
    """The one article of a text, as the draft's rules look at it."""
    document = from_text(text, "a.txt")
    _, [article] = units_and_articles(document)
    return View(document.text, article)


def shown(text: str) -> list[tuple[str, str]]:
    """Kind and text of every unit."""
    return [(u.kind.value, text[u.start : u.end]) for u in units(text)]


def words(text: str, kind: str) -> list[str]:
    return [w for k, w in shown(text) if k == kind]


def unit_of(text: str, start: str) -> Unit:
    """The first unit that is not a row and whose text starts like this."""
    return next(u for u in units(text) if text[u.start :].startswith(start) and u.kind.value != "row")


def above(text: str, start: str) -> list[str]:
    """The heading path of a unit, and its parents."""
    found = unit_of(text, start)
    return [text[units(text)[i].start : units(text)[i].end] for i in found.headings]


def parent(text: str, start: str) -> str:
    found = unit_of(text, start).parent
    return "" if found is None else text[units(text)[found].start : units(text)[found].end]
