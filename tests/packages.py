"""Small files of every format, made by hand: HWPX, HWPML, DOCX, ODT with just what a test is about."""

from __future__ import annotations

import io
import zipfile

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OWPML = 'xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph"'


def package(parts: dict[str, str]) -> bytes:
    """A zip of these parts, stored in this order."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def hwpx(*paragraphs: str, head: str = "") -> bytes:
    """A HWPX file of these paragraphs (`p`)."""
    section = f"<hs:sec xmlns:hs='s' {_OWPML}>{''.join(paragraphs)}</hs:sec>"
    return package(
        {
            "mimetype": "application/hwp+zip",
            "Contents/header.xml": f"<head>{head}</head>",
            "Contents/section0.xml": section,
        }
    )


def p(*runs: str) -> str:
    """A paragraph of runs; words alone are a run with a `t`."""
    inside = (r if r.startswith("<") else f"<hp:t>{r}</hp:t>" for r in runs)
    return f"<hp:p>{''.join(f'<hp:run>{r}</hp:run>' for r in inside)}</hp:p>"


def sublist(*paragraphs: str) -> str:
    """Paragraphs inside something."""
    return f"<hp:subList>{''.join(q if q.startswith('<') else p(q) for q in paragraphs)}</hp:subList>"


def table(rows: list[list[str]], caption: str = "", side: str = "TOP") -> str:
    """A table of HWPX; cells are words or paragraphs."""
    cells = [
        "".join(
            f'<hp:tc><hp:cellAddr rowAddr="{r}" colAddr="{c}"/>{sublist(cell)}</hp:tc>' for c, cell in enumerate(row)
        )
        for r, row in enumerate(rows)
    ]
    titled = f'<hp:caption side="{side}">{sublist(caption)}</hp:caption>' if caption else ""
    return f'<hp:tbl colCnt="{len(rows[0])}">{titled}{"".join(f"<hp:tr>{row}</hp:tr>" for row in cells)}</hp:tbl>'


def docx(body: str, *, main: str = "word/document.xml", namespace: str = WORD, **parts: str) -> bytes:
    """A Word document whose main part has this name; `parts` are related to it by their names' kind."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    folder, name = main.rsplit("/", 1)
    related = "".join(f'<Relationship Type="{office}/{kind}" Target="{kind}1.xml"/>' for kind in parts)
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships><Relationship Type="{office}/officeDocument" Target="/{main}"/></Relationships>',
            main: f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>',
            f"{folder}/_rels/{name}.rels": f"<Relationships>{related}</Relationships>",
            **{f"{folder}/{kind}1.xml": f'<w:x xmlns:w="{namespace}">{inside}</w:x>' for kind, inside in parts.items()},
        }
    )


def wp(text: str) -> str:
    """A paragraph of Word."""
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def wtable(rows: list[list[str]]) -> str:
    """A table of Word; cells are words or elements."""
    cells = ("".join(f"<w:tc>{c if c.startswith('<') else wp(c)}</w:tc>" for c in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def odt(body: str, styles: str = "") -> bytes:
    """An OpenDocument text."""
    return odf("text", body, styles)


def odf(kind: str, body: str, styles: str = "") -> bytes:
    """An OpenDocument of a kind: `text`, `spreadsheet`, `presentation`."""
    names = " ".join(f'xmlns:{n}="urn:{n}"' for n in ("office", "text", "table", "style", "draw", "presentation"))
    content = f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    return package({"mimetype": "application/vnd.oasis.opendocument." + kind, "content.xml": content})
