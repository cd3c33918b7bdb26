"""Covers, signatures and notes of repeal: lines that say something of the document itself, and what the draft takes from them."""

from __future__ import annotations

import pytest

from pipeline.draft.policy import draft
from pipeline.learn.weights import SHIPPED, read_weights
from pipeline.normalise import find_issue_date
from pipeline.normalise.covers import body_in, cover_lines, day_in, is_joint, is_repeal
from pipeline.outline import outline
from pipeline.read import from_text
from pipeline.steps import open_document
from schemas.answer import PolicyA, Ref
from schemas.vocabulary import GovernmentLevel, Role, Status, UnitKind

PLAN = "보행환경 개선 추진계획\n\n{cover}\n\n1. 추진 과제\n\n□ 보도 정비\n ○ 낡은 보도를 2027년까지 14km 정비\n"
NOTICE = "云州市人民政府关于加快公共交通发展的通知\n\n各区人民政府：\n\n一、建设公交专用道120公里。\n二、更新公交车300辆。\n\n{foot}\n"


def policy(text: str) -> tuple[PolicyA, dict[str, str]]:
    """The one policy of a text, and the words of its units by id."""
    opened = open_document(from_text(text))
    (article,) = [a for a in opened.articles if a.asked]
    (found,) = draft(text, article, read_weights(SHIPPED)).policies
    return found, {u.id: text[u.unit.start : u.unit.end] for u in article.units}


def said(ref: Ref | None, units: dict[str, str]) -> str | None:
    return None if ref is None else ref.quote or units[ref.u]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2019. 10. 29.", "2019. 10. 29."),
        ("  2025. 12. 11.(목)", "2025. 12. 11.(목)"),
        ("2026년 5월 7일", "2026년 5월 7일"),
        ("재정경제부 2026-07-03", "2026-07-03"),
        ("云州市人民政府　2018年9月26日", "2018年9月26日"),
        ("二○○七年五月十五日", "二○○七年五月十五日"),
        ("2026. 5. 7. 개최된 회의에서 확정", None),
        ("2026년 5월", None),
        ("제1차 회의 2026-07-03", None),
        ("2018年9月26日起施行", None),
    ],
)
def test_days_alone(line: str, day: str | None) -> None:
    place = day_in(line)
    assert (line[slice(*place)] if place else None) == day


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("관계부처 합동", "관계부처 합동"),
        (" 해양수산부", "해양수산부"),
        ("재정경제부 2026-07-03", "재정경제부"),
        ("云州市人民政府办公厅", "云州市人民政府办公厅"),
        ("财政部 科技部", "财政部 科技部"),
        ("해양수산부는 계획을 발표했다", None),
        ("추진 방향", None),
        ("各区、县人民政府：", None),
    ],
)
def test_bodies_alone(line: str, body: str | None) -> None:
    place = body_in(line)
    assert (line[slice(*place)] if place else None) == body


def test_joint_bodies() -> None:
    assert is_joint("관계부처 합동") and is_joint("관계부처합동") and not is_joint("관계부처")


@pytest.mark.parametrize(
    ("line", "repeal"),
    [
        ("（本文件已于2012年宣布失效）", True),
        ("注：该通知已废止", True),
        ("有效性：失效", True),
        ("根据云州市人民政府令第7号，本办法已被宣布失效。", True),
        ("本办法自2027年1月1日起施行，原办法同时废止。", False),
        ("十二、废止与本通知不一致的文件。", False),
        ("此件于2027年7月31日宣布失效。", True),
        ("有效性：有效", False),
        ("（本通知已被云州市人民政府令第12号废止）", True),
        ("根据市政府决定，旧办法已废止。", False),
        ("经研究，本通知明令废止过期文件。", False),
        ("经国务院同意，已宣布失效的文件共12件。", False),
    ],
)
def test_notes_of_repeal(line: str, repeal: bool) -> None:
    assert is_repeal(line) == repeal


def test_a_body_counts_beside_a_day_and_a_day_near_an_end() -> None:
    middle = ["본문입니다."] * 14
    assert cover_lines(["해양수산부", "", "2026. 5. 7."]) == [True, False, True]
    assert not any(cover_lines(["해양수산부", "본문", *middle]))
    assert not any(cover_lines([*middle, "2026. 5. 7.", *middle]))
    assert sum(cover_lines([*middle, "财政部", "科技部", "2026年5月7日", *middle])) == 3


def test_cover_and_signature_are_units_of_their_own() -> None:
    text = NOTICE.format(
        foot="云州市人民政府\n2018年9月26日\n（此件公开发布）\n\n公共交通发展方案\n为方便出行，制定本方案。"
    )
    units = outline(from_text(text))
    cover = [u for u in units if u.role == "cover"]
    assert [text[u.start : u.end] for u in cover] == ["云州市人民政府\n2018年9月26日\n（此件公开发布）"]


