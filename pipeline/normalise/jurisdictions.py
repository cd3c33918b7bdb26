"""Places and their ISO 3166 codes: provinces, main cities and countries in Korean, Chinese and English.

Korean names by sound and by Sino-Korean reading. The table is `places.toml` and carries its source. A city has the code
of its province (광저우 is `CN-GD`), a district or zone that of the province around it; the European Union is `EU`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pycountry

from pipeline.normalise.hanja import fold
from schemas.vocabulary import GovernmentLevel


class Place(NamedTuple):
    """A place of the table. `bound`: the spelling is also another word; it counts only with 시/성 or hanja behind."""

    code: str
    level: GovernmentLevel
    name: str
    bound: bool = False


_SUFFIX = re.compile(
    r"(?:특별자치시|특별자치도|특별시|광역시|직할시|특별행정구|자치구|자치주|성|시|省|市|特别行政区|(?:壮族|回族"
    r"|维吾尔)?自治区|自治州"
    r"| Province| Municipality| City)?(?: ?(?:인민)?정부|人民政府|政府)?$"
)
_GLOSS = re.compile(r"^(?P<name>[^()]+)\((?P<gloss>[^()]+)\)(?P<rest>.*)$")


@cache
def places() -> dict[str, tuple[Place, ...]]:
    """Every folded spelling and the places it may mean."""
    rows = tomllib.loads(Path(__file__).with_name("places.toml").read_text("utf-8"))["places"]
    table: dict[str, list[Place]] = {}
    for code, level, name, spellings in rows:
        for spelling in spellings.split():
            key = fold(spelling.removesuffix("!").replace("_", " "))
            table.setdefault(key, []).append(Place(code, GovernmentLevel[level.upper()], name, spelling.endswith("!")))
    return {key: tuple(found) for key, found in table.items()}


def find_place(name: str) -> Place | None:
    """The place that `name` means, with or without 시/성/정부 and hanja in brackets; None if unknown or ambiguous."""
    key = fold(name).strip()
    gloss = _GLOSS.match(key)
    if gloss:
        candidates = _look_up(gloss["name"] + gloss["rest"])
        hanja = {place.code for place in _look_up(gloss["gloss"])}
        narrowed = [place for place in candidates if place.code in hanja]
        candidates = tuple(narrowed) or candidates or _look_up(gloss["gloss"])
    else:
        candidates = _look_up(key)
    return candidates[0] if len({place.code for place in candidates}) == 1 else None


def _look_up(key: str) -> tuple[Place, ...]:
    table = places()
    found = table.get(key)
    if found:
        return found
    bare = _SUFFIX.sub("", key).strip()
    return table.get(bare, ()) or table.get(bare.replace(" ", ""), ())


def place_code(name: str) -> str | None:
    """ISO 3166-1 or -2 code of a place name (`CN-GD` for 광저우, 广东省 and Guangdong); None if unknown or ambiguous.

    A name that the table lacks is looked up in `pycountry` by its English or official name.
    """
    place = find_place(name)
    if place is not None:
        return place.code
    key = name.strip()
    if len(key) < 4 or not key.isascii() or len(_look_up(fold(key))) > 1:
        return None
    return _official(key)


def _official(key: str) -> str | None:
    try:
        country = pycountry.countries.lookup(key)
    except LookupError:
        return None
    return str(country.alpha_2)


def is_code(code: str) -> bool:
    """Whether `code` is an ISO 3166-1 or 3166-2 code, or `EU` (reserved in ISO 3166-1)."""
    if code == "EU":
        return True
    table = pycountry.subdivisions if "-" in code else pycountry.countries
    return (table.get(code=code) if "-" in code else table.get(alpha_2=code)) is not None
