"""Notices as portals print them: what they issue, who signs, and the day of the signature."""

from __future__ import annotations

import pytest

from pipeline.draft.grammar.notices import read_notice
from pipeline.draft.policy import draft
from pipeline.learn.weights import SHIPPED, read_weights
from pipeline.normalise.head import glued_title, read_head
from tests.outlining import view_of

FIELDS = (
    "发文机构：{issuer}发布时间：2015-08-20发文字号：辽政发〔2015〕7号政策类型：政策文件政策层级：省级来源：http://www.example.gov.cn/a.html"
    "关键字：供水;管网"
)
BODY = (
    "各区、县人民政府：为加强供水管理，根据《辽宁省水条例》，现就有关事项通知如下：\n一、更新老旧管网，降低漏损。\n"
    "二、建立水质公示制度，每年公布两次。\n三、各区应当在2018年前完成改造。\n"
)


def notice(title: str, signed: str, issuer: str = "辽宁省人民政府") -> str:
    return title + FIELDS.format(issuer=issuer) + BODY + signed


def read(text: str) -> tuple[str | None, list[str], str | None]:
    found = read_notice(view_of(text))
    assert found is not None
    title, day = (text[slice(*place)] if place else None for place in (found.title, found.day))
    return title, [text[slice(*place)] for place in found.issuers], day


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("关于印发《辽宁省农村供水管理办法》的通知", "辽宁省农村供水管理办法"),
        ("关于印发辽宁省农村供水管理办法（试行）的通知", "辽宁省农村供水管理办法（试行）"),
        ("辽宁省人民政府关于做好农村供水工作的通知（辽政发〔2015〕7号）", "辽宁省人民政府关于做好农村供水工作的通知"),
        ("关于下达2015年全省供水改造计划的通知", "2015年全省供水改造计划"),
        ("辽宁省人民政府关于加快农村供水发展若干意见的通知", "关于加快农村供水发展若干意见"),
        ("关于修订《辽宁省供水管理办法》的通知", "辽宁省供水管理办法"),
        ("辽宁省人民政府办公厅转发省水利厅关于加强农村供水管理意见的通知", "关于加强农村供水管理意见"),
    ],
)
def test_the_policy_is_what_the_notice_issues(title: str, named: str) -> None:
    assert read(notice(title, "辽宁省人民政府2015年8月13日"))[0] == named


@pytest.mark.parametrize(
    ("signed", "issuers", "day"),
    [
        ("辽宁省人民政府2015年8月13日", ["辽宁省人民政府"], "2015年8月13日"),
        ("科技部财政部2015年8月13日", ["科技部", "财政部"], "2015年8月13日"),
        ("民政部　财政部\n二○一五年八月十三日", ["民政部", "财政部"], "二○一五年八月十三日"),
        ("交通运输部办公厅2015年8月13日（此件公开发布）", ["交通运输部办公厅"], "2015年8月13日"),
        ("省长李一2015年8月13日", ["辽宁省人民政府"], "2015年8月13日"),
        ("", ["辽宁省人民政府"], None),
    ],
)
def test_who_signs_and_when(signed: str, issuers: list[str], day: str | None) -> None:
    assert read(notice("关于印发《辽宁省农村供水管理办法》的通知", signed))[1:] == (issuers, day)


def test_names_of_two_are_parted_and_of_one_are_not() -> None:
    named = read(notice("关于印发《辽宁省农村供水管理办法》的通知", "辽宁省人力资源和社会保障厅2015年8月13日"))[1]
    assert named == ["辽宁省人力资源和社会保障厅"]


def test_the_title_before_the_fields() -> None:
    text = notice("关于做好供水工作的通知", "")
    assert text[slice(*glued_title(text) or (0, 0))] == "关于做好供水工作的通知"
    assert glued_title("关于做好供水工作的通知\n\n各区：\n一、更新管网。\n") is None
    assert glued_title("标题：关于供水的通知 发文机构：某局 发布时间：2015-08-13 正文") == (3, 10)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("现予公布。\n市长赵一2009年3月30日东海市人民政府关于修改办法的决定", True),
        ("会议由部长李二2009年3月30日起主持", False),
        ("第十六条本办法自局长批准后2009年3月30日施行", False),
    ],
)
def test_a_person_signs(text: str, found: bool) -> None:
    assert any(field.kind == "signed" for field in read_head(text)) is found


@pytest.mark.parametrize(
    ("head", "title", "issuers"),
    [
        ("国务院办公厅关于推进海岛供水的意见", "国务院办公厅关于推进海岛供水的意见", ["国务院办公厅"]),
        ("中共中央 国务院关于推进海岛供水的意见", "中共中央 国务院关于推进海岛供水的意见", ["中共中央", "国务院"]),
        ("青岭省人民政府关于推进海岛供水的意见", "青岭省人民政府关于推进海岛供水的意见", ["青岭省人民政府"]),
        ("供水公告 [2031]第2号\n关于2031年海岛供水的通知", "关于2031年海岛供水的通知", []),
    ],
)
def test_a_notice_without_a_signature_is_told_by_its_title(head: str, title: str, issuers: list[str]) -> None:
    assert read(f"{head}\n\n{BODY}") == (title, issuers, None)


def test_a_name_within_the_name_is_not_what_is_issued() -> None:
    text = "国务院关于在海南某岛\n暂时调整实施《供水管理\n条例》有关规定的决定\n\n" + BODY
    [policy] = draft(text, view_of(text).article, read_weights(SHIPPED)).policies
    assert policy.title is not None
    assert policy.title.quote is None or policy.title.quote.startswith("国务院关于")
