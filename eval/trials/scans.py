"""Scans of documents that are here as PDF: how much of what the PDF gives, its pages as pictures still give.

    python -m eval.trials.scans [--dots 200]     prints a table; needs Tesseract, and minutes

A picture's words are rarely all right, so a measure counts if it is nearly that of the PDF; a target if its number
phrase is. What is read of a target is its words alone: values from pictures are left out.
"""

from __future__ import annotations

import difflib
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from eval.trials.formats import FILES, squeezed, texts
from pipeline.read import Ocr, check_ocr, document_of, picture_of, read
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.document import Document
from schemas.records import Policy

NEAR = 0.85
"""Likeness (share of signs in common, in order) from which two wordings are nearly the same."""


def scanned(path: Path, dots: int = 200) -> bytes:
    """The pages of the PDF at `path` as grey pictures of so many dots an inch, in a PDF that holds nothing else."""
    raw, pages = path.read_bytes(), len(read(path).pages)
    pngs = (picture_of(raw, path.name, page, dots) for page in range(1, pages + 1))
    pictures = [Image.open(io.BytesIO(png)).convert("L") for png in pngs]
    made = io.BytesIO()
    pictures[0].save(made, "PDF", save_all=True, append_images=pictures[1:], resolution=dots)
    return made.getvalue()


def survive(path: Path, dots: int = 200) -> str:
    """A row of the table: what of a PDF's records comes out of its scan."""
    raw = scanned(path, dots)
    plain, seen = read(path), document_of(raw, path.name, Ocr())
    known, found = _policies(plain), _policies(seen)
    sure = [page.confidence for page in seen.ocr if page.confidence is not None]
    cells = [
        path.stem[:3] if path.stem[:3].isdigit() else path.stem,
        str(len(seen.ocr)),
        f"{sum(sure) / max(1, len(sure)):.2f}",
        f"{min(len(found), len(known))} of {len(known)}",
        _share(_measures(known), _measures(found)),
        _share(_targets(known), _targets(found)),
    ]
    return f"| {' | '.join(cells)} |"


def _policies(document: Document) -> tuple[Policy, ...]:
    return extract_document(document, Settings()).policies


def _measures(policies: Sequence[Policy]) -> list[str]:
    return [squeezed(m.text.text) for p in policies for m in p.measures]


def _targets(policies: Sequence[Policy]) -> list[str]:
    return [squeezed(t.raw.text) for p in policies for t in p.targets]


def _share(known: Sequence[str], found: Sequence[str]) -> str:
    rest, near = list(found), 0
    for words in known:
        like, best = max(((_like(words, other), other) for other in rest), default=(0.0, ""))
        if like >= NEAR:
            near += 1
            rest.remove(best)
    return f"{near} of {len(known)} (+{len(rest)})"


def _like(one: str, other: str) -> float:
    if min(len(one), len(other)) < 0.7 * max(len(one), len(other)):
        return 0.0
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def main() -> None:
    """Prints the table."""
    check_ocr()
    dots = int(sys.argv[sys.argv.index("--dots") + 1]) if "--dots" in sys.argv else 200
    sys.stdout.write("| document | pages | confidence | policies | measures, nearly | number phrases, nearly |\n")
    sys.stdout.write("|---|--:|--:|--:|--:|--:|\n")
    for text in texts():
        sys.stdout.write(survive(FILES / f"{text.stem}.pdf", dots) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
