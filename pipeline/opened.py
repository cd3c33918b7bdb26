"""A document opened: its units and articles, before anybody answers. Who reads results needs no more of the steps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.normalise import Composed, compose, find_issue_date, find_issue_year
from pipeline.normalise.instructions import addresses_a_machine
from pipeline.outline import outline
from pipeline.split import split
from schemas.document import Article, Document, Unit


@dataclass(frozen=True, repr=False)
class Opened:
    """A document ready to be asked about. Its own text may be decomposed Hangul; the steps see it composed."""

    document: Document
    composed: Composed | None
    shown: Document
    """The document as the steps see it."""
    units: tuple[Unit, ...]
    articles: tuple[Article, ...]
    hostile: bool = False
    """The text addresses a machine somewhere, or the file hides text: every record of the document says so."""


def units_and_articles(document: Document) -> tuple[tuple[Unit, ...], tuple[Article, ...]]:
    """The steps before any answer: units and articles."""
    units = outline(document)
    return units, split(document, units, *issued_on(document))


def issued_on(document: Document) -> tuple[dt.date | None, int | None]:
    """The day of issue that dates without a year are resolved against; where none is known, the year of the head."""
    issued = find_issue_date(document.text) or (document.portal.date if document.portal is not None else None)
    return issued, None if issued else find_issue_year(document.text)


def open_document(document: Document) -> Opened:
    """The steps before any answer; decomposed Hangul is composed for them."""
    composed = compose(document.text)
    shown = document if composed is None else document.model_copy(update={"text": composed.text})
    hostile = document.hidden or addresses_a_machine(shown.text)
    return Opened(document, composed, shown, *units_and_articles(shown), hostile)
