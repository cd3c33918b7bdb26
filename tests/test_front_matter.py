"""The head of a Markdown file, and Markdown files that hold the body of a web page."""

from __future__ import annotations

import pytest
from test_furniture import HEAD, ITEMS, measures

from pipeline.outline import outline
from pipeline.read import document_of, from_text
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.vocabulary import UnitKind

FRONT = """---
title: "걷기 좋은 길"
ministry: "한결시"
news_item_id: "156587276"
tags:
  - 보행
---

"""


def test_the_head_of_a_markdown_file_is_what_its_page_says_of_itself() -> None:
    body = f"# 걷기 좋은 길\n\n{HEAD}\n\n- {ITEMS[0]}\n- {ITEMS[1]}\n"
    document = document_of((FRONT + body).encode(), "post.md")
    assert document.furniture == (2, 3, 4, 5, 6)
    (policy,) = extract_document(document, Settings()).policies
    assert policy.title is not None and policy.title.text == "보행로 정비 추진계획"
    assert policy.announcement.start > document.text.index("# 걷기")
    assert measures(document) == measures(from_text(body, "post.md"))


def test_a_title_that_stands_in_the_head_alone_stays_the_headline() -> None:
    document = document_of((FRONT + f"{HEAD}\n").encode(), "post.md")
    assert document.furniture == (3, 4, 5, 6)


@pytest.mark.parametrize("text", ["---\n안녕하세요. 오늘은 맑다.\n---\n", "---\nkey: value\n", "key: value\n---\n"])
def test_rules_around_other_words_are_no_head(text: str) -> None:
    assert from_text(text).furniture == ()


PAGE = """---
title: "Ministry launches
  Data Strategy"
date: 2031-03-05
layout: post
---
<h2>Better data for all</h2>
<p>The Ministry of Data today launched the
National Data Strategy.</p>
<ul class="tight">
<li>
<p>It will fund 20 centres by 2037.</p>
</li>
</ul>
"""


def test_the_body_of_a_web_page_in_a_markdown_file_is_read_as_one() -> None:
    document = document_of(PAGE.encode(), "post.md")
    assert document.format == "html" and "<" not in document.text and "layout" not in document.text
    units = [(u.kind, document.text[u.start : u.end]) for u in outline(document)]
    assert units[0] == (UnitKind.HEADING, "Ministry launches Data Strategy")
    assert (UnitKind.BULLET, "It will fund 20 centres by 2037.") in units
    (policy,) = extract_document(document, Settings()).policies
    assert policy.title is not None and policy.title.text == "National Data Strategy"


@pytest.mark.parametrize(
    "text",
    [
        '<p align="center"><img src="logo.png"></p>\n\n# Data Strategy\n\n- It funds 20 centres.\n\n<p>end</p>\n',
        "# Data Strategy\n\n<p>It funds 20 centres.</p>\n",
        "It funds <b>20</b> centres.\n",
    ],
)
def test_markdown_with_some_tags_stays_markdown(text: str) -> None:
    assert document_of(text.encode(), "readme.md").format == "markdown"
