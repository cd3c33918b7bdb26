"""Make the specimen of `content.py` in TXT, MD, HTML, DOCX, PDF, HWPX and HWP.

    python specimen.py OUT

Needs LibreOffice with a CJK font and `pip install python-hwpx`. Typed marks (□ ○ -) are text, as in Korean practice;
one list is numbered and one bulleted by the word processor, so that a reader has to find these marks itself.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

import content
import fodt
from hwpx import HwpxDocument

_PIECE = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|__(?P<under>.+?)__|\[(?P<shown>[^\]]+)\]\((?P<url>[^)]+)\)|\^\[(?P<note>[^\]]+)\]"
)
_ROWS: list[list[str]] = content.TABLE["rows"]
_CAPTION: str = content.TABLE["caption"]


def pieces(value: str) -> Iterator[tuple[str, str, str]]:
    """(kind, text, address) of the runs of a text; kinds: text, bold, under, link, note."""
    at = 0
    for match in _PIECE.finditer(value):
        if match.start() > at:
            yield "text", value[at : match.start()], ""
        for kind in ("bold", "under", "note"):
            if match[kind]:
                yield kind, match[kind], ""
        if match["url"]:
            yield "link", match["shown"], match["url"]
        at = match.end()
    if at < len(value):
        yield "text", value[at:], ""


def covered() -> dict[tuple[int, int], tuple[int, int]]:
    """The table's cells with their spans (rows, columns); cells under a merged one are left out."""
    cells = {(r, c): (1, 1) for r, row in enumerate(_ROWS) for c in range(len(row))}
    for top, left, bottom, right in content.TABLE["merged"]:
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                cells.pop((r, c))
        cells[top, left] = (bottom - top + 1, right - left + 1)
    return dict(sorted(cells.items()))


def lines(markdown: bool) -> Iterator[str]:
    """The lines of the TXT (marks typed out, table with tabs) or of the MD file."""
    notes: list[str] = []

    def flat(value: str) -> str:
        out = ""
        for kind, shown, url in pieces(value):
            if kind == "note":
                notes.append(shown)
                out += f"[^{len(notes)}]" if markdown else f"{len(notes)})"
            elif markdown and kind in ("bold", "under"):
                out += f"**{shown}**"
            elif kind == "link":
                out += f"[{shown}]({url})" if markdown else f"{shown}({url})"
            else:
                out += shown
        return out

    for kind, *rest in content.BLOCKS:
        if kind in ("title", "h1", "h2"):
            level = {"title": 1, "h1": 2, "h2": 3}[kind]
            yield f"{'#' * level + ' ' if markdown else ''}{flat(rest[0])}"
            yield ""
        elif kind == "p":
            yield flat(rest[0])
            yield ""
        elif kind == "item":
            level, mark, value = rest
            yield f"{'  ' * (level - 1) if markdown else ' ' * level}{'- ' if markdown and mark != '-' else ''}{mark} {flat(value)}"
        elif kind in ("number", "bullet"):
            for i, value in enumerate(rest[0], 1):
                yield f"{f'{i}.' if kind == 'number' else '-' if markdown else '•'} {value}"
            yield ""
        elif kind == "columns":
            for value in rest[0]:
                yield value
                yield ""
        elif kind == "table":
            yield _CAPTION
            if markdown:
                yield ""
            for r, row in enumerate(_ROWS):
                yield f"| {' | '.join(row)} |" if markdown else "\t".join(row)
                if markdown and r == 0:
                    yield "|" + " --- |" * len(row)
            yield ""
    for i, note in enumerate(notes, 1):
        yield f"[^{i}]: {note}" if markdown else f"{i}) {note}"


