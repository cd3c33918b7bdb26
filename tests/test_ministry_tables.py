"""Tables of tasks as ministries print them (추진과제 | 주요내용 | 소관 | 일정): cells, heads, rows' names, in every format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packages import docx, hwpx, p, table, wp, wtable

from pipeline.read import document_of, from_text, read
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.document import Document
from schemas.vocabulary import UnitKind
from tests.outlining import unit_of, units

FILES = Path(__file__).parent / "files"
PLAN = json.loads((FILES / "ministry.json").read_text(encoding="utf-8"))
ROWS: list[list[str]] = PLAN["rows"]


def squeezed(words: str) -> str:
    return "".join(words.split())


def in_format(kind: str) -> Document:
    if kind == "pdf":
        return read(FILES / "ministry.pdf")
    if kind == "hwpx":
        raw = hwpx(*(p(line) for line in PLAN["lines"]), p(table(ROWS)))
    else:
        raw = docx("".join(wp(line) for line in PLAN["lines"]) + wtable(ROWS))
    return document_of(raw, f"plan.{kind}")


def rows_of(text: str) -> list[list[str]]:
    lines = (line for line in text.split("\n") if line.startswith("|"))
    return [[squeezed(cell) for cell in line.strip("|").split("|")] for line in lines]


def measures(document: Document) -> list[tuple[str, str]]:
    (policy,) = extract_document(document, Settings()).policies
    return [(squeezed(m.text.text), squeezed(m.pillar.text) if m.pillar else "") for m in policy.measures]


@pytest.mark.parametrize("kind", ["pdf", "hwpx", "docx"])
def test_every_cell_is_in_its_row(kind: str) -> None:
    document = in_format(kind)
    assert rows_of(document.text) == [[squeezed(cell) for cell in row] for row in ROWS]
    assert document.text_lost == 0


def test_a_row_that_a_page_end_cuts_is_whole_and_its_words_stand_on_their_pages() -> None:
    document = in_format("pdf")
    assert len(document.pages) == 2
    row = next(line for line in document.text.split("\n") if "태풍과 정전" in line)
    assert "통신이 끊긴 섬에는 이동식" in row and row.endswith("| 과기부 | ’27.6월 |")
    at = document.text.index("통신이 끊긴")
    assert (document.page(at), document.page(document.text.index("섬에는 이동식"))) == (1, 2)


def test_spaces_that_a_printer_dropped_at_line_ends_are_put_back() -> None:
    text = in_format("pdf").text
    for words in ("기지국 예비전원을", "하루 안에 보내는", "매달 5천원 감면하고, 고령자가"):
        assert words in text, words


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_every_format_gives_the_measures_of_hwpx(kind: str) -> None:
    assert measures(in_format(kind)) == measures(in_format("hwpx"))


@pytest.mark.parametrize(
    "head",
    ["추진과제 | 주요내용 | 소관 | 일정", "세부 과제 | 조치사항 | 부처 | 시한", "重点任务 | 主要措施 | 牵头单位 | 完成时限", "Action | Budget | Responsible body | Deadline"],
)  # fmt: skip
def test_columns_of_tasks_are_heads(head: str) -> None:
    text = f"| {head} |\n| 가 | 보도 정비 | 국토부 | 올해 |\n"
    named = [text[u.start : u.end] for u in units(text) if u.role == "header" and u.kind is UnitKind.CELL]
    assert named == head.split(" | ")


def test_a_row_of_data_names_no_columns() -> None:
    found = units("| 주관 | 국토교통부 도로국 |\n| 협조 | 경찰청 교통국 |\n")
    assert not any(u.role == "header" for u in found)


def test_a_merged_cell_names_every_row_beside_it() -> None:
    head, rows = "| 추진과제 | 주요내용 | 소관 |\n", "| 도로 | 보도 정비 | 국토부 |\n|  | 신호기 설치 | 경찰청 |\n"
    assert beside(head + rows, "신호기 설치") == ["주요내용", "도로"]
    assert beside(head + rows, "경찰청") == ["소관", "신호기 설치"]


def test_a_name_ends_with_its_table() -> None:
    first, second = "| 추진과제 | 주요내용 |\n| 도로 | 보도 정비 |\n", "| 추진과제 | 주요내용 |\n|  | 신호기 설치 |\n"
    assert beside(f"{first}\n# 다음 과제\n\n{second}", "신호기 설치") == ["주요내용"]


def test_a_form_for_approval_names_the_plan_in_a_cell() -> None:
    form = "| 수신 | 내부결재 |\n| 제목 | 새솔시 보행로 정비 추진계획 |\n\n1. 관련: 도로과-31호(2025. 3. 4.)\n2. 낡은 보행로 14곳을 정비한다.\n"
    (found,) = extract_document(from_text(form), Settings()).policies
    assert found.title is not None and found.title.text == "새솔시 보행로 정비 추진계획"
    assert [m.text.text for m in found.measures] == ["낡은 보행로 14곳을 정비한다."]
    assert extract_document(from_text(form.replace("제목", "붙임")), Settings()).policies == ()


def beside(text: str, start: str) -> list[str]:
    """The column's head and the row's name of a cell."""
    found = units(text)
    return [text[found[i].start : found[i].end] for i in unit_of(text, start).header]
