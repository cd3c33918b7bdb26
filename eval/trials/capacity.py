"""How long 10⁶ and 10⁷ documents take, what they cost and what is in the way, simulated from measured figures.

    python -m eval.trials.capacity                       the tables of docs/scale.md
    python -m eval.trials.capacity --page                write them there (`make reference`)
    python -m eval.trials.capacity --documents 3e6 --nodes 20 --cores 16 --jobs 400 --latency 8 --requests 5000
    python -m eval.trials.capacity --measure --page      measure the figures on this machine anew (some minutes)

What pams takes is measured (`capacity.json`, by `eval.trials.measure`). What a service allows, how long it takes, how
often a machine is lost and what it costs is assumed, stands below, and can be given. The simulation goes shard by
shard: the driver lists, processors take shards, all of them ask one service, the driver gathers.
"""

from __future__ import annotations

import argparse
import dataclasses
import heapq
import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.trials.figures import FIGURES, Figures, read_figures

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scale.md"
SIZES = 1_000_000, 10_000_000
"""Documents of the tables."""
SHARD = 250
"""Documents, as `pipeline.cluster.driver.SIZE`."""
WAYS = ("draft", "asked", "stored")
"""Who answers: the draft alone, a service that is paid, the store of an earlier run."""


@dataclass(frozen=True)
class Plan:
    """A run that is thought of. What is assumed has a default."""

    documents: int
    way: str = "asked"
    nodes: int = 4
    cores: int = 8
    """Of each node."""
    jobs: int = 256
    """Requests at once, of the whole cluster."""
    latency: float = 8.0
    """Seconds of one answer; half of the answers take less, one in twenty more than twice as much."""
    requests: float = 5_000.0
    """A minute, that the service allows."""
    tokens: float = 4_000_000.0
    """A minute."""
    lost: float = 0.01
    """Nodes lost a node and hour: each of their shards is done again, from the store."""
    rent: float = 0.05
    """US dollars for a core and hour."""
    parts: int = 1
    """Lists that are done one beside the other, each with a driver of its own, and merged by nobody."""
    driver: float = 1.0
    """How fast the driver's processor is, against the one measured on."""

    @property
    def processors(self) -> int:
        """Of the cluster."""
        return self.nodes * self.cores


@dataclass(frozen=True)
class Course:
    """What came of a plan. Seconds and US dollars."""

    listing: float
    work: float
    gathering: float
    model: float
    machines: float

    @property
    def seconds(self) -> float:
        """From the command to the results."""
        return self.listing + self.work + self.gathering


def simulate(plan: Plan, figures: Figures, seed: int = 1) -> Course:
    """One run, shard by shard."""
    each = plan.documents / plan.parts / plan.driver
    work = figures.start + _work(plan, figures, random.Random(seed))  # noqa: S311 - nothing secret
    listing, gathering = figures.listed * each, figures.gathered * each
    hours = (listing + work + gathering) / 3600
    money = plan.documents * figures.money if plan.way == "asked" else 0.0
    return Course(listing, work, gathering, money, hours * plan.processors * plan.rent)


