"""A small writer of flat OpenDocument text, which LibreOffice turns into DOCX, PDF and HTML.

Only what the test files need: paragraphs with runs, headings, typed and automatic lists, a table with merged
cells, footnotes, links, a header and footer with page numbers, page breaks, a part in two columns.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

FONT = "Noto Serif CJK KR"
"""A font with Hangul, Han and Latin. LibreOffice embeds into a PDF only the glyphs that are used."""

AUTOSPACE = "none"
"""`ideograph-alpha` is what word processors do by default: a gap between Hangul and digits, which PDF readers take
for a space (`2028 년`). Off here, so that the text of a PDF can be compared with its source."""

_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="F" svg:font-family="'{FONT}'"/></office:font-face-decls>
<office:styles>
<style:default-style style:family="paragraph"><style:paragraph-properties style:tab-stop-distance="1.25cm" style:text-autospace="{AUTOSPACE}"/>
<style:text-properties style:font-name="F" style:font-name-asian="F" style:font-name-complex="F" fo:font-size="10pt"
 style:font-size-asian="10pt" fo:language="ko" fo:country="KR" style:language-asian="ko" style:country-asian="KR"/></style:default-style>
<style:style style:name="Standard" style:family="paragraph" style:class="text"/>
<style:style style:name="Title" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:text-align="center"/>
<style:text-properties fo:font-size="18pt" style:font-size-asian="18pt" fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:parent-style-name="Standard" style:default-outline-level="1">
<style:text-properties fo:font-size="15pt" style:font-size-asian="15pt" fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph" style:parent-style-name="Standard" style:default-outline-level="2">
<style:text-properties fo:font-size="12pt" style:font-size-asian="12pt" fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
<style:style style:name="Header" style:family="paragraph" style:parent-style-name="Standard"/>
<style:style style:name="Footer" style:family="paragraph" style:parent-style-name="Standard"/>
<style:style style:name="Footnote" style:family="paragraph" style:parent-style-name="Standard"/>
<text:notes-configuration text:note-class="footnote" style:num-format="1"/>
</office:styles>
<office:automatic-styles>
<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/>
<style:header-style><style:header-footer-properties fo:min-height="0.8cm"/></style:header-style>
<style:footer-style><style:header-footer-properties fo:min-height="0.8cm"/></style:footer-style></style:page-layout>
<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
<style:style style:name="U" style:family="text"><style:text-properties style:text-underline-style="solid" style:text-underline-width="auto"/></style:style>
<style:style style:name="Break" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:break-before="page"/></style:style>
<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="0.1cm"/></style:style>
<style:style style:name="Two" style:family="section"><style:section-properties text:dont-balance-text-columns="false">
<style:columns fo:column-count="2" fo:column-gap="0.8cm"/></style:section-properties></style:style>
{"".join(f'<style:style style:name="In{n}" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:margin-left="{n * 0.6}cm"/></style:style>' for n in (1, 2, 3))}
<text:list-style style:name="number"><text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1">
<style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.6cm" fo:margin-left="1.2cm"/></style:list-level-properties></text:list-level-style-number></text:list-style>
<text:list-style style:name="bullet"><text:list-level-style-bullet text:level="1" text:bullet-char="•">
<style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.6cm" fo:margin-left="1.2cm"/></style:list-level-properties></text:list-level-style-bullet></text:list-style>
</office:automatic-styles>
"""


def text(value: str) -> str:
    """A string as ODF text: runs of spaces, tabs and line breaks become elements, so that none is lost."""
    value = "".join(c for c in value if c in "\t\n" or ord(c) >= 32)
    value = escape(value).replace("\t", "<text:tab/>").replace("\n", "<text:line-break/>")
    spaces = re.sub(r"(?<= ) +", lambda m: f'<text:s text:c="{len(m[0])}"/>', value)
    return re.sub(r"^ ", '<text:s text:c="1"/>', spaces)


def paragraph(content: str, style: str = "Standard") -> str:
    """A paragraph whose content is ODF already."""
    return f'<text:p text:style-name="{style}">{content}</text:p>'


def link(shown: str, url: str) -> str:
    """A hyperlink."""
    return f'<text:a xlink:type="simple" xlink:href={quoteattr(url)}>{text(shown)}</text:a>'


def footnote(number: int, note: str) -> str:
    """A footnote, anchored where this string stands."""
    return (
        f'<text:note text:id="n{number}" text:note-class="footnote"><text:note-citation>{number}</text:note-citation>'
        f"<text:note-body>{paragraph(text(note), 'Footnote')}</text:note-body></text:note>"
    )


def table(rows: list[list[str]], spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> str:
    """A table with borders. `spans` gives (rows, columns) of the cells that are there; None: no cell is merged."""
    out = ""
    for r, row in enumerate(rows):
        cells = ""
        for c, value in enumerate(row):
            down, across = (1, 1) if spans is None else spans.get((r, c), (0, 0))
            cells += (
                f'<table:table-cell table:style-name="Cell" table:number-rows-spanned="{down}" '
                f'table:number-columns-spanned="{across}">{paragraph(text(value))}</table:table-cell>'
                if down
                else "<table:covered-table-cell/>"
            )
        out += f"<table:table-row>{cells}</table:table-row>"
    return f'<table:table><table:table-column table:number-columns-repeated="{len(rows[0])}"/>{out}</table:table>'


def document(body: Iterable[str], header: str = "", footer: str = "") -> str:
    """The whole file. `footer` may hold `{page}`, which becomes the page number."""
    page = '<text:page-number text:select-page="current">1</text:page-number>'
    parts = ""
    if header:
        parts += f"<style:header>{paragraph(text(header), 'Header')}</style:header>"
    if footer:
        parts += f"<style:footer>{paragraph(text(footer).replace('{page}', page), 'Footer')}</style:footer>"
    master = (
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4">'
        f"{parts}</style:master-page></office:master-styles>"
    )
    return f"{_HEAD}{master}<office:body><office:text>{''.join(body)}</office:text></office:body></office:document>"


def convert(sources: Iterable[Path], suffix: str, out: Path) -> None:
    """Let LibreOffice (`soffice` on the path) turn flat ODT files into `suffix` files in `out`."""
    filters = {
        "docx": "docx:MS Word 2007 XML",
        "pdf": "pdf:writer_pdf_Export",
        "html": "html:HTML (StarWriter):EmbedImages",
    }
    with tempfile.TemporaryDirectory() as profile:  # a profile of its own: no clash with a running LibreOffice
        subprocess.run(
            [
                shutil.which("soffice") or "soffice",
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                "--convert-to",
                filters[suffix],
                "--outdir",
                str(out),
                *map(str, sources),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=300,
        )
