"""Pure functions from spans to values: dates, periods, numbers, comparators, deadlines, organisations, places.

A room beside the steps, used by `draft`, `ground`, `merge` and `link`. No function here reads a file after start-up,
knows a model or keeps state; offsets are code points of the text given.
"""

from __future__ import annotations

from pipeline.normalise.cells import parse_quantity
from pipeline.normalise.comparators import comparator_in, turned
from pipeline.normalise.composition import Composed, compose
from pipeline.normalise.datelines import dateline_end
from pipeline.normalise.dates import APOSTROPHE, find_dates, parse_date
from pipeline.normalise.deadlines import find_deadline, find_deadlines
from pipeline.normalise.hanja import fold, simplify
from pipeline.normalise.imprint import find_issue_date, find_issue_year
from pipeline.normalise.jurisdictions import Place, find_place, is_code, place_code
from pipeline.normalise.mentions import Mention
from pipeline.normalise.numbers import find_quantities
from pipeline.normalise.organisations import (
    canonical,
    find_organisations,
    home_of,
    is_shared,
    jurisdiction_of,
    level_of,
)
from pipeline.normalise.partial import PartialDate, resolve
from pipeline.normalise.periods import find_period, find_plan_mentions, plan_period
from pipeline.normalise.phrase import Quantity
from pipeline.normalise.territory import find_territory, shared_place
from pipeline.normalise.units import is_structure_count, is_unit_column, unit_named, unit_note

__all__ = [
    "APOSTROPHE",
    "Composed",
    "Mention",
    "PartialDate",
    "Place",
    "Quantity",
    "canonical",
    "comparator_in",
    "compose",
    "dateline_end",
    "find_dates",
    "find_deadline",
    "find_deadlines",
    "find_issue_date",
    "find_issue_year",
    "find_organisations",
    "find_period",
    "find_place",
    "find_plan_mentions",
    "find_quantities",
    "find_territory",
    "fold",
    "home_of",
    "is_code",
    "is_shared",
    "is_structure_count",
    "is_unit_column",
    "jurisdiction_of",
    "level_of",
    "parse_date",
    "parse_quantity",
    "place_code",
    "plan_period",
    "resolve",
    "shared_place",
    "simplify",
    "turned",
    "unit_named",
    "unit_note",
]
