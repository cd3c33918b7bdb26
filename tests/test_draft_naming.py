"""Phrases that may be a title: where they begin and end, and what they leave whole."""

from __future__ import annotations

import pytest

from pipeline.draft.grammar.announce import find_leads, lead_at
from pipeline.draft.grammar.titles import find_quoted
from pipeline.draft.grammar.view import Lead, Phrase, View
from pipeline.draft.seen.naming import TRAITS, Naming, is_named_by_weights, title_phrases, title_traits
from tests.outlining import view_of


def seen(text: str) -> tuple[View, Lead, list[Phrase]]:
    view = view_of(text)
    lead = next(iter(find_leads(view)), None) or lead_at(view, view.units[0], [])
    return view, lead, title_phrases(view, lead)


def phrases(text: str) -> list[str]:
    view, _, names = seen(text)
    return [view.said(name[:3]) for name in names]


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("산업통상자원부는 청년 창업 도약 사업을 올해부터 추진한다고 5일 밝혔다.", "청년 창업 도약 사업"),
        ("환경부는 「대기환경보전법」 시행령 개정안을 5일 입법예고했다.", "「대기환경보전법」 시행령 개정안"),
        ("환경부는 5일 '물 순환 촉진 계획'을 발표했다.", "물 순환 촉진 계획"),
        ("과학기술정보통신부, 양자기술 산업화 전략 발표", "양자기술 산업화 전략"),
        ("정부는 수소경제 이행 계획(2026~2030)을 확정했다.", "수소경제 이행 계획(2026~2030)"),
    ],
    ids=["no marks", "a quotation and more", "a quotation", "before a word", "with its bracket"],
)
def test_a_title_is_among_the_phrases(sentence: str, title: str) -> None:
    found = phrases(f"{sentence}\n\n- 실증 거점을 조성한다.\n")
    assert found.count(title) == 1


def test_no_phrase_cuts_a_quotation_in_two() -> None:
    found = phrases(
        "환경부는 「대기 환경 보전법」 시행령 개정안과 '물 순환 촉진 계획'을 5일 발표했다.\n\n- 거점을 조성한다.\n"
    )
    assert "물 순환 촉진 계획" in found
    for phrase in found:
        assert phrase.count("「") == phrase.count("」")
        assert phrase.count("'") in (0, 2)
    assert not any(phrase.endswith(("개정안과", "계획'을")) or phrase.startswith("을") for phrase in found)


def test_the_title_by_grammar_comes_first() -> None:
    _, lead, names = seen("환경부는 5일 「물 순환 촉진 계획」을 발표했다.\n\n- 실증 거점을 조성한다.\n")
    assert lead.title is not None and names[0][:3] == lead.title
    assert len({(name.unit.unit.index, name.start, name.end) for name in names}) == len(names)


def test_each_trait_is_within_its_size() -> None:
    view, lead, names = seen(
        "환경부, 물 순환 촉진 계획 발표\n\n환경부는 5일 「물 순환 촉진 계획」을 발표했다.\n\n- 물 순환 거점을 조성한다.\n"
    )
    rows = title_traits(Naming(view), lead, names)
    assert len(rows) == len(names)
    assert all(0 <= value < size for row in rows for value, size in zip(row, TRAITS.values(), strict=True))
    again = dict(zip(TRAITS, rows[0], strict=True))
    assert again["again"] > 0 and again["grammar"] == 1 and again["in_headline"] == 1


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Executive Order 14321: Restoring Rural Broadband", "Restoring Rural Broadband"),
        (
            "Today the Ministry of Works is releasing the Harbour Repair Roadmap, a list of sites.",
            "Harbour Repair Roadmap",
        ),
        ("The county expands the Community Grant Program (CGP) to all districts.", "Community Grant Program (CGP)"),
        ("Regulation on the labelling of paint (second reading)", "Regulation on the labelling of paint"),
        ("Notice of “a plan for quieter streets” in the old town", "a plan for quieter streets"),
    ],
    ids=["behind a colon", "with capitals", "with its short name", "a line before its bracket", "a quotation"],
)
def test_an_english_title_is_among_the_phrases(line: str, title: str) -> None:
    assert phrases(f"{line}\n\nThe ministry will repair twelve harbours by 2031.\n").count(title) == 1


def test_english_phrases_begin_and_end_with_capitals_or_lines() -> None:
    found = phrases("The Ministry of Works and the Office for Rivers will repair the harbours of Port Vale.\n")
    assert "Ministry of Works and the Office for Rivers" in found and "Port Vale" in found
    assert not any(
        phrase.startswith(("of ", "and ", "harbours")) or phrase.endswith((" of", " the")) for phrase in found
    )


def test_many_capitals_make_few_phrases() -> None:
    assert len(phrases(" ".join(["Alpha"] * 2_000) + "\n\nThe ministry will repair harbours.\n")) < 200


def test_korean_and_english_articles_are_named_so() -> None:
    assert is_named_by_weights(seen("환경부는 5일 「물 순환 촉진 계획」을 발표했다.\n")[0])
    assert is_named_by_weights(seen("The Ministry of Works published its Harbour Plan.\n")[0])
    assert not is_named_by_weights(seen("国务院印发《新能源发展规划》。\n")[0])


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("위원회는 ?2032년도 콘텐츠 평가 기본계획?을 발표하였다.", ["2032년도 콘텐츠 평가 기본계획"]),
        ("- 해온부, ？기술개발(R&D) 제도혁신 방안？ 마련 -", ["기술개발(R&D) 제도혁신 방안"]),
        ("왜 그런가? 무엇이 문제인가?", []),
        ("Why now? Because we must?", []),
    ],
)
def test_marks_that_a_portal_has_lost_are_quotation_marks(words: str, names: list[str]) -> None:
    assert [words[q.start : q.end] for q in find_quoted(words)] == names


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        (
            "The Harbour Department today launched the Renewing Ports and Inland Waters (RPIW) Grants Program.",
            "Renewing Ports and Inland Waters (RPIW) Grants Program",
        ),
        (
            "The Harbour Department today released its Pilots, Dredging, and Tides (PD&T) Strategic Plan.",
            "Pilots, Dredging, and Tides (PD&T) Strategic Plan",
        ),
        ("In Harwick, Minister Ada Lorne launched the National Ferry Plan.", "National Ferry Plan"),
    ],
    ids=["its short name within", "a list within", "a place before a name"],
)
def test_an_english_title_is_whole(sentence: str, title: str) -> None:
    view, _, names = seen(f"{sentence}\n\n- The department will build test sites.\n")
    assert view.said(names[0][:3]) == title


def test_a_programme_that_money_comes_through_is_no_title() -> None:
    told = "Today, U.S. Harbour Secretary Ada Lorne announced $50 million in grants through the {}Renewing Ports Program{}.\n"
    for mark in ("", "**"):
        view = view_of(told.format(mark, mark) + "\n- The department will build test sites.\n")
        assert [lead.title for lead in find_leads(view)] == [None]
