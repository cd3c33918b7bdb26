"""stip: a row for each policy and instrument, under the column names of the EC-OECD STIP Compass download.

An act without a named document has no name here, and a policy without measures one row without an instrument. Years
are the stated ones: the year of the announcement is no start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pycountry

from pipeline.export.neutralise import neutralise
from pipeline.export.write_csv import CsvFile
from schemas.records import Policy
from schemas.vocabulary import Instrument, TargetGroup

FILE = "stip.csv"
GROUPS = sorted({code for group in TargetGroup for code in group.stip}, key=lambda code: int(code.removeprefix("TG")))
"""All target-group codes of the vocabulary, in numeric order."""
FACTS = (
    "InitiativeID",
    "NameOriginalLanguage",
    "CountryCode",
    "StartDateYear",
    "EndDateYear",
    "InstrumentTypeCode",
    "InstrumentTypeLabel",
)
HEADER = (*FACTS, *GROUPS)


def write_stip(policies: Iterable[Policy], room: Path, language: str) -> None:
    """Writes the file into a folder; labels of instruments in `ko` or `en`. Raises `OSError`."""
    with closing(CsvFile(room / FILE, HEADER)) as file:
        for policy in policies:
            for row in _rows(policy, language):
                file.add(row)


def _rows(policy: Policy, language: str) -> Iterator[list[str | int]]:
    name = policy.title_original or policy.title
    facts = (neutralise(policy.id), _text(name.text if name else None), country_code(policy.jurisdiction))
    years = ["" if year is None else year for year in (policy.period_start, policy.period_end)]
    for instrument in dict.fromkeys(m.instrument for m in policy.measures) or (None,):
        codes, label = (";".join(instrument.stip), instrument.label(language)) if instrument else ("", "")
        addressed = _addressed(policy, instrument)
        yield [*facts, *years, codes, label, *(int(code in addressed) for code in GROUPS)]


def _addressed(policy: Policy, instrument: Instrument | None) -> set[str]:
    """Target-group codes of the policy's measures with this instrument."""
    measures = (m for m in policy.measures if m.instrument is instrument)
    return {code for m in measures for group in m.target_groups for code in group.stip}


def _text(text: str | None) -> str:
    return neutralise(text) if text else ""


def country_code(jurisdiction: str | None) -> str:
    """The country of a jurisdiction in three letters, as the download has it; `EU` stays, empty where not stated."""
    alpha_2 = (jurisdiction or "").split("-")[0]
    country = pycountry.countries.get(alpha_2=alpha_2) if alpha_2 else None
    return str(country.alpha_3) if country is not None else _text(alpha_2)
