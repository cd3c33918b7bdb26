"""`make chaos`, shortened: a service that fails by seed, kills, a full disk; and the service that makes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.trials import chaos, corpus, loopback
from eval.trials.findings import Finding
from eval.trials.loopback import CONTENT, SENTINEL, TRANSPORT, Nature, Service, answer
from eval.trials.siege import siege


def test_everything_survives() -> None:
    found = list(chaos.findings(30, 1))  # `make chaos` takes more of them
    assert [f for f in found if not f.ok] == []
    assert {"documents", "spans", "refusable", "budget", "kills", "disk full", "store unwritable"} <= {
        f.name for f in found
    }


def test_everything_survives_kills_of_any_process(tmp_path: Path) -> None:
    found = {f.name: f for f in siege(tmp_path, 40, 3)}
    assert [f for f in found.values() if not f.ok] == [] and {"killed", "left running", "overspent"} <= set(found)


def test_the_verdict_and_its_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(chaos, "findings", lambda count, killed: iter([Finding("one", "fine", True)]))
    assert chaos.main([]) == 0 and capsys.readouterr().out.splitlines()[-1].startswith("pass")
    monkeypatch.setattr(chaos, "findings", lambda count, killed: iter([Finding("spans", "1 differs", False)]))
    assert chaos.main(["--quick"]) == 5 and capsys.readouterr().out.splitlines()[-1] == "FAIL: spans"


def test_a_doctored_result_is_found(tmp_path: Path) -> None:
    """The check of the results itself: it must not pass whatever it is given."""
    (tmp_path / "a.txt").write_text("하수관을 교체한다", "utf-8")
    span = {"start": 0, "end": 4, "text": "하수관을"}
    policy = {"id": "1", "document": "a.txt", "announcement": span}
    for doctored, short in (
        ([policy], []),
        ([policy | {"announcement": span | {"text": "저류조를"}}], ["spans"]),
        ([policy | {"title": span | {"text": SENTINEL}}], ["spans", "refusable"]),
        ([policy, policy], ["policies"]),
    ):
        (tmp_path / "policies.jsonl").write_text(
            "\n".join(json.dumps(p, ensure_ascii=False) for p in doctored), "utf-8"
        )
        assert [f.name for f in chaos.results_of(tmp_path, tmp_path) if not f.ok] == short


REQUEST = json.dumps(
    {"messages": [{}, {"content": "[1] heading 01 | 한빛시\n[2] - | 한빛시는 발표\n[3] - | 하수관 교체"}]}
).encode()


@pytest.mark.parametrize("fault", ["", *CONTENT])
def test_every_fault_is_what_it_says(fault: str) -> None:
    (choice,) = json.loads(answer(REQUEST, fault))["choices"]
    text = choice["message"]["content"]
    try:
        policies = json.loads(text)["policies"]
    except ValueError:
        policies = None
    assert (policies is None) == (fault in ("prose", "length", "refusal"))
    assert (SENTINEL in text) == (fault in ("altered", "huge"))
    assert (choice["finish_reason"] == "length") == (fault == "length")
    assert (len(text) > 600_000) == (fault == "huge")
    assert ("987654" in text) == (fault == "ids") and (text.count('"policies"') == 2) == (fault == "duplicate-keys")


def test_faults_come_as_often_as_asked_and_content_does_not_change_with_the_attempt() -> None:
    service = Service(Nature(seed=4, faults=0.3))
    first = [service._fault(str(i), 1) for i in range(4000)]
    assert 0.27 < sum(map(bool, first)) / len(first) < 0.33
    assert set(first) == {"", *CONTENT, *TRANSPORT}
    again = [service._fault(str(i), 2) for i in range(4000)]
    assert all(a == b for a, b in zip(first, again, strict=True) if a in CONTENT)
    assert any(a != b for a, b in zip(first, again, strict=True))


def test_briefs_are_distinct_and_always_the_same() -> None:
    made = list(corpus.make_briefs(40))
    assert made == list(corpus.make_briefs(40)) and len({text for _, text in made}) == 40
    assert all(corpus.CHARACTERS <= len(text) < 2 * corpus.CHARACTERS for _, text in made)
    seeds = "".join(p.read_text("utf-8") for p in corpus.SEEDS.glob("*.txt"))
    assert all(text not in seeds for _, text in made)


def test_the_service_is_gone_after_its_block() -> None:
    with loopback.serving(Nature()) as url:
        assert loopback.stats(url)["requests"] == 0
    with pytest.raises(OSError):
        loopback.stats(url)
