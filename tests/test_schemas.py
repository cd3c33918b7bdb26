"""The contract: vocabularies with labels, records that refuse what is not in them, errors as one tree."""

from __future__ import annotations

import enum
import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

import eval
import pipeline
import schemas.answer
import schemas.document
import schemas.errors
import schemas.records
from pipeline.model import wire_schema
from schemas import errors, vocabulary
from schemas.answer import Answer, MeasureA, PolicyA, Ref
from schemas.records import Policy, Span
from schemas.vocabulary import Instrument, InstrumentCategory, TargetGroup, Term

TERMS = [c for _, c in inspect.getmembers(vocabulary, inspect.isclass) if issubclass(c, Term) and c is not Term]
MODELS = [
    c
    for module in (schemas.answer, schemas.document, schemas.records)
    for _, c in inspect.getmembers(module, inspect.isclass)
    if issubclass(c, BaseModel) and c.__module__ == module.__name__
]


@pytest.mark.parametrize("term", TERMS, ids=lambda t: t.__name__)
def test_every_value_has_a_korean_and_an_english_label(term: type[Term]) -> None:
    for member in term:
        assert re.fullmatch("[a-z_]+", member.value) and member.value != "unknown"
        assert member.label("ko") == member.ko and member.label("en") == member.en == member.label()
        assert member.ko and member.en and (re.search("[가-힣]", member.ko) or member.ko == "=")
    assert len({m.ko for m in term}) == len({m.en for m in term}) == len(list(term))
    assert term.__doc__


def test_the_instruments_are_the_twenty_groups_of_the_standard() -> None:
    assert len(Instrument) == 20
    codes = [c for i in Instrument for c in i.stip]
    assert sorted(codes) == [f"PI{n:03}" for n in range(6, 34)]  # Every instrument of the taxonomy, each in one group.
    assert {i.value for i in Instrument if not i.stip} == {
        "demonstration_application",
        "technology_development",
        "other",
    }
    assert Instrument.TAX_RELIEF.category is InstrumentCategory.INDIRECT_FINANCE
    assert {i.category for i in Instrument} == set(InstrumentCategory)


def test_the_target_groups_are_the_standards() -> None:
    codes = [c for g in TargetGroup for c in g.stip]
    assert len(set(codes)) == len(codes) and {f"TG{n}" for n in range(9, 43)} - set(codes) <= {"TG39"}


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_model_is_documented_and_closed(model: type[BaseModel]) -> None:
    assert model.__doc__ and model.__doc__ != BaseModel.__doc__
    assert model.model_config.get("extra") == "forbid"


def test_records_cannot_be_changed() -> None:
    span = Span(start=0, end=1, text="a")
    with pytest.raises(ValidationError):
        span.end = 5  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Span.model_validate({"start": 0, "end": 1, "text": "a", "note": "b"})


def test_no_field_of_a_record_is_free_text() -> None:
    """Strings of a policy are ids, names of files, and norms; all words stand in spans."""
    schema = Policy.model_json_schema()
    named = {"id", "document", "canonical", "text", "jurisdiction", "currency", "value", "measure_id", "unit", "deadline",
             "document_sha256", "prompt_set", "prompt_hash", "schema_hash", "model"}  # fmt: skip
    for definition in [schema, *schema["$defs"].values()]:
        for name, field in definition.get("properties", {}).items():
            kinds = [field, *field.get("anyOf", [])]
            if any(k.get("type") == "string" and "enum" not in k for k in kinds):
                assert name in named, name


def test_references_are_taken_in_every_form() -> None:
    for given in ("5", 5, {"u": "5"}, {"u": 5}, Ref(u="5")):
        assert MeasureA.model_validate({"at": given, "instrument": "other"}).at == Ref(u="5")
    ref = Ref.model_validate({"u": "5", "from": "a", "to": "b", "to_u": 6})
    assert (ref.from_, ref.to, ref.to_u) == ("a", "b", "6")
    assert ref.model_dump(by_alias=True, exclude_none=True) == {"u": "5", "from": "a", "to": "b", "to_u": "6"}
    for wrong in (None, True, [], {"unit": "5"}, {"u": "5", "text": "x"}):
        with pytest.raises(ValidationError):
            MeasureA.model_validate({"at": wrong, "instrument": "other"})


def test_an_answer_holds_nothing_but_ids_quotes_and_closed_lists() -> None:
    for wrong in ({"instrument": "magic"}, {"value": 5}, {"target_groups": ["everybody"]}, {"action_status": None}):
        with pytest.raises(ValidationError):
            MeasureA.model_validate({"at": "5", "instrument": "other"} | wrong)
    with pytest.raises(ValidationError):
        PolicyA.model_validate({"announcement": "1", "document_type": "plan", "summary": "free text"})
    assert Answer.model_validate({"policies": []}) == Answer()


def test_flags_are_no_part_of_what_is_asked() -> None:
    wire = json.dumps(wire_schema(Answer))
    assert "flags" not in wire and "model_disagrees" not in wire
    assert "description" not in wire and '"from"' in wire


def test_errors_are_one_tree_in_code_docstring_and_docs() -> None:
    for package in (pipeline, eval):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and module.name != "pipeline.read.child":
                importlib.import_module(module.name)  # an error that stands elsewhere would be found now
    assert _drawn(errors.__doc__ or "") == dict(_tree(errors.PamsError))
    page = (Path(__file__).parent.parent / "docs" / "architecture.md").read_text("utf-8")
    assert _drawn(page[page.index("\nPamsError\n") :]) == dict(_tree(errors.PamsError))
    assert errors.OutputUnwritable("x").kind == "output_unwritable"


def _tree(kind: type[errors.PamsError]) -> Iterator[tuple[str, tuple[str, int]]]:
    """Name → base and exit code of each error below `kind`."""
    for below in kind.__subclasses__():
        assert below.__module__ == "schemas.errors" and below.__doc__, below
        yield below.__name__, (kind.__name__, below.exit_code)
        yield from _tree(below)


def _drawn(tree: str) -> dict[str, tuple[str, int]]:
    """The same, read from the drawing; an exit code is that of the nearest line above that names one, else 1."""
    found: dict[str, tuple[str, int]] = {}
    above = [("PamsError", 1)]
    for bars, name, told, code in re.findall(r"^((?:│   )?[├└]── )(\w+)(.*?)(?:exit (\d+))?$", tree, re.MULTILINE):
        assert told.strip(), name
        del above[len(bars) // 4 :]
        found[name] = (above[-1][0], int(code) if code else above[-1][1])
        above.append((name, found[name][1]))
    return found


def test_enumerations_without_labels_are_only_the_layout_roles() -> None:
    plain = [
        c
        for _, c in inspect.getmembers(vocabulary, inspect.isclass)
        if issubclass(c, enum.Enum) and not issubclass(c, Term)
    ]
    assert [c.__name__ for c in plain if c.__module__ == vocabulary.__name__] == ["UnitKind"]
