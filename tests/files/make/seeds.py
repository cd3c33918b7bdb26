"""Make DOCX, PDF, HTML, HWPX and HWP files from plain-text documents: one paragraph a line, no line lost.

Neighbouring lines with tabs become a real table, since neither HTML nor PDF knows a tab.

    python seeds.py FOLDER-OF-TXT OUT

Needs LibreOffice with a CJK font and `pip install python-hwpx` (which writes HWPX and HWP 5).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import fodt
from hwpx import HwpxDocument


def blocks(lines: list[str]) -> Iterator[str | list[list[str]]]:
    """The lines; neighbouring lines with tabs come together as the rows of a table, all of one length."""
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        if "\t" in line:
            rows.append(line.split("\t"))
            continue
        if rows:
            width = max(map(len, rows))
            yield [row + [""] * (width - len(row)) for row in rows]
            rows = []
        yield line


def main(source: Path, out: Path) -> None:
    """Every `.txt` in `source` in five formats into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        flat = []
        for path in sorted(source.glob("*.txt")):
            lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
            parts = list(blocks(lines))[:-1]
            body = (fodt.paragraph(fodt.text(p)) if isinstance(p, str) else fodt.table(p) for p in parts)
            flat.append(Path(folder) / f"{path.stem}.fodt")
            flat[-1].write_text(fodt.document(body), encoding="utf-8")
            hangul(parts, out / path.stem)
        for suffix in ("docx", "pdf", "html"):
            fodt.convert(flat, suffix, out)


def hangul(parts: list[str | list[list[str]]], target: Path) -> None:
    """The lines as HWPX and as HWP 5."""
    document = HwpxDocument.new()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part, inherit_style=False)
            continue
        table = document.add_table(len(part), len(part[0]))
        for r, row in enumerate(part):
            for c, value in enumerate(row):
                if value:
                    table.set_cell_text(r, c, value)
    for suffix in (".hwpx", ".hwp"):
        document.save_to_path(target.with_suffix(suffix))
        target.with_suffix(suffix).chmod(0o644)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