def html() -> str:
    """A web page with the usual surroundings (navigation, footer), real lists and a table with spans."""
    notes: list[str] = []

    def rich(value: str) -> str:
        out = ""
        for kind, shown, url in pieces(value):
            if kind == "note":
                notes.append(shown)
                out += f'<sup><a href="#n{len(notes)}">{len(notes)}</a></sup>'
            elif kind == "link":
                out += f'<a href="{escape(url)}">{escape(shown)}</a>'
            else:
                tag = {"bold": "strong", "under": "u"}.get(kind)
                out += f"<{tag}>{escape(shown)}</{tag}>" if tag else escape(shown)
        return out

    body: list[str] = []
    for kind, *rest in content.BLOCKS:
        if kind in ("title", "h1", "h2"):
            tag = {"title": "h1", "h1": "h2", "h2": "h3"}[kind]
            body.append(f"<{tag}>{rich(rest[0])}</{tag}>")
        elif kind == "p":
            body.append(f"<p>{rich(rest[0])}</p>")
        elif kind == "item":
            body.append(f'<p class="level{rest[0]}">{rest[1]} {rich(rest[2])}</p>')
        elif kind in ("number", "bullet"):
            tag = "ol" if kind == "number" else "ul"
            body.append(f"<{tag}>" + "".join(f"<li>{rich(v)}</li>" for v in rest[0]) + f"</{tag}>")
        elif kind == "columns":
            body.append('<div class="columns">' + "".join(f"<p>{rich(v)}</p>" for v in rest[0]) + "</div>")
        elif kind == "pagebreak":
            body.append('<div style="page-break-after: always"></div>')
        elif kind == "table":
            rows = ["" for _ in _ROWS]
            for (r, c), (down, across) in covered().items():
                span = (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")
                tag = "th" if r < 2 else "td"
                rows[r] += f"<{tag}{span}>{escape(_ROWS[r][c])}</{tag}>"
            body.append(
                f"<table><caption>{escape(_CAPTION)}</caption>\n"
                + "\n".join(f"<tr>{r}</tr>" for r in rows)
                + "\n</table>"
            )
    body += [f'<p id="n{i}" class="footnote">{i}) {escape(note)}</p>' for i, note in enumerate(notes, 1)]
    return f"""<!DOCTYPE html>
<html lang="ko"><head><meta charset="utf-8"><title>{escape(content.TITLE)} - 가온시청</title>
<style>.level2 {{ margin-left: 1em }} .level3 {{ margin-left: 2em }} .columns {{ columns: 2 }}</style></head>
<body>
<header><nav><ul><li><a href="/">처음으로</a></li><li><a href="/news">새소식</a></li><li><a href="/map">찾아오는 길</a></li></ul></nav></header>
<main><article>
{chr(10).join(body)}
</article></main>
<footer><p>가온시청 (00000) 가온시 중앙로 1 / 대표전화 000-000-0000</p></footer>
</body></html>
"""


def flat_odt() -> str:
    """The specimen as flat ODT, from which DOCX and PDF are made."""
    count = 0

    def rich(value: str) -> str:
        nonlocal count
        out = ""
        for kind, shown, url in pieces(value):
            if kind == "note":
                count += 1
                out += fodt.footnote(count, shown)
            elif kind == "link":
                out += fodt.link(shown, url)
            elif kind in ("bold", "under"):
                out += f'<text:span text:style-name="{kind[0].upper()}">{fodt.text(shown)}</text:span>'
            else:
                out += fodt.text(shown)
        return out

    body: list[str] = []
    broken = False
    for kind, *rest in content.BLOCKS:
        if kind == "title":
            body.append(fodt.paragraph(rich(rest[0]), "Title"))
        elif kind in ("h1", "h2"):
            level = kind[1]
            body.append(
                f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{rich(rest[0])}</text:h>'
            )
        elif kind == "p":
            body.append(fodt.paragraph(rich(rest[0])))
        elif kind == "pagebreak":
            broken = True
        elif kind == "item":
            style, broken = "Break" if broken else f"In{rest[0]}", False
            body.append(fodt.paragraph(f"{rest[1]} {rich(rest[2])}", style))
        elif kind in ("number", "bullet"):
            items = "".join(f"<text:list-item>{fodt.paragraph(rich(v))}</text:list-item>" for v in rest[0])
            body.append(f'<text:list text:style-name="{kind}">{items}</text:list>')
        elif kind == "columns":
            paragraphs = "".join(fodt.paragraph(rich(v)) for v in rest[0])
            body.append(f'<text:section text:style-name="Two" text:name="two">{paragraphs}</text:section>')
        elif kind == "table":
            body += [fodt.paragraph(fodt.text(_CAPTION)), fodt.table(_ROWS, covered())]
    return fodt.document(body, content.HEADER, content.FOOTER)


def hangul() -> HwpxDocument:
    """The specimen as a document of the Hangul word processor, to be saved as HWPX or HWP 5."""
    document = HwpxDocument.new()
    document.page.set_header(text=content.HEADER)
    before, after = content.FOOTER.split("{page}")
    document.page.set_page_number(target="footer", prefix=before, suffix=after)
    plain = document.add_paragraph("", inherit_style=False)

    def fill(paragraph, value: str) -> None:
        for kind, shown, url in pieces(value):
            if kind == "note":
                document.notes.add_footnote(shown, paragraph)
            elif kind == "link":
                document.refs.add_hyperlink(url, shown, paragraph=paragraph)
            else:
                paragraph.add_run(shown, bold=kind == "bold", underline=kind == "under")

    def paragraph(value: str, **attributes: str):
        made = document.add_paragraph("", include_run=False, inherit_style=False, **attributes)
        fill(made, value)
        return made

    plain.add_run(content.TITLE, bold=True, size=18)
    broken = False
    for kind, *rest in content.BLOCKS[1:]:
        if kind in ("h1", "h2"):
            document.add_heading(rest[0], int(kind[1]))
        elif kind == "p":
            paragraph(rest[0])
        elif kind == "pagebreak":
            broken = True
        elif kind == "item":
            paragraph(f"{' ' * rest[0]}{rest[1]} {rest[2]}", pageBreak="1" if broken else "0")
            broken = False
        elif kind in ("number", "bullet"):
            at = len(document.paragraphs)
            for value in rest[0]:
                paragraph(value)
            indexes = list(range(at, len(document.paragraphs)))
            document.styles.apply_list_format(
                paragraph_indexes=indexes, kind=kind, **({"bullet_char": "●"} if kind == "bullet" else {})
            )
        elif kind == "columns":
            for value in rest[0]:
                paragraph(value)
        elif kind == "table":
            paragraph(_CAPTION)
            table = document.add_table(len(_ROWS), len(_ROWS[0]))
            for r, row in enumerate(_ROWS):
                for c, value in enumerate(row):
                    if value:
                        table.set_cell_text(r, c, value)
            for box in content.TABLE["merged"]:
                table.merge_cells(*box)
    return document


def main(out: Path) -> None:
    """All formats into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "specimen.txt").write_text("\n".join(lines(markdown=False)) + "\n", encoding="utf-8")
    (out / "specimen.md").write_text("\n".join(lines(markdown=True)) + "\n", encoding="utf-8")
    (out / "specimen.html").write_text(html(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        flat = Path(folder) / "specimen.fodt"
        flat.write_text(flat_odt(), encoding="utf-8")
        for suffix in ("docx", "pdf"):
            fodt.convert([flat], suffix, out)
    document = hangul()
    for suffix in ("hwpx", "hwp"):
        document.save_to_path(out / f"specimen.{suffix}")
        (out / f"specimen.{suffix}").chmod(0o644)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
