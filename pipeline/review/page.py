"""The page as one file: everything in it, nothing fetched, and a policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.language import check_language
from pipeline.normalise.private_signs import SHOWN
from pipeline.results import Results
from pipeline.review.view import document, documents, vocabulary
from pipeline.switch import put
from schemas.errors import UsageError

PARTS = Path(__file__).with_name("page")
SCRIPTS = ("words", "elements", "base", "source", "mark", "records", "editor", "decide", "keys", "start")
"""Parts of the page's script, each of which uses those before it."""
ELEMENTS = PARTS / "elements.js"
"""What other pages use too."""


def write_page(folder: Path, path: Path, names: Sequence[str] | None = None, language: str | None = None) -> int:
    """The results of `folder` as one HTML file to read and to mail; `names`: only these documents.

    Returns the number of documents shown. Raises `UsageError` where there is none, `InputError`, `OutputUnwritable`.
    """
    results = Results(folder)
    listed = [d for d in documents(results) if d["status"] == "ok" and (names is None or d["name"] in names)]
    if not listed:
        raise UsageError(f"{folder}: no document to show; `pams show {folder}` lists what there is")
    shown = {d["name"]: document(results, d["name"]) for d in listed}
    put(path, [render({"documents": listed, "shown": shown, "who": None}, language).encode()])
    return len(shown)


def render(data: dict[str, Any], language: str | None) -> str:
    """The page with `data` in it: documents, those shown, and who reviews (None: the page is for reading only)."""
    check_language(language)
    environment = Environment(loader=FileSystemLoader(PARTS), autoescape=True, undefined=StrictUndefined)
    style = (PARTS / "page.css").read_text(encoding="utf-8")
    script = script_of(*(PARTS / f"{name}.js" for name in SCRIPTS))
    signs = {chr(code): shown for code, shown in SHOWN.items()}
    told = embedded({**data, "vocabulary": vocabulary(), "language": language, "signs": signs})
    return environment.get_template("page.html.j2").render(
        policy=content_policy(style, script, live=data["who"] is not None),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        data=Markup(told),  # noqa: S704 - escaped below
        language=language or "ko",
    )


def script_of(*paths: Path) -> str:
    """The parts of a page's script as one, with names of their own."""
    parts = "".join(path.read_text(encoding="utf-8") for path in paths)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def content_policy(style: str, *scripts: str, live: bool) -> str:
    """What the page may do: run its own scripts and style, known by their hashes; if it is live, ask its own service
    and show the pictures that came from there.
    """
    own, pictures = (" 'self'", " blob:") if live else (" 'none'", " 'none'")
    return (
        f"default-src 'none'; script-src {' '.join(map(_hash, scripts))}; style-src {_hash(style)}; connect-src{own}; "
        f"img-src{pictures}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def embedded(data: dict[str, Any]) -> str:
    """JSON inside a script element: no `<`, so that no text of a document can end the element."""
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
