"""What a policy is for: the phrases that may say so, what is seen of each, and which one the weights choose."""

from __future__ import annotations

import pytest

from eval.learning.leads import leads_of
from eval.learning.stated import mark_objectives
from pipeline.draft.grammar.announce import find_leads
from pipeline.draft.grammar.view import Lead, View
from pipeline.draft.seen.objectives import OWN, TRAITS, objective_phrases, objective_traits
from pipeline.read import from_text
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.records import Span
from tests.eval_samples import sample
from tests.outlining import view_of

KOREAN = (
    "도시숲 확대 계획 발표\n\n산림청(청장 김숲, 이하 산림청)은 여름철 더위로 인한 피해를 줄이기 위해 3월 2일 ‘도시숲 확대 계획’을 발표했다.\n\n"
    "□ 도시숲 50곳을 조성한다.\n□ 관리인 300명을 양성한다.\n"
)


def lead_in(view: View) -> Lead:
    """The announcement that the text makes: the grammar's, else its second unit."""
    return next(iter(find_leads(view)), Lead(view.units[min(1, len(view.units) - 1)]))


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        (KOREAN, "여름철 더위로 인한 피해를 줄이기 위해"),
        (KOREAN.replace("여름철 더위로 인한 피해를 줄이기", "도시 열섬 완화를"), "도시 열섬 완화"),
        (KOREAN.replace("줄이기 위해", "줄일 수 있도록"), "여름철 더위로 인한 피해를 줄일 수 있도록"),
        (
            "School streets\n\nThe Ministry of Roads today launched a £28 million fund to make the journey to school safer.\n",
            "to make the journey to school safer",
        ),
        ("低空经济措施出台\n\n为推动低空经济加快发展，临越市印发《低空经济若干措施》。\n", "推动低空经济加快发展"),
    ],
)
def test_phrases_begin_and_end_where_clauses_do(text: str, phrase: str) -> None:
    view = view_of(text)
    assert phrase in {view.said(p[:3]) for p in objective_phrases(view, lead_in(view))}


def test_tables_and_clauses_of_clauses_are_not_looked_through() -> None:
    view = view_of(f"{KOREAN}\n구분\t목적\n도시숲\t더위를 줄이기 위해 조성\n")
    phrases = objective_phrases(view, lead_in(view))
    assert phrases and all(p.unit.unit.kind.value not in ("row", "clause", "item") for p in phrases)


def test_what_is_seen_of_a_phrase_stays_within_its_values() -> None:
    view = view_of(KOREAN)
    lead = lead_in(view)
    phrases = objective_phrases(view, lead)
    rows = [dict(zip(TRAITS, row, strict=True)) for row in objective_traits(view, lead, phrases)]
    assert all(value < TRAITS[name] for row in rows for name, value in row.items())
    seen = {view.said(p[:3]): row for p, row in zip(phrases, rows, strict=True) if p.place == OWN}
    whole = seen["여름철 더위로 인한 피해를 줄이기 위해"]
    assert whole["purpose"] == 1 and whole["title"] == 1 and whole["starts"] == 0
    assert seen["더위로 인한 피해를 줄이기 위해"]["led_by"] != whole["led_by"]


def test_labels_mark_the_phrase_and_one_that_is_nearly_it_neither_way() -> None:
    view = view_of(KOREAN)
    lead = lead_in(view)
    at = KOREAN.index("여름철")
    aim = Span(start=at, end=at + len("여름철 더위로 인한 피해를 줄이기"), text="여름철 더위로 인한 피해를 줄이기")
    place = Span(start=lead.unit.unit.start, end=lead.unit.unit.end, text=view.words(lead.unit))
    policy = (
        sample(1, 1)
        .policies[0]
        .model_copy(update={"announcement": place, "title": None, "objective": aim, "issuers": ()})
    )
    found = mark_objectives(view, leads_of(view, [policy]))
    marks = found.marks[:, 0].tolist()
    phrases = [view.said(p[:3]) for p in objective_phrases(view, lead)]
    assert 1 in marks and marks.count(0) <= 80 and len(found.sheet) == len(marks) <= len(phrases)
    nothing = mark_objectives(view, leads_of(view, [policy.model_copy(update={"objective": None})]))
    assert set(nothing.marks[:, 0].tolist()) == {0}


@pytest.mark.parametrize(
    ("text", "objective"),
    [
        (KOREAN, "여름철 더위로 인한 피해를 줄이기"),
        (KOREAN.replace("여름철 더위로 인한 피해를 줄이기 위해 ", ""), None),
    ],
)
def test_the_weights_choose_what_it_is_for(text: str, objective: str | None) -> None:
    [policy] = extract_document(from_text(text, "a.txt"), Settings(endpoint="draft")).policies
    assert (policy.objective.text if policy.objective is not None else None) == objective
