"""The pages for people: generated references are current, links lead somewhere, the front page stays short."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from pipeline.cli import COMMANDS
from pipeline.cli.reference import reference
from schemas.reference import written

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "eval").rglob("*.md"), ROOT / "tests" / "layouts.md"]
)
_LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def _anchors(page: Path) -> set[str]:
    """What a link into the page may name: its headings as GitHub spells them."""
    headings = _HEADING.findall(_FENCED.sub("", page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in _LINK.findall(_FENCED.sub("", page.read_text("utf-8"))):
        name, _, anchor = link.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), f"{page.name}: {link}"
        assert not anchor or anchor in _anchors(there), f"{page.name}: {link}"


def test_the_reference_of_the_command_line_is_current() -> None:
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == reference(), "type `make reference`"


def test_the_tables_of_the_records_are_current_and_say_what_each_field_means() -> None:
    page = (ROOT / "docs" / "records.md").read_text("utf-8")
    assert page == written(page), "type `make reference`"
    assert not re.search(r"^\| `\w+` \|.*\|  \|$", page, re.MULTILINE), "a field without its meaning"
    assert "| `value` | norm number? |" in page and "enum [TargetGroup](#targetgroup)[0–3]" in page


def test_a_new_field_gets_a_row_and_an_old_one_keeps_its_meaning() -> None:
    page = "<!-- fields Announced -->\n\n| `raw` | ? | as printed |\n| `gone` | span | nothing |\n\n<!-- end -->"
    rows = written(page).splitlines()
    assert rows[2:6] == [
        "| field | kind | meaning |",
        "| --- | --- | --- |",
        "| `value` | norm text? |  |",
        "| `raw` | span | as printed |",
    ]


def test_every_page_can_be_reached_from_the_front_page() -> None:
    linked = {link.partition("#")[0] for link in _LINK.findall((ROOT / "README.md").read_text("utf-8"))}
    assert {f"docs/{page.name}" for page in PAGES if page.parent == ROOT / "docs"} - linked <= {"docs/index.md"}


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_the_front_page_is_short_enough_to_be_read(page: str) -> None:
    assert len((ROOT / page).read_text("utf-8").splitlines()) <= 180


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_a_page_prints_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    for module in set(re.findall(r"python -m ((?:pipeline|schemas|eval)[.\w]*)", text)):
        assert importlib.util.find_spec(module) is not None, f"{page.name}: python -m {module}"
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^ {4})make ([a-z]+)", text, re.MULTILINE)) <= targets
    assert set(re.findall(r"(?:`|^ {4}|^)pams ([a-z]+)", text, re.MULTILINE)) <= set(COMMANDS) | {"reads"}