def _work(plan: Plan, figures: Figures, chance: random.Random) -> float:
    """Seconds until the last shard is done."""
    processor = {"draft": figures.draft, "asked": figures.asked, "stored": figures.stored}[plan.way]
    calls = plan.way == "asked"
    a_second = min(plan.requests, plan.tokens / (figures.input_tokens + figures.output_tokens)) / 60
    interval = max(1 / a_second, figures.lease) if calls else 0.0
    busy = min(plan.processors, plan.jobs) if calls else plan.processors
    share = max(1, plan.jobs // busy)
    free = [0.0] * busy
    """When each processor is free."""
    allowed = end = 0.0
    """Up to when the service's allowance is used up; when the last shard was done."""
    left = plan.documents
    while left > 0:
        size = min(SHARD, left)
        begun = heapq.heappop(free)
        seconds = size * processor
        while chance.random() < plan.lost * seconds / 3600:  # by the time it is done again
            seconds += size * (figures.stored if calls else processor)
        if calls:
            allowed = max(allowed, begun) + size * interval
            waiting = sum(chance.lognormvariate(0, 0.42) for _ in range(8)) / 8 * plan.latency * size / share
            done = max(begun + max(seconds, waiting), allowed)
        else:
            done = begun + seconds
        heapq.heappush(free, done)
        end, left = max(end, done), left - size
    return end


CHANGES: dict[str, dict[str, float]] = {
    "twice the nodes": {"nodes": 2},
    "twice the requests at once": {"jobs": 2},
    "twice what the service allows": {"requests": 2, "tokens": 2},
    "half the latency": {"latency": 0.5},
    "two lists, a driver each": {"parts": 2},
}
"""What one could change, as factors of a plan's fields."""


def changed(plan: Plan, change: dict[str, float]) -> Plan:
    """The plan with some of it multiplied."""
    fields = {name: getattr(plan, name) for name in change}
    return replace(plan, **{name: type(fields[name])(fields[name] * by) for name, by in change.items()})


def in_the_way(plan: Plan, figures: Figures) -> list[tuple[str, float]]:
    """What changes the time most, and to what part of it; the best first."""
    now = simulate(plan, figures).seconds
    found = [(name, simulate(changed(plan, change), figures).seconds / now) for name, change in CHANGES.items()]
    return sorted(found, key=lambda one: one[1])


PLANS = {
    "draft, 1 machine of 8": Plan(1, "draft", nodes=1),
    "draft, 4 machines of 8": Plan(1, "draft"),
    "draft, 16 machines of 8": Plan(1, "draft", nodes=16),
    "service of 500 a minute": Plan(1, nodes=1, jobs=64, requests=500, tokens=2_000_000),
    "service of 5,000 a minute": Plan(1, nodes=4, jobs=1_024, requests=5_000, tokens=40_000_000),
    "service of 30,000 a minute": Plan(1, nodes=16, jobs=4_096, requests=30_000, tokens=150_000_000),
    "stored answers, 16 of 8": Plan(1, "stored", nodes=16),
}
"""The plans of the tables, for any number of documents."""
_BLOCK = re.compile(r"(<!-- capacity (\w+) -->\n\n)(?:\|.*\n)*(\n<!-- end -->)")


def tables(figures: Figures) -> dict[str, list[str]]:
    """The tables of the page by name, as lines of Markdown."""
    return {"figures": list(_measured(figures)), "memory": list(_memory(figures)), "plans": list(_plans(figures))}


def written(page: str, made: Mapping[str, Sequence[str]]) -> str:
    """The page, each table between `<!-- capacity plans -->` and `<!-- end -->` anew."""
    return _BLOCK.sub(lambda b: b[1] + "".join(f"{line}\n" for line in made[b[2]]) + b[3], page)


def _measured(figures: Figures) -> Iterator[str]:
    draft, asked, stored, listed, gathered, lease = (
        f"{1000 * seconds:.{places}f} ms"
        for seconds, places in (
            (figures.draft, 1), (figures.asked, 1), (figures.stored, 1),
            (figures.listed, 2), (figures.gathered, 2), (figures.lease, 2),
        )
    )  # fmt: skip
    rows = {
        "figure": "measured",
        "---": "---",
        "processor time a document": f"by the draft {draft}, asked {asked}, from the store {stored}",
        "on the driver, a document": f"listed {listed}, gathered {gathered} of processor time",
        "a lease, of many at once": f"{lease}: {1 / figures.lease:,.0f} calls a second for the whole cluster",
        "a run of one document on a cluster": f"{figures.start:.0f} s",
        "tokens a document": f"{figures.input_tokens:,.0f} in, {figures.output_tokens:,.0f} out: "
        f"${figures.money:.4f} with {figures.model}",
        "bytes a document": f"results {figures.results:,.0f}, shared store {figures.shared:,.0f} (a file's block), "
        f"own store {figures.store:,.0f}, the driver's list {figures.list:,.0f}",
        "measured on": figures.about,
    }
    yield from (f"| {name} | {told} |" for name, told in rows.items())


def _memory(figures: Figures) -> Iterator[str]:
    yield "| documents | until the first shard | a whole run |"
    yield "|--:|--:|--:|"
    for count in sorted({*figures.memory_listing, *figures.memory}, key=int):
        parts = (figures.memory_listing.get(count), figures.memory.get(count))
        listing, run = ("–" if size is None else f"{size / 1e6:.0f} MB" for size in parts)
        yield f"| {int(count):,} | {listing} | {run} |"


def _plans(figures: Figures) -> Iterator[str]:
    yield "| documents | who answers | listing | work | gathering | all | model | machines | in the way |"
    yield "|--:|---|--:|--:|--:|--:|--:|--:|---|"
    for size in SIZES:
        for name, shape in PLANS.items():
            plan = replace(shape, documents=size)
            yield f"| {size:,} | {name} | {row(plan, figures)} |"


def row(plan: Plan, figures: Figures) -> str:
    """A plan's cells."""
    course = simulate(plan, figures)
    best = [f"{name}: {by:.2f} ×" for name, by in in_the_way(plan, figures)[:2] if by < 0.95]
    times = [shown(s) for s in (course.listing, course.work, course.gathering, course.seconds)]
    cost = f"{course.model:,.0f} $" if course.model else "–"
    return " | ".join([*times, cost, f"{course.machines:,.0f} $", "; ".join(best) or "nothing alone"])


def shown(seconds: float) -> str:
    """A length of time in its largest unit."""
    for unit, length in (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.0f} s"


def room(documents: int, figures: Figures) -> str:
    """What a number of documents takes besides time."""
    disk = {"results": figures.results, "a shared store": figures.shared, "the driver's list": figures.list}
    sizes = ", ".join(f"{name} {each * documents / 1e9:,.1f} GB" for name, each in disk.items())
    return f"{documents:,} documents: {sizes}"


_KINDS: dict[str, Callable[[str], object]] = {"int": lambda given: int(float(given)), "float": float, "str": str}
"""How what is given is read, by the type of a plan's field."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the tables, or one plan."""
    parser = argparse.ArgumentParser(prog="python -m eval.trials.capacity", description="10⁶ and 10⁷ documents.")
    parser.add_argument("--measure", action="store_true", help="measure the figures anew")
    parser.add_argument("--page", action="store_true", help="write the tables into docs/scale.md")
    for field in dataclasses.fields(Plan):
        choices = WAYS if field.name == "way" else None
        parser.add_argument(f"--{field.name}", type=_KINDS[str(field.type)], default=None, choices=choices)
    given = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value is not None}
    page = given.pop("page")
    if given.pop("measure"):
        from eval.trials.measure import measure

        FIGURES.write_text(json.dumps(dataclasses.asdict(measure()), indent=2) + "\n", "utf-8")
    figures = read_figures()
    if given:
        plan = Plan(**{"documents": 1_000_000, **given})
        print(f"figures of {figures.about}")
        print("listing | work | gathering | all | model | machines | in the way")
        print(row(plan, figures))
        print(room(plan.documents, figures))
        return 0
    made = tables(figures)
    for lines in made.values():
        print(*lines, "", sep="\n")
    for size in SIZES:
        print(room(size, figures))
    if page:
        PAGE.write_text(written(PAGE.read_text("utf-8"), made), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
