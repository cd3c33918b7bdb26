"""Prompt sets: they load, their name is their content, and their examples are our own and hold."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import prompts
from pipeline.ask import PromptSet, first_messages, load_prompt_set
from pipeline.cli import main
from pipeline.ground import ground
from pipeline.ground.resolve import Resolver
from pipeline.model import wire_schema
from pipeline.normalise import find_issue_date
from schemas.answer import Answer, Ref
from schemas.document import Article, ArticleUnit, Document, Unit
from schemas.errors import UsageError
from schemas.records import Provenance
from schemas.vocabulary import Instrument, UnitKind

PROVENANCE = Provenance(document_sha256="", prompt_set="", prompt_hash="", schema_hash="", model="", request_ids=())
ALIKE = 10
"""No stretch of so many characters (white space left out) may stand in an example and in a seed."""


def strings_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [s for v in inner for s in strings_in(v)]


def example_article(lines: list[str]) -> tuple[Document, Article]:
    """The document that an example shows: its texts are the lines without ids and marks."""
    text, units = "", []
    for line in lines:
        shown, _, body = line.partition("| ")
        unit_id = shown[shown.index("[") + 1 : shown.index("]")]
        unit = Unit(index=len(units), kind=UnitKind.BULLET, start=len(text), end=len(text) + len(body))
        units.append(ArticleUnit(id=unit_id, unit=unit))
        text += body + "\n"
    document = Document(name="example", text=text, sha256="", encoding="utf-8")
    issue = find_issue_date(text)
    return document, Article(
        document="example", number=1, kind="item", start=0, end=len(text), units=tuple(units), issue_date=issue
    )


@pytest.mark.parametrize("name", prompts.available())
def test_every_set_loads_and_has_what_it_names(name: str) -> None:
    loaded = load_prompt_set(name)
    assert loaded.name == name == loaded.head["name"] and len(loaded.hash) == 16
    assert set(loaded.head["templates"].values()) <= set(loaded.files)
    assert loaded.head["model_size"] in ("small", "large")
    assert loaded.stepwise == (name == "stepwise")


def test_the_sets_that_the_project_promises_are_there() -> None:
    assert {"article", "brief", "stepwise"} <= set(prompts.available())


@pytest.mark.parametrize("name", prompts.available())
def test_any_byte_of_a_set_changes_its_hash(name: str, tmp_path: Path) -> None:
    source = prompts.FOLDER / name
    original = PromptSet(source).hash
    copy = tmp_path / name
    shutil.copytree(source, copy)
    assert PromptSet(copy).hash == original
    files = [p for p in sorted(copy.iterdir()) if p.suffix in (".toml", ".j2", ".json")]
    assert len(files) >= 4
    for file in files:
        before = file.read_bytes()
        file.write_bytes(before + b" ")
        assert PromptSet(copy).hash != original, file.name
        file.write_bytes(before)
    (copy / "new.j2").write_text("")
    assert PromptSet(copy).hash != original


def test_a_set_of_ones_own_is_a_folder(tmp_path: Path) -> None:
    shutil.copytree(prompts.FOLDER / "article", tmp_path / "mine")
    assert load_prompt_set(str(tmp_path / "mine")).name == "mine"


def test_an_unknown_set_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no prompt set 'sonnets'; known sets: article, brief, stepwise"):
        load_prompt_set("sonnets")


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ unheard_of }}", "unheard_of"),
        ("{% for x in missing %}{% endfor %}", "missing"),
        ("{{ units.__class__.__mro__ }}", "unsafe"),
        ("{% if %}", "template 'user'"),
    ],
)
def test_a_missing_variable_is_an_error_that_names_it(tmp_path: Path, template: str, words: str) -> None:
    shutil.copytree(prompts.FOLDER / "article", tmp_path / "mine")
    (tmp_path / "mine" / "user.md.j2").write_text(template)
    with pytest.raises(UsageError) as caught:
        PromptSet(tmp_path / "mine").render("user", units="x")
    assert words in str(caught.value) and "'mine'" in str(caught.value)


def test_a_missing_template_is_an_error_that_names_it() -> None:
    with pytest.raises(UsageError, match="no template 'sonnet'"):
        load_prompt_set("article").render("sonnet")


def test_what_a_document_says_is_never_a_template() -> None:
    shown = load_prompt_set("article").render(
        "user", document="{{ 7 * 7 }}", number=1, issue_date="", units="[1] | {{ 7 * 7 }} {% raw %}", hint=""
    )
    assert "{{ 7 * 7 }} {% raw %}" in shown and "49" not in shown


@pytest.mark.parametrize("example", load_prompt_set("article").examples, ids=lambda e: e["article"][0][:20])
def test_the_examples_hold_in_their_own_article(example: dict[str, Any]) -> None:
    document, article = example_article(example["article"])
    answer = Answer.model_validate(example["answer"])
    result = ground(document, article, answer, PROVENANCE)
    assert result.refusals == []
    assert len(result.policies) == len(answer.policies)
    for policy, given in zip(result.policies, answer.policies, strict=True):
        assert len(policy.measures) == len(given.measures) and len(policy.targets) == len(given.targets)
        assert not policy.flags and not any(t.flags for t in policy.targets)
        assert all(t.deadline_basis == "stated" for t in policy.targets if t.deadline and not policy.period_end)
    assert Answer.model_validate_json(json.dumps(example["answer"])) == answer


def test_the_stepwise_examples_have_values_of_the_lists() -> None:
    examples = load_prompt_set("stepwise").examples
    assert {e["value"] for e in examples["instrument"]} <= {i.value for i in Instrument}
    assert {e["value"] for e in examples["act"]} == {"A", "B"}


@pytest.mark.parametrize("name", prompts.available())
def test_examples_are_our_own_texts_and_never_the_seeds(name: str, seeds: Path) -> None:
    sources = ["".join(p.read_text("utf-8").split()) for p in sorted(seeds.glob("*.txt"))]
    assert len(sources) == 4
    for said in strings_in(load_prompt_set(name).examples):
        squeezed = "".join(said.split())
        for i in range(len(squeezed) - ALIKE + 1):
            assert not any(squeezed[i : i + ALIKE] in source for source in sources), squeezed[i : i + ALIKE]


def test_the_letters_of_the_instruments_are_all_there() -> None:
    """One letter an instrument, in the order of the vocabulary: the question depends on it."""
    shown = load_prompt_set("stepwise").render(
        "instrument", text="x", options=[{"letter": "A", "en": "e", "ko": "k"}], examples={"instrument": [], "act": []}
    )
    assert "A: e (k)" in shown and shown.endswith("Measure: x\nAnswer:")
    assert len(Instrument) == 20


def test_the_article_set_names_every_field_of_the_answer() -> None:
    system = first_messages("", example_article(["[1] | x"])[1], load_prompt_set("article"))[0]["content"]
    fields = {n for d in wire_schema(Answer)["$defs"].values() for n in d.get("properties", {})}
    assert {f for f in fields if f not in system} <= {"role"}  # The first issuer is the issuer, the rest joint.


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("prompt.toml", b"name = ", "prompt.toml"),
        ("prompt.toml", b"\xff\xfe", "no UTF-8"),
        ("prompt.toml", b"", "stages"),
        ("prompt.toml", b'stages = 5\nmax_tokens = 9\n[templates]\nsystem = "system.md.j2"', "stages"),
        ("prompt.toml", b'stages = ["answer"]\nmax_tokens = "x"\n[templates]\n', "max_tokens"),
        ("prompt.toml", b'stages = ["answer"]\nmax_tokens = -1\n[templates]\n', "max_tokens"),
        ("prompt.toml", b'stages = ["answer"]\nmax_tokens = 9\n[templates]\nsystem = 5', "templates.system"),
        ("prompt.toml", b'stages = ["answer"]\nmax_tokens = 9\n[templates]\nsystem = "../x"', "template 'system'"),
        ("prompt.toml", b'stages = ["act"]\nmax_tokens = 9\n[templates]\nact = "user.md.j2"\ninstrument = "user.md.j2"', "examples.json"),
        ("examples.json", b"{", "examples.json"),
        ("examples.json", b"[" * 100_000, "nested too deeply"),
        ("examples.json", b"5", "examples.json"),
        ("examples.json", b'[{"article": "x", "answer": {}}]', "article"),
        ("examples.json", b'[{"article": ["x"]}]', "answer"),
        ("user.md.j2", b"{% if %}", "user.md.j2"),
        ("user.md.j2", b"{{ 1 / 0 }}", "ZeroDivisionError"),
        ("user.md.j2", b"{{ units.nothing.of }}", "no attribute"),
        ("user.md.j2", b"{{ ().__class__ }}", "unsafe"),
        ("user.md.j2", b"{{ range(10 ** 9) }}", "OverflowError"),
        ("user.md.j2", b"x" * 2_000_001, "more than 2 MB"),
    ],
)  # fmt: skip
def test_a_broken_set_is_told_with_its_file_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, content: bytes, words: str
) -> None:
    shutil.copytree(prompts.FOLDER / "article", tmp_path / "set")
    (tmp_path / "set" / file).write_bytes(content)
    (tmp_path / "a.txt").write_text("01 한빛시, '하천 계획' 발표\n\n- 한빛시는 '하천 계획'을 발표\n", "utf-8")
    address = ["--endpoint", "openai", "--base-url", "http://127.0.0.1:9/v1", "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as left:
        main(["extract", str(tmp_path / "a.txt"), "--prompts", str(tmp_path / "set"), *address])
    shown = capsys.readouterr()
    assert left.value.code in (1, 2) and words in " ".join((shown.err + shown.out).split())
    assert "fault of pams" not in shown.err + shown.out


def test_a_link_in_a_set_is_not_followed(tmp_path: Path) -> None:
    """It could name any file of this machine, which would be sent."""
    shutil.copytree(prompts.FOLDER / "article", tmp_path / "set")
    (tmp_path / "precious").write_text("precious")
    for name in ("more.j2", "examples.json"):
        (tmp_path / "set" / name).unlink(missing_ok=True)
        (tmp_path / "set" / name).symlink_to(tmp_path / "precious")
        with pytest.raises(UsageError, match=f"{name}: is a link"):
            PromptSet(tmp_path / "set")
        (tmp_path / "set" / name).unlink()


@pytest.mark.parametrize("name", ["가" * 100, "./" + "가" * 100, "/dev/null", "./nothing", "/"])
def test_a_name_that_no_set_can_have_is_an_unknown_set(name: str) -> None:
    with pytest.raises(UsageError, match="there is no prompt set"):
        load_prompt_set(name)


ORDER = {name: list(d["properties"]) for name, d in wire_schema(Answer)["$defs"].items() if "properties" in d}
PARTS = {
    "policies": "PolicyA",
    "issuers": "IssuerA",
    "measures": "MeasureA",
    "targets": "TargetA",
    "references": "ReferenceA",
}


def out_of_order(value: Any, kind: str = "Ref") -> list[list[str]]:
    """The objects in an answer whose keys do not stand in the order of the schema."""
    if isinstance(value, list):
        return [wrong for item in value for wrong in out_of_order(item, kind)]
    if not isinstance(value, dict):
        return []
    keys = list(value)
    known = ["policies"] if "policies" in value else ORDER[kind]
    wrong = [] if keys == [key for key in known if key in keys] else [keys]
    return wrong + [w for key, item in value.items() for w in out_of_order(item, PARTS.get(key, "Ref"))]


def test_required_fields_stand_first_in_the_schema() -> None:
    """A grammar made of the schema writes them first, wherever they stand in it."""
    for name, definition in wire_schema(Answer)["$defs"].items():
        required = definition.get("required", [])
        assert ORDER.get(name, [])[: len(required)] == required, name


@pytest.mark.parametrize("examples", [True, False])
def test_prompt_and_examples_have_the_order_of_the_schema(examples: bool) -> None:
    """A model under such a grammar cannot write what it is shown in another order: after the last, nothing can come."""
    article = example_article(["[1] | x"])[1]
    system = first_messages("", article, load_prompt_set("article"), examples=examples)[0]["content"]
    shown = [line for line in system.splitlines() if line.startswith('{"policies":')]
    assert len(shown) == 1 + examples * len(load_prompt_set("article").examples)
    for line in shown:
        answer = json.loads(re.sub(r"(?<=[:\[])…", '"…"', line))
        assert answer["policies"][0]["measures"] and out_of_order(answer) == []


def test_a_reask_repeats_places_in_the_order_of_the_schema() -> None:
    document, article = example_article(["[1] | x"])
    resolver = Resolver(document, article, PROVENANCE)
    resolver.refuse("policies[0].title", Ref(u="1", quote="y", nth=2), "why")
    assert resolver.refusals[0].given == '{"u":"1","quote":"y","nth":2}'
