"""The library's page as one file: everything in it, nothing fetched from elsewhere, and nothing else may run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.review.page import ELEMENTS, content_policy, embedded, script_of
from schemas.vocabulary import (
    Comparator,
    DocumentType,
    Flag,
    GovernmentLevel,
    Instrument,
    InstrumentCategory,
    Status,
    TechnologyField,
    Term,
)

PARTS = Path(__file__).with_name("page")
CHARTS = "chart.umd.min.js"
"""Chart.js as its package has it; version, licence and hash: docs/library.md."""
_LISTS: dict[str, type[Term]] = {
    "type": DocumentType,
    "status": Status,
    "level": GovernmentLevel,
    "instrument": Instrument,
    "category": InstrumentCategory,
    "field": TechnologyField,
    "comparator": Comparator,
    "flags": Flag,
}


def render(data: dict[str, Any], language: str | None) -> str:
    """The page with `data` in it. `language`: None leaves it to the browser."""
    environment = Environment(loader=FileSystemLoader(PARTS), autoescape=True, undefined=StrictUndefined)
    style, charts = ((PARTS / name).read_text(encoding="utf-8") for name in ("library.css", CHARTS))
    script = script_of(ELEMENTS, PARTS / "library.js")
    labels = {name: {str(t): {"ko": t.ko, "en": t.en} for t in terms} for name, terms in _LISTS.items()}
    told = embedded({**data, "labels": labels, "language": language})
    return environment.get_template("library.html.j2").render(
        policy=content_policy(style, charts, script, live=True),
        style=Markup(style),  # noqa: S704 - our own file
        charts=Markup(charts),  # noqa: S704 - a file of the package
        script=Markup(script),  # noqa: S704 - our own file
        data=Markup(told),  # noqa: S704 - escaped there
        language=language or "ko",
    )
