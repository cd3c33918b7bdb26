"""Gold files: quotes resolve exactly where they say, and what is wrong is said with file, record and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from eval_samples import gold_yaml, sample
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.labelled.labels import DocumentLabels
from eval.labelled.load import check_gold, gold_hash, load_gold, load_gold_file
from eval.labelled.quotes import Lines, QuoteNotFound, resolve
from schemas.errors import GoldInvalid, UsageError

TEXT = "Title\n\n- (a) one two two\n  three four\nlast 두 번째\n"


def resolved(spec: str, text: str = TEXT) -> str:
    span = resolve(spec, Lines(text))
    assert text[span.start : span.end] == span.text
    return span.text


@pytest.mark.parametrize(
    ("spec", "quote"),
    [
        ("1: Title", "Title"),
        ("3: (a) one", "(a) one"),
        ("3#2: two", "two"),
        ("3-4: two two three four", "two two\n  three four"),
        ("3-4: one [...] four", "one two two\n  three four"),
        ("3: one [...] two", "one two"),
        ("5: last 두 번째", "last 두 번째"),
    ],
)
def test_quotes_that_resolve(spec: str, quote: str) -> None:
    assert resolved(spec) == quote


def test_the_second_occurrence_is_the_second() -> None:
    assert resolve("3#2: two", Lines(TEXT)).start == TEXT.index("two two") + 4


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("two", "write 'LINE: verbatim quote'"),
        ("3: two", "occurs 2 times"),
        ("3#3: two", "there is no #3"),
        ("1: one", "from line 3"),
        ("3: one four", "not found on line 3"),
        ("3: one two two three", "not found on line 3"),
        ("3-4: one", "ends on line 3, not 4"),
        ("2-4: one two", "not found on lines 2-4 but from line 3"),
        ("9: x", "which has 6 lines"),
        ("4-3: x", "no range"),
    ],
)
def test_quotes_that_do_not_say_what_to_fix(spec: str, said: str) -> None:
    with pytest.raises(QuoteNotFound, match=said):
        resolve(spec, Lines(TEXT))


@given(st.text(alphabet="ab \n", min_size=1, max_size=40), st.data())
@settings(max_examples=100, deadline=None)
def test_every_stretch_can_be_quoted(text: str, data: st.DataObject) -> None:
    words = [w for w in text.split(" ") if w.strip()]
    if not words:
        return
    word = data.draw(st.sampled_from(words)).strip()
    start = text.index(word)
    first, last = text.count("\n", 0, start) + 1, text.count("\n", 0, start + len(word) - 1) + 1
    spec = f"{first}-{last}" if last > first else str(first)
    assert resolved(f"{spec}#1: {word}", text) == word


@pytest.fixture
def gold(tmp_path: Path) -> DocumentLabels:
    labels = sample(2, 4)
    (tmp_path / "doc.txt").write_bytes(labels.text.encode())
    (tmp_path / "doc.yaml").write_text(gold_yaml(labels), encoding="utf-8")
    return labels


def broken(folder: Path, change: Any) -> list[str]:
    """Problems of the gold file after `change` was made to its content."""
    content = yaml.safe_load((folder / "doc.yaml").read_text(encoding="utf-8"))
    change(content)
    path = folder / "broken.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return [str(p) for p in check_gold(path, [folder])]


def test_a_gold_file_is_read_as_it_was_meant(tmp_path: Path, gold: DocumentLabels) -> None:
    (loaded,) = load_gold(tmp_path, tmp_path)
    first, meant = loaded.policies[0], gold.policies[0]
    assert [m.text for m in first.measures] == [m.text for m in meant.measures]
    assert [(t.raw, t.value, t.measure) for t in first.targets] == [(t.raw, t.value, t.measure) for t in meant.targets]
    assert (first.title, first.issuers, first.announced_value) == (meant.title, meant.issuers, meant.announced_value)
    assert not loaded.prose
    assert loaded.not_targets == gold.not_targets


def test_its_hash_changes_with_a_label_and_not_with_a_note(tmp_path: Path, gold: DocumentLabels) -> None:
    other = gold.model_copy(update={"policies": gold.policies[:1]})
    assert gold_hash([gold]) == gold_hash([gold.model_copy(update={"notes": "hm"})])
    assert gold_hash([gold]) != gold_hash([other])


def set_(content: dict[str, Any], *path: Any, value: Any) -> None:
    for step in path[:-1]:
        content = content[step]
    content[path[-1]] = value


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["policies", 1, "measures", 2, "at"], "1: nowhere", "broken.yaml: policy p2 measure m3: at: not found"),
        (["policies", 1, "measures", 2, "instrument"], "magic", "policy p2 measure m3: instrument: Input should be"),
        (["policies", 0, "measures", 1, "key"], "m1", "policy p1: measure keys used twice: m1"),
        (["policies", 1, "key"], "p1", "policy keys used twice: p1"),
        (["policies", 0, "title"], None, "title is null exactly for unnamed_action"),
        (["policies", 0, "document_type"], "unnamed_action", "title is null exactly for unnamed_action"),
        (["policies", 0, "targets", 0, "measure"], "m77", "measures that are not there: m77"),
        (["policies", 0, "targets", 0, "value"], None, "policy p1 target 1: value must be a number for eq"),
        (["policies", 0, "targets", 0, "comparator"], "eliminate", "value must be null for eliminate"),
        (["policies", 0, "targets", 0, "comparator"], "range", "value_max stands exactly with comparator range"),
        (["policies", 0, "targets", 0, "deadline"], None, "deadline and deadline_basis go together"),
        (["policies", 0, "announced_on", "value"], "June", "is no YYYY"),
        (["policies", 0, "extent"], [3, 999], "extent: lines 3 to 999"),
        (["policies", 0, "color"], "red", "color: Extra inputs are not permitted"),
        (["sha256"], "0" * 64, "sha256: 000"),
        (["document"], "gone.txt", "gone.txt is in none of"),
        (["not_targets", 0, "at"], "2: 9 firms", "not_targets 1: at: not found"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, gold: DocumentLabels, path: list[Any], value: Any, said: str) -> None:
    problems = broken(tmp_path, lambda content: set_(content, *path, value=value))
    assert any(said in p for p in problems), problems


def test_all_problems_are_reported_at_once(tmp_path: Path, gold: DocumentLabels) -> None:
    def twice(content: dict[str, Any]) -> None:
        set_(content, "policies", 0, "measures", 0, "at", value="1: nowhere")
        set_(content, "policies", 1, "title", value="1: nobody")

    assert len(broken(tmp_path, twice)) == 2


def test_no_yaml_and_no_gold(tmp_path: Path, gold: DocumentLabels) -> None:
    (tmp_path / "doc.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(GoldInvalid, match="not YAML"):
        load_gold_file(tmp_path / "doc.yaml", [tmp_path])
    (tmp_path / "doc.yaml").unlink()
    with pytest.raises(UsageError, match="no gold files"):
        load_gold(tmp_path, tmp_path)


@pytest.mark.parametrize("folder", ["eval/gold", "eval/gold/a", "eval/gold/b"])
def test_the_gold_of_the_seeds_is_sound(folder: str, seeds: Path) -> None:
    labels = load_gold(seeds.parent / folder, seeds)
    assert [g.document[:3] for g in labels] == ["000", "002", "003", "004"]
    assert [g.document[:3] for g in labels if g.prose] == ["000", "003"]


def test_the_contrast_documents_are_sound(seeds: Path) -> None:
    folder = seeds.parent / "eval" / "contrast"
    assert len(load_gold(folder, folder)) >= 8