def test_a_byline_goes_on_in_no_sentence_and_dates_its_document() -> None:
    text = "보행환경 개선 방안\n\n국토교통부 2026-05-07\n정부는 5월 7일 「보행환경 개선 방안」을 발표하였다.\n\n- 보도 14km를 정비한다.\n"
    found, units = policy(text)
    assert [said(i.name, units) for i in found.issuers] == ["정부"]
    assert said(found.announced_on, units) == "5월 7일"
    assert str(find_issue_date(text)) == "2026-05-07"


@pytest.mark.parametrize(
    ("cover", "day", "issuer", "role"),
    [
        ("2026. 5. 7.\n\n관계부처 합동", "2026. 5. 7.", "관계부처 합동", Role.JOINT_ISSUER),
        ("2026. 5. 7.\n\n국토교통부", "2026. 5. 7.", "국토교통부", Role.ISSUER),
        ("국토교통부\n2026. 5. 7.", "2026. 5. 7.", "국토교통부", Role.ISSUER),
    ],
)
def test_the_cover_of_a_plan_gives_its_day_and_issuer(cover: str, day: str, issuer: str, role: Role) -> None:
    found, units = policy(PLAN.format(cover=cover))
    assert said(found.announced_on, units) == day
    assert [(said(i.name, units), i.role) for i in found.issuers] == [(issuer, role)]


def test_a_title_may_open_with_who_issues_it() -> None:
    found, units = policy("국토교통부 업무보고\n\n2026. 5. 7.\n\nⅠ. 과제\n\n□ 보도 정비\n ○ 낡은 보도 14km를 정비\n")
    assert [said(i.name, units) for i in found.issuers] == ["국토교통부"]
    assert found.government_level is GovernmentLevel.NATIONAL


@pytest.mark.parametrize("day", ["2018年9月26日", "二〇一八年九月二十六日", "二○一八年九月二十六日"])
def test_a_notice_is_dated_by_its_signature_which_is_no_measure(day: str) -> None:
    found, units = policy(NOTICE.format(foot=f"云州市人民政府\n{day}"))
    assert said(found.announced_on, units) == day
    assert found.measures and not any("云州市" in (said(m.at, units) or "") for m in found.measures)


def test_a_repealed_document_is_expired() -> None:
    kept, _ = policy(NOTICE.format(foot="云州市人民政府\n2018年9月26日"))
    gone, _ = policy(NOTICE.format(foot="云州市人民政府\n2018年9月26日\n\n（本文件已于2020年宣布失效）"))
    assert (kept.status, gone.status) == (Status.ADOPTED, Status.EXPIRED)


def test_a_headline_over_two_lines_is_one() -> None:
    text = "云州市人民政府办公厅关于公布第二批公共交通示范线路名录和第一批扩展线路名录\n\n的通知（云政发〔2018〕7号）\n\n各区人民政府：\n\n一、建设公交专用道120公里。\n"
    found, units = policy(text)
    assert (said(found.title, units) or "").startswith("云州市") and (said(found.title, units) or "").endswith("的通知")


def test_lines_cut_by_hand_are_joined_where_a_text_is_full_of_them() -> None:
    lines = ["（一）加快推进全市公共交通基础设施建设，完善公交专用道网络体系", "和换乘枢纽布局，到2027年建成公交专用道一百二十公里以上的网络",
             "并同步改造沿线站点设施，提升无障碍服务水平和夜间运营保障能力", "以及信息服务水平。"]  # fmt: skip
    text = "\n\n".join(lines) + "\n"
    (unit,) = (u for u in outline(from_text(text)) if u.kind is not UnitKind.CLAUSE)
    assert text[unit.start : unit.end].endswith("以及信息服务水平。")
    short = "\n\n".join([lines[0], lines[3]]) + "\n"
    assert len(outline(from_text(short))) == 2


def test_the_rules_of_a_board_are_furniture() -> None:
    rules = "다음과 같은 댓글은 삭제될 수 있습니다.\n\n1. 남을 비방하는 경우\n2. 광고를 올리는 경우\n3. 같은 글을 거듭 올리는 경우\n"
    text = f"보도 정비 착수\n\n국토교통부는 내년부터 보도 14km를 정비한다.\n{rules}"
    roles = [u.role for u in outline(from_text(text))]
    assert roles[-4:] == ["furniture"] * 4 and "furniture" not in roles[:-4]
    aid = text.replace("다음과 같은 댓글은 삭제될 수 있습니다.", "다음과 같은 가구에는 설치비를 지원한다.")
    assert "furniture" not in [u.role for u in outline(from_text(aid))]
