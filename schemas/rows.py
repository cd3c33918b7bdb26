"""An answer in rows: what a model writes where the prompt set asks for `form = "rows"`.

It says only what code cannot know; `pipeline.ask.rows` makes an `Answer` of it. A measure, target or reference is one
string with `|` between its columns, and places are strings too (`12`, `12:words`, `12:first…last`): an object for each
costs three times the tokens, an array half as much again, and arrays of fixed items are what strict JSON schema and
grammars of local servers do not take. Words of closed lists are English words of one token each, so that codes of two
letters would save nothing.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from schemas.answer import Wire
from schemas.vocabulary import DocumentType, GovernmentLevel, Instrument, Status, TargetGroup, TechnologyField

INSTRUMENTS = {
    "plan": Instrument.STRATEGY_PLAN,
    "body": Instrument.GOVERNANCE_BODY,
    "outreach": Instrument.INTELLIGENCE_OUTREACH,
    "standards": Instrument.STANDARDS_CERTIFICATION,
    "funding": Instrument.PUBLIC_RESEARCH_FUNDING,
    "grant": Instrument.BUSINESS_GRANT,
    "procurement": Instrument.PROCUREMENT,
    "finance": Instrument.FINANCE,
    "tax": Instrument.TAX_RELIEF,
    "talent": Instrument.TALENT,
    "network": Instrument.NETWORK_CLUSTER,
    "platform": Instrument.INFRASTRUCTURE_PLATFORM,
    "data": Instrument.DATA_INFORMATION,
    "advice": Instrument.ADVISORY_INCUBATION,
    "rule": Instrument.REGULATION_MARKET_ACCESS,
    "patents": Instrument.INTELLECTUAL_PROPERTY,
    "award": Instrument.AWARDS_DESIGNATION,
    "pilot": Instrument.DEMONSTRATION_APPLICATION,
    "technology": Instrument.TECHNOLOGY_DEVELOPMENT,
    "other": Instrument.OTHER,
}
GROUPS = {
    "universities": TargetGroup.UNIVERSITIES,
    "institutes": TargetGroup.PUBLIC_RESEARCH,
    "researchers": TargetGroup.RESEARCHERS,
    "students": TargetGroup.STUDENTS_TEACHERS,
    "firms": TargetGroup.FIRMS,
    "smes": TargetGroup.SMES,
    "large": TargetGroup.LARGE_FIRMS,
    "foreign": TargetGroup.FOREIGN_FIRMS,
    "startups": TargetGroup.STARTUPS,
    "investors": TargetGroup.INVESTORS,
    "intermediaries": TargetGroup.INTERMEDIARIES,
    "government": TargetGroup.GOVERNMENT,
    "society": TargetGroup.SOCIETY,
}
FIELDS = {
    "ict": TechnologyField.ICT_TELECOM,
    "ai": TechnologyField.AI_DATA_SOFTWARE,
    "chips": TechnologyField.SEMICONDUCTORS,
    "manufacturing": TechnologyField.ROBOTICS_MANUFACTURING,
    "bio": TechnologyField.BIO_HEALTH,
    "energy": TechnologyField.ENERGY,
    "transport": TechnologyField.TRANSPORT_NEV,
    "materials": TechnologyField.NEW_MATERIALS,
    "space": TechnologyField.AEROSPACE,
    "marine": TechnologyField.MARINE,
    "quantum": TechnologyField.QUANTUM,
    "environment": TechnologyField.ENVIRONMENT,
    "farming": TechnologyField.AGRICULTURE,
    "science": TechnologyField.BASIC_SCIENCE,
    "services": TechnologyField.BUSINESS_SERVICES,
    "cross": TechnologyField.CROSS_CUTTING,
}


def _as_words(value: object) -> object:
    """A number as text; a list as the words it holds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _as_row(value: object) -> object:
    """A row given as a list is its columns."""
    return "|".join(map(str, value)) if isinstance(value, list) else _as_words(value)


def _as_list(value: object) -> object:
    """One place alone is a list of it; an empty one is none."""
    return ([value] if value != "" else []) if isinstance(value, str | int | float) else value


def _or_none(value: object) -> object:
    return None if value == "" else value


Words = Annotated[str, BeforeValidator(_as_words, json_schema_input_type=str)]
Row = Annotated[str, BeforeValidator(_as_row, json_schema_input_type=str)]
Places = Annotated[list[Words], BeforeValidator(_as_list, json_schema_input_type=list[str])]


class PolicyR(Wire):
    """One policy. Places are strings; the empty string is nothing."""

    announcement: Words
    type: DocumentType
    title: Words = ""
    original: Words = ""
    status: Annotated[Status | None, BeforeValidator(_or_none)] = None
    """Null: adopted."""
    issuers: Places = Field(default_factory=list)
    level: Annotated[GovernmentLevel | None, BeforeValidator(_or_none)] = None
    date: Words = ""
    period: Words = ""
    """Empty: the years in the title, if it has any."""
    objective: Words = ""
    fields: Words = ""
    """Words of `FIELDS`."""
    evidence: Places = Field(default_factory=list)
    measures: list[Row] = Field(default_factory=list)
    """`place|words|exceptions`: words of `INSTRUMENTS`, `GROUPS`, `FIELDS` and of the action's status."""
    targets: list[Row] = Field(default_factory=list)
    """`place of the number|indicator|exceptions`."""
    references: list[Row] = Field(default_factory=list)
    """`place of the title|kind|place of the address`."""


class AnswerR(Wire):
    """Everything said about the articles of one question."""

    policies: list[PolicyR] = Field(default_factory=list)
