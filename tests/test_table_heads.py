"""Heads of tables, and what a target has from them: years, heads of two rows, a column of units; days in brackets."""

from __future__ import annotations

import pytest

from pipeline.opened import open_document
from pipeline.read import from_text
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.records import Policy

HEAD = "버스 정류장 개선 추진계획\n\n□ 성과 지표\n\n"


def policy(text: str) -> Policy:
    (found,) = extract_document(from_text(text), Settings()).policies
    return found


@pytest.mark.parametrize(
    ("rows", "beside"),
    [
        ("| 지표 | ’28 | ’29 | ’30 |\n| 쉼터 설치 수 | 20개 | 40개 | 70개 |", [(40, "2029")]),
        ("| 지표 | 연도별 목표 | |\n| | 2029 | 2030 |\n| 쉼터 설치 수 | 40개 | 70개 |", []),
        ("| 지표 | 연도별 목표 | | 비고 |\n| | ’29 | ’30 | |\n| 쉼터 설치 수 | 40개 | 70개 | |", []),
        ("| 지표 | 단위 | 2030년(목표) |\n| 쉼터 설치 수 | 개 | 70 |", []),
    ],
)
def test_a_target_has_its_year_and_unit_from_the_head(rows: str, beside: list[tuple[int, str]]) -> None:
    *others, target = policy(f"{HEAD}{rows}\n").targets
    assert (target.indicator.text, target.value, target.unit, target.deadline) == ("쉼터 설치 수", 70, "개", "2030")
    assert [(t.value, t.deadline) for t in others] == beside


@pytest.mark.parametrize(
    ("head", "numbers"),
    [("분야\t지표\t’30년 목표\t", "1 2 3"), ("분야\t지표\t’30년 목표", "1 2 3"), ("분야\t번호\t지표\t’30년 목표", "1 2 3"), ("분야\t단위\t지표\t’30년 목표", "1 5 9")],
)  # fmt: skip
def test_running_numbers_without_a_head_move_no_head_off_its_column(head: str, numbers: str) -> None:
    said = ("쉼터\t{}\t쉼터 설치 수\t70개", "\t{}\t안내판 수\t30개", "안전\t{}\t조명 설치율\t40%")
    rows = "\n".join(row.format(n) for row, n in zip(said, numbers.split(), strict=True))
    opened = open_document(from_text(f"{HEAD}{head}\n{rows}\n"))
    units = opened.articles[0].units
    words = {u.unit.index: opened.shown.text[u.unit.start : u.unit.end] for u in units}
    heads = {words[u.unit.index]: words[u.unit.header[0]] for u in units if u.unit.header}
    assert [heads.get(cell) for cell in ("쉼터", "안내판 수", "조명 설치율", "70개", "40%")] == [
        "분야", "지표", "지표", "’30년 목표", "’30년 목표"
    ]  # fmt: skip


def test_a_column_of_units_that_multiply_names_no_unit() -> None:
    (target,) = policy(f"{HEAD}| 지표 | 단위 | 2030년(목표) |\n| 쉼터 예산 | 백만원 | 70 |\n").targets
    assert target.unit is None


def test_a_head_of_two_rows_is_known_again_and_rows_without_names_are_no_second_head() -> None:
    head = "| 지표 | 연도별 목표 | |\n| | 2029 | 2030 |\n"
    again = f"{HEAD}{head}| 쉼터 설치 수 | 40개 | 70개 |\n{head}| 안내판 수 | 10개 | 30개 |\n"
    assert [(t.value, t.deadline) for t in policy(again).targets] == [(70, "2030"), (30, "2030")]


def test_a_signature_hangs_under_no_heading() -> None:
    head = "商务部关于开展便民行动的通知\n\n各省商务厅：\n\n现就有关事项通知如下：\n\n"
    items = "一、建立配送补贴制度，对偏远乡村给予补贴。\n二、完善社区商业设施，推进菜市场升级改造。\n三、请各地认真贯彻执行。\n"
    found = policy(f"{head}{items}\n商务部\n2019年3月8日\n")
    assert [m.text.text[:5] for m in found.measures][:2] == ["建立配送补", "完善社区商"]
    assert all(m.pillar is None and "商务部" not in m.text.text for m in found.measures)


def test_a_day_in_brackets_behind_another_thing_is_not_the_announcements() -> None:
    head = "보도설명자료\n\n배포 : 2025. 4. 7.(월)\n\n"
    told = "□ 국토교통부는 노선 폐지('24.5)에 대비하여 버스를 늘릴 수 있도록 ｢버스운송법｣ 시행령을 개정‧시행('24.2)한 바 있습니다.\n"
    announced = policy(f"{head}{told}\n□ 국토교통부는 앞으로도 협의해 나가겠습니다.\n").announced_on
    assert announced is not None and announced.value == "2024-02"
