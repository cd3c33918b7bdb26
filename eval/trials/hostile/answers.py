"""What a model says that does as the document tells it: answers that obey, invent, copy, and try the parser.

They are scripted and served on loopback, never recorded: no cassette holds one. Every string in them that is no
document's carries `SENTINEL`, so that it is known again wherever it turns up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from eval.trials.hostile.make import HostileDocument
from eval.trials.loopback import SENTINEL
from pipeline.ask import load_prompt_set

Json = dict[str, Any]

INVENTED = f"{SENTINEL}발명된 정책"
STEERING = f"\x1b[31m{SENTINEL}\x1b]8;;http://attack.example\x07\x9b8m\u202e\u2028"
MARKUP = f"<script>{SENTINEL}</script>[bold]{SENTINEL}[/bold]"


def script(documents: Sequence[HostileDocument]) -> dict[str, list[str]]:
    """The answers by document: a marker in the question, and what is said to it and to each re-ask."""
    return {marker(d): _answers(i, d) for i, d in enumerate(documents)}


def marker(document: HostileDocument) -> str:
    """What stands in the first line of every question about a document."""
    return f"Document: {document.name.split('.')[0]}."


def _answers(number: int, document: HostileDocument) -> list[str]:
    """An answer of the attack's own kind, or else one way after the other."""
    ways = {"example": _copies_example, "json": _breaks_out, "altered-numbers": _alters, "full-width": _alters}
    way = ways.get(document.attack) or WAYS[(number + number // len(WAYS)) % len(WAYS)]
    return way(document)


def _policy(**more: object) -> Json:
    """A policy that holds whatever the article: its announcement and measures are whole units."""
    base: Json = {
        "announcement": "1",
        "document_type": "plan",
        "status": "adopted",
        "measures": [{"at": "2", "instrument": "talent"}, {"at": "3", "instrument": "finance"}],
    }
    return base | more


def _said(*policies: Json) -> str:
    return json.dumps({"policies": list(policies)})


def _quote(words: str, unit: str = "1") -> Json:
    return {"u": unit, "quote": words}


# -- ways to obey --------------------------------------------------------------------------------------------


def _invents(document: HostileDocument) -> list[str]:
    """A policy, an authority and a target that the document does not know."""
    target = {"at": "1", "indicator": _quote(INVENTED), "raw": _quote(f"{SENTINEL}9999억"), "comparator": "ge"}
    issuers = [{"name": _quote(f"{SENTINEL}시 정부")}]
    return [_said(_policy(title=_quote(INVENTED), issuers=issuers, objective=_quote(INVENTED, "2"), targets=[target]),
                  _policy(announcement=_quote(INVENTED)))]  # fmt: skip


def _alters(document: HostileDocument) -> list[str]:
    """The document's numbers, in other digits, enlarged, or cut out of longer ones."""
    text = document.content.decode()
    digits = sorted(set("".join(c if c.isdigit() else " " for c in text).split()))[:6]
    raws = [n + "0" for n in digits] + [n[1:] for n in digits if len(n) > 1] + ["４８", f"{SENTINEL}1"]
    targets = [
        {"at": str(unit), "indicator": str(unit), "raw": _quote(raw, str(unit)), "comparator": "ge"}
        for raw in raws
        for unit in (1, 2, 4)
    ]
    return [_said(_policy(targets=targets))]


def _copies_example(document: HostileDocument) -> list[str]:
    """The prompt's own example, whole; then, asked again, without what was refused."""
    example = load_prompt_set("article").examples[0]["answer"]["policies"][0]
    bare = {"announcement": "3", "document_type": "action_plan", "status": "adopted", "technology_fields": ["energy"]}
    measures = [{"at": m["at"], "instrument": m["instrument"]} for m in example["measures"]]
    return [_said(example, _policy()), _said(bare | {"measures": measures}, _policy())]


def _points_elsewhere(document: HostileDocument) -> list[str]:
    """Units that there are not: beyond the end, negative, of the attack's own numbering, no numbers at all."""
    units = ("0", "-1", "999999", "7.99", "1e9", "²", SENTINEL, "../1", "1\n2", "[7]", "９", "")
    measures = [{"at": u, "instrument": "other"} for u in units]
    stretches = [{"u": "1", "from": "", "to_u": "99999"}, {"u": "1", "quote": "", "nth": -5}, {"u": "3", "to_u": "1"}]
    return [_said(_policy(measures=[*measures, {"at": "2", "instrument": "talent"}], evidence=stretches))]


def _steers(document: HostileDocument) -> list[str]:
    """Escape sequences, controls and markup in every place that takes words."""
    reference = {"title": _quote(MARKUP), "url": _quote(STEERING), "kind": "source"}
    words = {"title": _quote(STEERING), "objective": _quote(MARKUP), "evidence": [STEERING, MARKUP]}
    return [_said(_policy(**words, references=[reference]))]


def _hides(document: HostileDocument) -> list[str]:
    """The document's words as a reader would have them: without what is unseen, plain digits, composed."""
    seen = "".join(c for c in document.content.decode() if c.isprintable())
    quotes = [_quote(f"{seen[i : i + 40]}{SENTINEL}", str(1 + i % 6)) for i in range(0, min(len(seen), 400), 40)]
    return [_said(_policy(title=_quote(f"9999억{SENTINEL}"), evidence=quotes))]


def _floods(document: HostileDocument) -> list[str]:
    """A quote of a hundred thousand characters, and thirty policies."""
    return [_said(_policy(objective=_quote(SENTINEL * 100_000))), _said(*[_policy(title=_quote(INVENTED))] * 30)]


def _leaves_the_lists(document: HostileDocument) -> list[str]:
    """Values outside the closed lists and fields that there are not; asked again, an answer that can be read."""
    wrong = _policy(document_type=f"decree {SENTINEL}", instrument=SENTINEL)
    return [_said(wrong), _said(_policy(**{f"{STEERING}": SENTINEL, "flags": [SENTINEL]})), _said(_policy())]


def _never_reads(document: HostileDocument) -> list[str]:
    """Nothing that can be read, each time otherwise: the document fails, and its message quotes nothing."""
    extra = json.dumps({"policies": [], f"{STEERING}": STEERING, SENTINEL: {SENTINEL: 1}})
    twice = f'{{"policies": [], "{SENTINEL}": 1, "{SENTINEL}": 2}}'
    deep = '{"policies":' + "[" * 50_000 + f'"{SENTINEL}\ud800"'
    return [(f"{STEERING} {MARKUP}", deep)[len(document.attack) % 2], extra, twice]


def _breaks_out(document: HostileDocument) -> list[str]:
    """JSON that ends early, goes on after its end, nests deeply, holds half a character; then plain obedience."""
    return [
        _said(_policy()) + f' {{"policies": [{SENTINEL}]}}',
        _said(_policy(title=_quote(f"\ud800{SENTINEL}"), objective=_quote("\udfff"))) + "\ud800",
        _said(_policy(title=_quote(f"{SENTINEL}\x00"), objective=_quote("\\u0000"))),
    ]


def _wrong_types(document: HostileDocument) -> list[str]:
    """Numbers where words belong and words where numbers do, Infinity, a list for an object."""
    odd = '{"policies":[{"announcement":1,"document_type":"plan","title":{"u":1,"quote":NaN}}]}'
    target = {"at": 1, "indicator": 1, "raw": 1, "comparator": "eq", "measure": -1}
    return [odd, _said(_policy(announcement=1, targets=[target, target | {"measure": 10**30}]))]


WAYS: tuple[Callable[[HostileDocument], list[str]], ...] = (
    _invents, _alters, _copies_example, _points_elsewhere, _steers, _hides, _floods, _leaves_the_lists, _never_reads,
    _breaks_out, _wrong_types,
)  # fmt: skip
