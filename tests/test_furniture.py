"""What a page says of itself is furniture, by its structure: landmarks, lists of links, terms of use. The words stay."""

from __future__ import annotations

import pytest

from pipeline.outline import outline
from pipeline.read import document_of, from_text
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.document import Document
from schemas.vocabulary import UnitKind

HEAD = "한결시는 5월 3일 「보행로 정비 추진계획」을 발표했다."
ITEMS = ("낡은 보도 14km를 정비한다.", "음향 신호기 60대를 설치한다.")
BODY = (
    f"<h1>걷기 좋은 길</h1><p>{HEAD}</p><p>{'시민이 걷는 길을 넓고 고르게 한다. ' * 12}</p>"
    f"<ul><li>{ITEMS[0]}</li><li>{ITEMS[1]}</li></ul>"
)
LINKS = "".join(
    f'<li><a href="/{n}">{words}</a> <span>2031-05-0{n}</span></li>'
    for n, words in enumerate(("공원 3곳을 새로 조성한다", "도서관 5곳의 개관을 지원한다", "하천 2곳을 정비한다"), 1)
)


def page(*parts: str) -> Document:
    return document_of(f"<!doctype html><html><body>{''.join(parts)}</body></html>".encode(), "page.html")


def measures(document: Document) -> list[str]:
    return [m.text.text for p in extract_document(document, Settings()).policies for m in p.measures]


def told(document: Document) -> str:
    lines = document.text.split("\n")
    return "\n".join(lines[number - 1] for number in document.furniture)


@pytest.mark.parametrize(
    "part",
    [
        f"<footer><p>{HEAD}</p><ul><li>민원 상담을 지원한다.</li></ul></footer>",
        "<aside><p>오늘의 소식 30건을 제공한다.</p></aside>",
        '<div role="dialog"><p>맞춤 서비스를 제공하기 위해 쿠키를 사용한다.</p></div>',
        f"<div><ul>{LINKS}</ul></div>",
        '<div><a href="#f">새빛북</a> <a href="#t">짹짹</a> <a href="#k">나비톡</a></div>',
    ],
)
@pytest.mark.parametrize("place", ["before", "behind"])
def test_parts_beside_the_item_stay_in_the_text_and_give_nothing(part: str, place: str) -> None:
    plain, whole = page(BODY), page(*((part, BODY) if place == "before" else (BODY, part)))
    assert plain.furniture == () and whole.furniture
    shown = set(document_of(f"<body>{part}</body>".encode(), "part.html").text.split("\n"))
    assert set(told(whole).split("\n")) <= shown and shown - {""} <= set(told(whole).split("\n"))
    assert measures(whole) == measures(plain)


@pytest.mark.parametrize(
    "part",
    [
        "<article><p>길</p><footer>예산 30억 원을 지원한다.</footer></article>",
        '<ul><li><a href="/1">길</a> 넓은 길을 20곳 만들어 시민이 편하게 걷도록 시설을 고치고 정비한다.</li>'
        '<li><a href="/2">등</a> 밝은 등을 30곳에 두어 밤에도 걷도록 한다.</li><li><a href="/3">숲</a> 숲을 가꾼다.</li></ul>',
        '<div>시는 <a href="/1">넓은 길 만들기 계획</a>, <a href="/2">밝은 등 놓기 계획</a>, <a href="/3">숲 가꾸기 계획</a>을 내놓았다.</div>',
    ],
)
def test_what_says_something_beside_its_links_is_none(part: str) -> None:
    assert page(BODY, part).furniture == ()


def test_a_page_that_is_a_list_of_links_keeps_it() -> None:
    assert page(f"<h1>목록</h1><ul>{LINKS}</ul>").furniture == ()


def test_lines_are_numbered_as_they_stand_in_the_text() -> None:
    document = page("<p></p><br><pre>\n가\n나\n</pre>", "<footer>끝</footer>", BODY)
    assert told(document) == "끝"
    roles = [u.kind.value for u in outline(document) if document.text[u.start : u.end] == "끝"]
    assert roles == ["furniture"]


ITEM = f"{HEAD}\n\n- {ITEMS[0]}\n- {ITEMS[1]}\n\n"


@pytest.mark.parametrize(
    "terms",
    [
        "한결소식의 자료는 「공공누리 제1유형: 출처표시」의 조건에 따라 자유롭게 이용이 가능합니다.\n다만, 사진은 제3자에게 저작권이 있으므로 사용할 수 없습니다.\n"
        "기사 이용 시에는 출처를 반드시 표기해야 하며, 위반 시 저작권법에 따라 처벌될 수 있습니다.\n",
        "이 누리집은 맞춤 서비스를 제공하기 위해 쿠키를 사용합니다.\n계속 이용하시면 쿠키 사용에 동의하는 것으로 봅니다.\n",
        "이 자료는 한결시의 보도자료를 전재하여 제공함을 알려드립니다.\n",
    ],
)
def test_terms_of_use_at_the_foot_are_no_measures(terms: str) -> None:
    assert measures(from_text(ITEM + terms)) == list(ITEMS)


@pytest.mark.parametrize(
    ("last", "measure"),
    [
        ("한결시는 저작권 상담소 3곳을 설치한다.", "한결시는 저작권 상담소 3곳을 설치한다."),
        ("한결시는 저작권 상담소 3곳을 설치하고 창작자를 지원한다.", "한결시는 저작권 상담소 3곳을 설치하고"),
    ],
)
def test_a_policy_on_rights_at_the_foot_stays_one(last: str, measure: str) -> None:
    document = from_text(f"{HEAD}\n\n- {ITEMS[0]}\n\n{last}\n")
    kept = [u for u in outline(document) if u.kind is not UnitKind.FURNITURE]
    assert last in [document.text[u.start : u.end] for u in kept]
    assert measure in measures(document)


def test_chinese_and_english_terms() -> None:
    for words in (
        "本网站所有内容版权归明州市人民政府所有。\n未经许可不得转载。\n",
        "This website uses cookies to provide services.\nAll rights reserved.\n",
    ):
        units = outline(from_text(f"明州市人民政府印发《步道建设行动计划》。\n\n- 建设步道十四公里。\n\n{words}"))
        assert [u.role or u.kind.value for u in units][-2:] == ["furniture", "furniture"]
