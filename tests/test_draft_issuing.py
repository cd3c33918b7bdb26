"""Who issues a policy: the phrases that may name a body, what is seen of each, and which ones the weights choose."""

from __future__ import annotations

import pytest

from eval.labelled.labels import OrganisationLabel
from eval.learning.leads import leads_of
from eval.learning.stated import mark_issuers
from pipeline.draft.grammar.announce import find_leads
from pipeline.draft.grammar.view import Lead, View
from pipeline.draft.seen.issuing import LAST, OWN, TRAITS, issuer_phrases, issuer_traits
from pipeline.read import from_text
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.records import Span
from schemas.vocabulary import Role
from tests.eval_samples import sample
from tests.outlining import view_of

KOREAN = "도시숲 확대 계획 발표\n\n산림청 국립숲연구원(원장 김숲)은 환경부와 함께 3월 2일 ‘도시숲 확대 계획’을 발표했다.\n\n□ 도시숲 50곳을 조성한다.\n"


def lead_in(view: View, begins: str) -> Lead:
    """The announcement that a unit makes."""
    known = [lead for lead in find_leads(view) if view.words(lead.unit).startswith(begins)]
    return known[0] if known else Lead(next(u for u in view.units if view.words(u).startswith(begins)))


@pytest.mark.parametrize(
    ("text", "begins", "names"),
    [
        (KOREAN, "산림청", {"산림청", "산림청 국립숲연구원", "환경부"}),
        (
            "River plan\n\nToday Mayor Ada Lind of the City of Lund and the Ministry of Rivers and Lakes (MRL) launched a plan.\n",
            "Today",
            {"Mayor Ada Lind of the City of Lund", "Ministry of Rivers and Lakes (MRL)"},
        ),
        (
            "低空经济措施出台\n\n近日，临越市科技创新委员会印发《低空经济若干措施》。\n",
            "近日",
            {"临越市科技创新委员会"},
        ),
    ],
)
def test_phrases_hold_whole_names_in_each_language(text: str, begins: str, names: set[str]) -> None:
    view = view_of(text)
    phrases = issuer_phrases(view, lead_in(view, begins))
    assert names <= {view.said(p[:3]) for p in phrases}


def test_a_signature_at_the_end_is_looked_at() -> None:
    items = "".join(f"제{i}조 숲을 {i}곳 조성한다.\n" for i in range(1, 12))
    view = view_of(f"도시숲 관리 규정을 다음과 같이 고시합니다.\n\n{items}\n새솔시장\n")
    phrases = issuer_phrases(view, Lead(view.units[0]))
    assert {p.place for p in phrases if view.said(p[:3]) == "새솔시장"} == {LAST}


def test_what_is_seen_of_a_name_stays_within_its_values() -> None:
    view = view_of(KOREAN)
    lead = lead_in(view, "산림청")
    phrases = issuer_phrases(view, lead)
    rows = [dict(zip(TRAITS, row, strict=True)) for row in issuer_traits(view, lead, phrases)]
    assert all(value < TRAITS[name] for row in rows for name, value in row.items())
    seen = {view.said(p[:3]): row for p, row in zip(phrases, rows, strict=True) if p.place == OWN}
    assert (seen["산림청"]["known"], seen["환경부"]["known"], seen["도시숲"]["known"]) == (2, 2, 0)
    assert seen["산림청"]["behind"] != seen["환경부"]["behind"] and seen["산림청"]["longer"] == 1


def test_labels_mark_the_name_and_neither_way_where_it_is_said_again() -> None:
    text = KOREAN + "□ 산림청 국립숲연구원은 묘목을 나눠 준다.\n"
    view = view_of(text)
    at = text.index("산림청 국립숲연구원")
    name = Span(start=at, end=at + len("산림청 국립숲연구원"), text="산림청 국립숲연구원")
    announced = next(u for u in view.units if view.words(u).startswith("산림청"))
    policy = sample(1, 1).policies[0].model_copy(
        update={
            "announcement": Span(start=announced.unit.start, end=announced.unit.end, text=view.words(announced)),
            "title": None, "objective": None, "issuers": (OrganisationLabel(name=name, role=Role.ISSUER),),
        }
    )  # fmt: skip
    found = mark_issuers(view, leads_of(view, [policy]))
    phrases = issuer_phrases(view, Lead(announced))
    assert len(found.sheet) == len(found.marks) == len(phrases)
    marks = {(view.said(p[:3]), p.place): mark for p, mark in zip(phrases, found.marks[:, 0].tolist(), strict=True)}
    assert marks["산림청 국립숲연구원", OWN] == 1 and marks["환경부", OWN] == 0
    assert [mark for (said, place), mark in marks.items() if said == "산림청 국립숲연구원" and place != OWN] == [-1]


@pytest.mark.parametrize(
    ("text", "issuers"),
    [
        (KOREAN.replace("산림청 국립숲연구원(원장 김숲)은 환경부와 함께", "산림청(청장 김숲)은"), ["산림청"]),
        (
            "Ministry backs river ports\n\nThe Ministry of Inland Shipping today launched the River Ports Programme.\n\n"
            "The programme will pay half of the cost of shore power at 30 ports by 2031.\n",
            ["Ministry of Inland Shipping"],
        ),
        (
            "临越市科学技术局关于印发《低空经济若干措施》的通知\n\n各有关单位：\n现将《低空经济若干措施》印发给你们，请认真贯彻执行。\n\n"
            "一、对新建起降点给予最高50万元补贴。\n二、建设低空试飞基地。\n\n临越市科学技术局\n2025年3月18日\n",
            ["临越市科学技术局"],
        ),
    ],
)
def test_the_weights_choose_who_issues(text: str, issuers: list[str]) -> None:
    [policy] = extract_document(from_text(text, "a.txt"), Settings(endpoint="draft")).policies
    assert [o.name.text for o in policy.issuers] == issuers


def test_a_text_that_names_nobody_has_no_issuer() -> None:
    text = "도시숲 확대 계획\n\n1. 추진 배경\n□ 여름 기온이 오르고 있다.\n2. 추진 과제\n□ 도시숲 50곳을 조성한다.\n□ 관리인 300명을 양성한다.\n"
    for policy in extract_document(from_text(text, "a.txt"), Settings(endpoint="draft")).policies:
        assert policy.issuers == ()
