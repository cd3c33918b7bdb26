"""What may be the name of who issues, and what a headline or a cut quotation only begins with."""

from __future__ import annotations

import pytest

from pipeline.draft.grammar.announce import lead_at
from pipeline.draft.grammar.issuers import may_be_body
from tests.outlining import view_of


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("Department of Harbours and Tides", True),
        ("The Ministry of Trade, Industry and Resources (MOTIR)", True),
        ("government of Saskora", True),
        ("해양수산부", True),
        ("海州市人民政府", True),
        ("New rules for durable", False),
        ("Liveability & Sustainability Innovations Grant", False),
        ("Treasury and Harbour Board Expand", False),
        ("The Climate City Contract Action", False),
        ("文件依据：《海州市人民政府", False),
    ],
)
def test_a_name_of_a_body(words: str, is_one: bool) -> None:
    view = view_of(f"{words}\n\nSomething else stands here, and it is much longer than the line above it is.\n")
    u = next(u for u in view.units if view.words(u).startswith(words[:4]))
    lead = lead_at(view, view.units[-1], [])
    assert may_be_body(view, lead, (u, 0, len(words))) is is_one
