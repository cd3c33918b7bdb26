"""Who carries a measure out: the phrases that may name a body, what is seen of each, and which ones the weights choose."""

from __future__ import annotations

import pytest

from eval.labelled.labels import MeasureLabel, OrganisationLabel
from eval.learning.bodies import mark_bodies
from pipeline.draft.grammar.view import View
from pipeline.draft.seen.bodies import TRAITS, bodies_in, body_traits
from pipeline.read import from_text
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.document import ArticleUnit
from schemas.records import Span
from schemas.vocabulary import ActionStatus, Instrument, Role, UnitKind
from tests.outlining import view_of

HEAD = "산림청, 도시숲 확대 계획 발표\n\n산림청은 3월 2일 ‘도시숲 확대 계획’을 발표했다.\n\n"


def unit_of(text: str, begins: str) -> tuple[View, ArticleUnit]:
    view = view_of(text)
    return view, next(u for u in view.units if view.words(u).startswith(begins) and u.unit.kind is not UnitKind.HEADING)


def phrases(sentence: str) -> list[str]:
    view, u = unit_of(f"{HEAD}□ {sentence}\n", sentence[:6])
    words = view.words(u)
    return [words[p.start : p.end] for p in bodies_in(view, u, 0, len(words))]


@pytest.mark.parametrize(
    ("sentence", "bodies"),
    [
        ("농협은 지자체와 함께 공동 작업장을 마련한다", {"농협", "지자체"}),
        ("한국임업진흥원(원장 김숲)에서 묘목을 나눠 준다", {"한국임업진흥원"}),
        ("국토교통부·해양수산부가 도로를 잇는다", {"국토교통부", "해양수산부"}),
        ("NHS England will train more nurses with the Department of Health.", {"NHS England", "Department of Health"}),
        ("Local authorities and the government will plant trees.", {"government"}),
    ],
)
def test_phrases_are_words_without_particles_and_runs_of_capitals(sentence: str, bodies: set[str]) -> None:
    assert bodies <= set(phrases(sentence))


def test_only_the_measure_is_looked_through() -> None:
    view, u = unit_of(f"{HEAD}□ 농협은 작업장을 마련하고 지자체는 길을 낸다\n", "농협은")
    words = view.words(u)
    start = words.index("지자체")
    found = bodies_in(view, u, start, len(words))
    assert words[found[0].start : found[0].end] == "지자체"
    assert all(p.start >= start for p in found)


def test_what_stands_behind_a_phrase_is_seen() -> None:
    view, u = unit_of(f"{HEAD}□ 환경부는 나무공사와 숲을 가꾼다\n", "환경부는")
    words = view.words(u)
    found = bodies_in(view, u, 0, len(words))
    rows = {
        words[p.start : p.end]: dict(zip(TRAITS, row, strict=True))
        for p, row in zip(found, body_traits(words, 0, found), strict=True)
    }
    assert rows["환경부"]["known"] == 2 and rows["나무공사"]["known"] == 0
    assert rows["환경부"]["behind"] != rows["나무공사"]["behind"]
    assert (rows["환경부"]["order"], rows["나무공사"]["order"]) == (0, 1)
    assert all(value < TRAITS[name] for row in rows.values() for name, value in row.items())


def test_labels_mark_the_name_and_what_is_nearly_it() -> None:
    text = f"{HEAD}□ 한국임업진흥원(진흥원)은 농협과 함께 묘목을 나눠 준다\n"
    view, u = unit_of(text, "한국임업진흥원")
    named = Span(start=text.index("한국임업"), end=text.index("(진흥원)"), text="한국임업진흥원")
    measure = MeasureLabel(
        key="m1", text=Span(start=u.unit.start, end=u.unit.end, text=text[u.unit.start : u.unit.end]), label=None, pillar=None,
        instrument=Instrument.OTHER, target_groups=frozenset(), technology_fields=frozenset(),
        implementers=(OrganisationLabel(name=named, role=Role.IMPLEMENTER),), action_status=ActionStatus.PLANNED,
    )  # fmt: skip
    marked = mark_bodies(view, [(measure, u)])
    words = view.words(u)
    found = [words[p.start : p.end] for p in bodies_in(view, u, 0, len(words))]
    marks = dict(zip(found, marked["carries"][:, 0].tolist(), strict=True))
    assert (marks["한국임업진흥원"], marks["농협"], marks["묘목"]) == (1, 0, 0)
    assert len(marked["bodies"]) == len(found)


def test_a_column_names_who_is_responsible_and_is_no_measure() -> None:
    table = "추진과제\t소관\t일정\n도시숲 조성 기준 마련\t산림청, 국토부\t2027년\n도시숲 관리인 300명 양성\t지자체\t2028년\n"
    [policy] = extract_document(from_text(HEAD + table, "a.txt"), Settings(endpoint="draft")).policies
    named = {m.text.text: [o.name.text for o in m.implementers] for m in policy.measures}
    assert named == {"도시숲 조성 기준 마련": ["산림청", "국토부"], "도시숲 관리인 300명 양성": ["지자체"]}


@pytest.mark.parametrize(
    ("item", "bodies"),
    [
        ("ㅇ 국립산림과학원은 2027년까지 도시숲 조성 지침을 만들어 보급한다.", ["국립산림과학원"]),
        ("ㅇ 산림청은 지방자치단체와 협력해 도시숲을 조성한다.", ["산림청", "지방자치단체"]),
        ("ㅇ 학교 주변에 도시숲 50곳을 새로 조성한다.", []),
    ],
)
def test_the_weights_choose_who_carries_a_measure_out(item: str, bodies: list[str]) -> None:
    text = f"{HEAD}□ 추진 과제\n{item}\nㅇ 도시숲 관리인 300명을 양성한다.\n"
    [policy] = extract_document(from_text(text, "a.txt"), Settings(endpoint="draft")).policies
    measure = next(m for m in policy.measures if m.text.text in item)
    assert [o.name.text for o in measure.implementers] == bodies
