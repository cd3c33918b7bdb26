"""The same answers in rows, as the prompt set `brief` wants them, and what only rows can say.

A question in that form does not name its document, which the scripts go by: they are asked with a copy of the set
whose question begins with the name, and reads the answers as the set does.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import prompts
from eval.trials.hostile.answers import MARKUP, STEERING, marker, script
from eval.trials.hostile.make import HostileDocument
from eval.trials.loopback import SENTINEL
from pipeline.ask import load_prompt_set

Json = dict[str, Any]
NAME = "brief"
_EVERY = 6
"""Of so many documents one is answered by what only rows can say."""
_KEYS = {"document_type": "type", "government_level": "level", "announced_on": "date", "title_original": "original"}
_COLUMNS = (
    "2|talent|label {s}|under {s}|who {s}", "2|talent|label 2:{s}|under 99|who 2:{s}", "2|talent {s}|{s} 3|||",
    "2|talent|label 3:{m}|who 1:{m}|who 1:{m}", "2:{s}…{s}|talent", "2:…|talent", "2#999:|talent", "|", "||||", "{s}",
    "2|finance,label 3,under -,who 2:{s}", "2|" + "talent " * 2_000, "²|talent", "2:''|finance", "1" * 400 + "|talent",
)  # fmt: skip
_GOALS = (
    "1:{s}9999억|{s}", "1|{s}|until {s}|is {s}|of {s}", "1:1|1|until 99:{s}|is eliminate|of 99", "2|1|of 2|of 1|of -",
    "2:{m}|2:{m}|is ge|until 1:{m}", "4|3|is reference|until -", "2:''|1:''|until 3", "1:…|…|until …",
)  # fmt: skip
_REFERENCES = ("1:{s}|source|1:{m}", "2|{s}|{m}", "2|source|99", "1:''|background|2:{s}", "|||")


def named_set(room: Path) -> Path:
    """The prompt set, in a folder of its own below `room`, with the document's name at the head of each question."""
    folder = room / NAME
    shutil.copytree(prompts.FOLDER / NAME, folder, ignore=shutil.ignore_patterns("__pycache__"))
    user = folder / "user.md.j2"
    user.write_text("Document: {{ document }}.\n" + user.read_text("utf-8"), "utf-8")
    return folder


def script_in_rows(documents: Sequence[HostileDocument]) -> dict[str, list[str]]:
    """The answers by document, as `script` has them, in rows."""
    objects = script(documents)
    return {marker(d): _answers(i, d, objects[marker(d)]) for i, d in enumerate(documents)}


def _answers(number: int, document: HostileDocument, objects: Sequence[str]) -> list[str]:
    if document.attack == "example":
        example = load_prompt_set(NAME).examples[0]["rows"]["policies"][0]
        bare = {key: value for key, value in example.items() if key in ("type", "measures")}
        return [json.dumps({"policies": [one]}) for one in (example, bare | {"announcement": "2"})]
    return [_fills_columns()] if number % _EVERY == 0 else [in_rows(said) for said in objects]


def in_rows(said: str) -> str:
    """An answer in objects as one in rows; what is no JSON, or stands behind it, stays as it is."""
    try:
        found, end = json.JSONDecoder().raw_decode(said)
    except (ValueError, RecursionError):
        return said
    policies = found.get("policies") if isinstance(found, dict) else None
    if not isinstance(policies, list) or not all(isinstance(p, dict) for p in policies):
        return said
    return json.dumps({**found, "policies": [_policy(p) for p in policies]}) + said[end:]


def _policy(policy: Json) -> Json:
    """Keys that a row's policy has not stay under their own names."""
    given = {_KEYS.get(key, key): value for key, value in policy.items()}
    for key in ("title", "original", "date", "period", "objective"):
        if key in given:
            given[key] = _place(given[key])
    lists: dict[str, Callable[[Any], str]] = {
        "issuers": lambda i: _place(i["name"]),
        "evidence": _place,
        "measures": lambda m: f"{_place(m['at'])}|{m['instrument']}",
        "targets": lambda t: f"{_place(t['raw'])}|{_place(t['indicator'])}|is {t['comparator']}|of {t.get('measure')}",
        "references": lambda r: f"{_place(r['title'])}|{r['kind']}|{_place(r['url'])}",
    }
    return given | {key: [write(one) for one in given[key]] for key, write in lists.items() if key in given}


def _place(given: Any) -> str:
    """`12`, `12:words`, `12#2:words`, `12:first…last`."""
    if not isinstance(given, dict):
        return str(given)
    nth = f"#{given['nth']}" if "nth" in given else ""
    words = given.get("quote", f"{given.get('from', '')}…{given.get('to_u', '')}:{given.get('to', '')}")
    return f"{given.get('u')}{nth}:{words}"


def _fills_columns() -> str:
    """Words, places and escape sequences in every column, exceptions of other rows, columns without end."""

    def filled(rows: Sequence[str]) -> list[str]:
        return [row.replace("{s}", SENTINEL).replace("{m}", f"{STEERING}{MARKUP}") for row in rows]

    policy = {
        "announcement": "1", "type": "plan", "title": f"1:{SENTINEL}…", "issuers": f"1:{SENTINEL}", "period": "''",
        "date": f"1:{STEERING}", "fields": f"energy {SENTINEL} {MARKUP}", "objective": f"2:…{SENTINEL}",
        "evidence": ["2", "1:''", STEERING], "measures": [*filled(_COLUMNS), "2|talent", "3|finance"],
        "targets": filled(_GOALS), "references": filled(_REFERENCES),
    }  # fmt: skip
    return json.dumps({"policies": [policy]})
