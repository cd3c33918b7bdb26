"""PDFs as office programs print them, by Chromium (Debian's `chromium`, `fonts-noto-cjk`): `python printed.py`.

open-sides.pdf  tables without their outermost verticals, as Hancom prints those of Korean ministries
ministry.pdf    a plan's table of tasks in this manner, whose rows two page ends cut; the rows are in `ministry.json`
pages.pdf       four pages that begin with items alike but for numbers, and a table whose last row has a page alone
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

FILES = Path(__file__).resolve().parent.parent
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--no-first-run", "--no-pdf-header-footer")  # fmt: skip

STYLE = """<meta charset="utf-8"><style>body{font-family:'Noto Serif CJK KR'} table{border-collapse:collapse}
td,th{border:1px solid #000} .open td:first-child,.open th:first-child{border-left:none}
.open td:last-child,.open th:last-child{border-right:none} .grey th{background:#ddd}
.page{break-after:page} .row{break-inside:avoid}</style>"""


def table(names: str, rows: list[list[str]], head: str = "th") -> str:
    """A table of this class (or these)."""
    cells = [f"<{head}>" + f"</{head}><{head}>".join(rows[0]) + f"</{head}>"]
    cells += ["<td>" + "</td><td>".join(row) + "</td>" for row in rows[1:]]
    body = "".join(f"<tr class=row>{row}</tr>" for row in cells[1:])
    return f"<table class='{names}'><thead><tr>{cells[0]}</tr></thead><tbody>{body}</tbody></table>"


ROADS = [
    ["구분", "기한", "내용"],
    ["보도 정비", "2027", "낡은 보도 14km 정비"],
    ["신호등", "2028", "음향 신호기 60대 설치"],
]
MERGED = """<table class=open><tr><th>분야</th><th>과제</th><th>기한</th></tr>
<tr><td rowspan=2>도로</td><td>보도 14km 정비</td><td>2027</td></tr><tr><td>음향 신호기 60대 설치</td><td>2028</td></tr></table>"""

OPEN_SIDES = (
    "<h1>한결시 보행환경 개선 계획</h1><p>2026. 5. 7.</p><p>□ 추진 과제</p>"
    + table("open grey", ROADS)
    + "<p>□ 머리행에 바탕색이 없는 표</p>"
    + table("open", ROADS, "td")
    + "<p>□ 칸을 합친 표</p>"
    + MERGED
    + "<p>□ 줄만 그은 곳</p><hr><p>구분선 사이의 문단</p><hr>"
)

SITES = "".join(
    f"<div class=page><p>- {year}년까지 도서관 {count}곳을 신설</p><p>그 해의 사업은 {place}에서 한다.</p></div>"
    for year, count, place in ((2027, 6, "동쪽"), (2028, 8, "서쪽"), (2029, 11, "남쪽"), (2030, 15, "북쪽"))
)
LONG = table("", [["시설", "물량"], *([f"시설 {n}", f"{n * 3}곳"] for n in range(1, 37)), ["마지막 시설", "7곳"]])
PAGES = f"{SITES}<style>td{{height:22px}}</style>{LONG}"

TASKS = json.loads((FILES / "ministry.json").read_text("utf-8"))
MINISTRY = (
    "<style>@page{size:150mm 95mm;margin:12mm} table{width:100%} tr.row{break-inside:auto} td:nth-child(2){width:55%}"
    "p,td,th{font-size:11pt;word-break:keep-all;orphans:1;widows:1}</style>"
    + "".join(f"<p>{line}</p>" for line in TASKS["lines"])
    + table("open grey", TASKS["rows"]).replace("<thead>", "").replace("</thead>", "")
)


def printed(name: str, page: str) -> None:
    """The page as a PDF beside the other test files."""
    with tempfile.TemporaryDirectory() as room:
        source = Path(room) / "page.html"
        source.write_text(f"<!DOCTYPE html><html lang=ko><title>t</title>{STYLE}<body>{page}</body></html>", "utf-8")
        to = f"--print-to-pdf={FILES / name}"
        command = [*CHROMIUM, f"--user-data-dir={room}/user", to, source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    printed("open-sides.pdf", OPEN_SIDES)
    printed("ministry.pdf", MINISTRY)
    printed("pages.pdf", PAGES)
