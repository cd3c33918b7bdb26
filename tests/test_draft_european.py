"""Acts of the European Union and of the Communities before it: title, who adopts, the day."""

from __future__ import annotations

import pytest

from pipeline.draft.grammar.european import european_act
from tests.outlining import view_of

BODY = "HAS ADOPTED THIS {}:\n\nArticle 1\nMember States shall keep a register of paint shops.\n"


def act(text: str) -> tuple[str, list[str], str | None] | None:
    """Title, who adopts and the day of the act that a text is."""
    view = view_of(text)
    lead = european_act(view)
    if lead is None or lead.title is None:
        return None
    day = view.said(lead.day) if lead.day is not None else None
    return " ".join(view.said(lead.title).split()), [view.said(who) for who in lead.issuers], day


@pytest.mark.parametrize(
    ("head", "who", "title", "issuers", "day"),
    [
        (
            "COMMISSION IMPLEMENTING REGULATION (EU) 2031/417 of 3 March 2031 on the labelling of paint", "THE EUROPEAN COMMISSION,",
            "COMMISSION IMPLEMENTING REGULATION (EU) 2031/417 of 3 March 2031 on the labelling of paint", ["EUROPEAN COMMISSION"], "3 March 2031",
        ),
        (
            "COUNCIL DIRECTIVE of 4 May 1971 on the storage of solvents (71/212/EEC)", "THE COUNCIL OF THE EUROPEAN COMMUNITIES,",
            "COUNCIL DIRECTIVE of 4 May 1971 on the storage of solvents (71/212/EEC)", ["COUNCIL OF THE EUROPEAN COMMUNITIES"], "4 May 1971",
        ),
        (
            "82/318/EEC: Commission Decision of 6 May 1982 on aid for dyers in Lucania", "THE COMMISSION OF THE EUROPEAN COMMUNITIES,",
            "Commission Decision of 6 May 1982 on aid for dyers in Lucania", ["COMMISSION OF THE EUROPEAN COMMUNITIES"], "6 May 1982",
        ),
        (
            "REGULATION (EEC) No 2417/72 OF THE COUNCIL of 9 June 1972 on the carriage of dyes", "THE COUNCIL OF THE EUROPEAN COMMUNITIES,",
            "REGULATION (EEC) No 2417/72 OF THE COUNCIL of 9 June 1972 on the carriage of dyes", ["COUNCIL OF THE EUROPEAN COMMUNITIES"], "9 June 1972",
        ),
        (
            "REGULATION No 213 OF THE COUNCIL on the sale of paint", "THE COUNCIL OF THE EUROPEAN ECONOMIC COMMUNITY,",
            "REGULATION No 213 OF THE COUNCIL on the sale of paint", ["COUNCIL OF THE EUROPEAN ECONOMIC COMMUNITY"], None,
        ),
    ],
    ids=["of today", "its number behind", "its number before", "of the Council", "without a year"],
)  # fmt: skip
def test_an_act_tells_its_title_who_adopts_and_the_day(
    head: str, who: str, title: str, issuers: list[str], day: str | None
) -> None:
    kind = next(k for k in ("REGULATION", "DIRECTIVE", "DECISION") if k in head.upper())
    for between in ("\n", "\n\n"):  # the same where its lines became one paragraph
        assert act(f"{head}{between}{who}\n\n{BODY.format(kind)}") == (title, issuers, day)


@pytest.mark.parametrize(
    ("head", "issuers"),
    [
        (
            "DIRECTIVE 2031/91/EU OF THE EUROPEAN PARLIAMENT AND OF THE COUNCIL of 3 March 2031 on paint",
            ["EUROPEAN PARLIAMENT", "COUNCIL"],
        ),
        ("COMMISSION REGULATION (EC) No 418/2031 of 3 March 2031 on the Commission’s paint shops", ["COMMISSION"]),
    ],
)
def test_where_no_line_tells_who_adopts_the_title_does(head: str, issuers: list[str]) -> None:
    found = act(f"{head}\n\nArticle 1\nMember States shall keep a register of paint shops.\n")
    assert found is not None and found[1] == issuers


@pytest.mark.parametrize(
    "text",
    [
        "Council Directive 98/70/EC is cited in the plan of the ministry.\n\nThe ministry will repair harbours.\n",
        "The Commission proposed a Regulation on paint.\n\nHAS ADOPTED THIS REGULATION:\n",
        "Decision of the board on its rooms\n\nHAS ADOPTED THIS DECISION:\n",
    ],
)
def test_what_only_names_an_act_is_none(text: str) -> None:
    assert act(text) is None
