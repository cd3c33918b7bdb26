"""One tool asks for the goals of a folder of documents; prints what it found and what it took, as one object of JSON.

    python -m eval.trials.compare.tools TOOL FOLDER URL OUT

Loads nothing but the tool itself. Each at the settings that its documentation names
for exact quotes; `langextract-default` and `instructor-plain` are those that a first try has.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

JOBS = 16
KEY = "none-is-needed"
ASKED = (
    "List the goals of this policy brief. Answer in JSON: "
    '{"goals": [{"name": the name in brackets, "quote": the number with its unit and comparator, exactly as printed}]}'
)

Item = dict[str, Any]
"""`document`, `name`, `quote`, and `start` and `end`: null where the tool gave no place."""


def read(folder: str) -> dict[str, str]:
    """The documents by name."""
    return {path.name: path.read_text("utf-8") for path in sorted(Path(folder).iterdir())}


def pams(folder: str, url: str, out: str) -> Callable[[], list[Item]]:
    """A whole run into a folder, stored answers, texts and all."""
    import instructor  # noqa: F401 - loading is not measured, of no tool
    import openai  # noqa: F401

    from pipeline.run import run
    from pipeline.settings import Settings

    def work() -> list[Item]:
        run([Path(folder)], Path(out), Settings(
            endpoint="openai", base_url=url, model="pams", jobs=JOBS, cache=Path(out) / "store"
        ))  # fmt: skip
        records = map(json.loads, (Path(out) / "policies.jsonl").read_text("utf-8").splitlines())
        return [
            {"document": policy["document"], "name": target["indicator"]["text"], "quote": target["raw"]["text"],
             "start": target["raw"]["start"], "end": target["raw"]["end"]}
            for policy in records for target in policy["targets"]
        ]  # fmt: skip

    return work


def langextract(folder: str, url: str, out: str, *, strict: bool = True) -> Callable[[], list[Item]]:
    """`strict`: its tokenizer for CJK, exact alignment only, one call a document."""
    import langextract as lx
    from langextract.core.tokenizer import UnicodeTokenizer

    example = lx.data.ExampleData(
        text="- (사업 가) 2031년까지 99권 이상을 발간",
        extractions=[lx.data.Extraction("goal", "99권 이상", attributes={"name": "사업 가"})],
    )
    exact = {"enable_fuzzy_alignment": False, "accept_match_lesser": False}
    more: dict[str, Any] = {"tokenizer": UnicodeTokenizer(), "resolver_params": exact} if strict else {}
    provider = {"base_url": url, "api_key": KEY}
    config = lx.factory.ModelConfig("langextract", "OpenAILanguageModel", provider_kwargs=provider)
    documents = [lx.data.Document(text, document_id=name) for name, text in read(folder).items()]

    def work() -> list[Item]:
        found = lx.extract(
            documents, "Find the goals: the number with its unit and comparator, exactly as printed.", [example],
            config=config, max_char_buffer=10_000, batch_length=JOBS, max_workers=JOBS, temperature=0.0,
            show_progress=False, prompt_validation_level=lx.prompt_validation.PromptValidationLevel.OFF, **more,
        )  # fmt: skip
        return [_extraction(one.document_id, e) for one in found for e in one.extractions or []]

    return work


def _extraction(document: str, found: Any) -> Item:
    place = found.char_interval
    start, end = (place.start_pos, place.end_pos) if place is not None else (None, None)
    name = (found.attributes or {}).get("name")
    return {"document": document, "name": name, "quote": found.extraction_text, "start": start, "end": end}


def _placed(text: str, document: str, name: str, quote: str) -> Item:
    """The first place of a quote, as those do it who have only the quote."""
    start = text.find(quote)
    place = (start, start + len(quote)) if start >= 0 else (None, None)
    return {"document": document, "name": name, "quote": quote, "start": place[0], "end": place[1]}


def instructor(folder: str, url: str, out: str, *, checked: bool = True) -> Callable[[], list[Item]]:
    """`checked`: a validator that knows the text refuses quotes that do not stand there, and has them asked again."""
    import instructor as library
    import openai
    from pydantic import BaseModel, ValidationInfo, field_validator

    class Goal(BaseModel):
        name: str
        quote: str

        @field_validator("quote")
        @classmethod
        def stands(cls, quote: str, info: ValidationInfo) -> str:
            if checked and quote not in (info.context or {}).get("text", quote):
                raise ValueError(f"{quote!r} does not stand in the text; quote it exactly")
            return quote

    class Goals(BaseModel):
        goals: list[Goal]

    async def one(client: Any, slots: asyncio.Semaphore, name: str, text: str) -> list[Item]:
        async with slots:
            found = await client.chat.completions.create(
                model="instructor", messages=_messages(text), response_model=Goals, temperature=0,
                max_retries=2 if checked else 0, context={"text": text},
            )  # fmt: skip
        return [_placed(text, name, goal.name, goal.quote) for goal in found.goals]

    def client() -> Any:
        plain = openai.AsyncOpenAI(base_url=url, api_key=KEY, max_retries=0)
        return library.from_openai(plain, mode=library.Mode.JSON_SCHEMA)

    return lambda: asyncio.run(_all(client, one, read(folder)))


def bare(folder: str, url: str, out: str) -> Callable[[], list[Item]]:
    """The client alone, in JSON mode; what cannot be found in the text has no place."""
    import openai

    async def one(client: Any, slots: asyncio.Semaphore, name: str, text: str) -> list[Item]:
        async with slots:
            said = await client.chat.completions.create(
                model="bare", messages=_messages(text), temperature=0, response_format={"type": "json_object"}
            )
        goals = json.loads(said.choices[0].message.content)["goals"]
        return [_placed(text, name, goal["name"], goal["quote"]) for goal in goals]

    return lambda: asyncio.run(
        _all(lambda: openai.AsyncOpenAI(base_url=url, api_key=KEY, max_retries=0), one, read(folder))
    )


async def _all(client: Callable[[], Any], one: Any, documents: dict[str, str]) -> list[Item]:
    slots, asks = asyncio.Semaphore(JOBS), client()
    done = await asyncio.gather(*(one(asks, slots, name, text) for name, text in documents.items()))
    return [item for items in done for item in items]


def _messages(text: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": ASKED}, {"role": "user", "content": text}]


TOOLS: dict[str, Callable[[str, str, str], Callable[[], list[Item]]]] = {
    "pams": pams,
    "langextract": langextract,
    "langextract-default": lambda *place: langextract(*place, strict=False),
    "instructor": instructor,
    "instructor-plain": lambda *place: instructor(*place, checked=False),
    "bare": bare,
}


def _processor() -> Iterator[float]:
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        used = resource.getrusage(who)
        yield used.ru_utime + used.ru_stime


if __name__ == "__main__":
    tool, *place = sys.argv[1:]
    work = TOOLS[tool](*place)
    begin, processor = time.perf_counter(), sum(_processor())
    items = work()
    took = {"seconds": time.perf_counter() - begin, "processor": sum(_processor()) - processor}
    sys.stdout.write(json.dumps(took | {"items": items}) + "\n")
