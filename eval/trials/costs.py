"""The look ahead against what was then paid, on the recorded answers of a large model.

    pip install "policy-measures[compare]"      once: a tokenizer, which nothing else needs
    python -m eval.trials.costs                 --model gpt-4.1-mini: at another model's prices

The recorded answers tell no tokens, so requests and answers are counted with the tokenizer of OpenAI's models (o200k),
as that service would bill them. Exit code 5 if a set of documents is off by more than a fifth.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.runs.recorded import ROOT, answers_folder
from pipeline.estimate import estimate
from pipeline.model import NO_LIVE_CALLS, Store, read_requests
from pipeline.model.ledger import Json, compact, request_id_of_body
from pipeline.run import run
from pipeline.settings import WHOLE_ANSWER, Settings
from pipeline.write import read_documents
from schemas.errors import GateFailed, UsageError

MOST_OFF = 0.2
SETS = (ROOT / "seeds", ROOT / "eval" / "contrast")


@dataclass(frozen=True)
class Compared:
    """One set of documents: tokens and US dollars, said before and paid then."""

    name: str
    documents: int
    tokens: tuple[int, int]
    money: tuple[float, float]
    each: float
    """How far off one document is, half of them less."""

    @property
    def off(self) -> float:
        """By what part of what was paid the look ahead was too high (or, negative, too low)."""
        return self.money[0] / self.money[1] - 1


def compare(docs: Path, model: str, count: Callable[[str], int]) -> Compared:
    """The look ahead over `docs` with nothing stored, and a run that finds the recorded answers."""
    with tempfile.TemporaryDirectory(prefix="pams-costs-") as name:
        room = Path(name)
        ahead = estimate([docs], Settings(endpoint="openai", model=model, cache=room / "none"))
        store = Store(room / "store")
        store.put_many(_billed(docs, model, count))
        store.close()
        run([docs], room / "out", Settings(endpoint="openai", model=model, cache=room / "store"))
        rows = read_documents(room / "out")
    paid = {row.document: row.money or 0.0 for row in rows.values()}
    tokens = sum((row.input_tokens or 0) + (row.output_tokens or 0) for row in rows.values())
    said = {one.document: one.money or 0.0 for one in ahead.by_document}
    off = sorted(abs(said[name] / money - 1) for name, money in paid.items() if money)
    sums = (ahead.likely_money or 0.0, sum(paid.values()))
    return Compared(docs.name, len(rows), (ahead.likely_tokens, tokens), sums, off[len(off) // 2])


def _billed(docs: Path, model: str, count: Callable[[str], int]) -> Iterator[tuple[str, bytes]]:
    """The recorded answers under the ids of the same questions put to `model`, with the tokens counted."""
    folder = answers_folder(WHOLE_ANSWER, docs)
    requests = read_requests(folder / "requests.jsonl")
    for line in (folder / "answers.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        asked, body = requests[row["custom_id"]], row["response"]["body"]
        prompt = sum(count(m["content"]) + 4 for m in asked["messages"]) + count(compact(asked["response_format"]))
        said = count(body["choices"][0]["message"]["content"])
        usage: Json = {"prompt_tokens": prompt, "completion_tokens": said}
        yield request_id_of_body(asked, model), compact(body | {"usage": usage}).encode()


def _tokenizer() -> Callable[[str], int]:
    try:
        import bpe_openai
    except ImportError as error:
        raise UsageError('this trial needs a tokenizer: pip install "policy-measures[compare]"') from error
    encoding = bpe_openai.get_encoding("o200k_base")
    return lambda text: len(encoding.encode(text))


def main(arguments: Sequence[str] | None = None) -> int:
    """Compares and prints; 0 if every set is within `MOST_OFF`, else 5."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.trials.costs", description="The look ahead and what was paid."
    )
    parser.add_argument("--model", default="gpt-4.1-mini", help="whose prices")
    chosen = parser.parse_args(arguments)
    os.environ |= {NO_LIVE_CALLS: "1", "OPENAI_API_KEY": "none-is-needed"}
    short = False
    for docs in SETS:
        found = compare(docs, chosen.model, _tokenizer())
        short |= abs(found.off) > MOST_OFF
        print(
            f"{found.name}: {found.documents} documents, said ${found.money[0]:.4f} ({found.tokens[0]:,} tokens), paid "
            f"${found.money[1]:.4f} ({found.tokens[1]:,}): {found.off:+.1%}; one document {found.each:.0%} (median)"
        )
    print(f"{'FAIL' if short else 'pass'}: within {MOST_OFF:.0%}")
    return GateFailed.exit_code if short else 0


if __name__ == "__main__":
    sys.exit(main())
