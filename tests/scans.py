"""Scans for tests: pages of a PDF as pictures, in a PDF that holds nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2


def scanned(path: Path, dots: int = 200) -> bytes:
    """The pages of the PDF at `path` as grey pictures of so many dots an inch."""
    document = pypdfium2.PdfDocument(path)
    pictures = [page.render(scale=dots / 72, grayscale=True).to_pil().convert("L") for page in document]
    made = io.BytesIO()
    pictures[0].save(made, "PDF", save_all=True, append_images=pictures[1:], resolution=dots)
    return made.getvalue()
