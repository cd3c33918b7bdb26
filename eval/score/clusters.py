"""Articles as the bootstrap sees them: stretches of a document that stand or fall together."""

from __future__ import annotations

from eval.labelled.labels import DocumentLabels, Item

OUTSIDE = "outside"


def articles(gold: DocumentLabels) -> tuple[tuple[int, int], ...]:
    """Extents of the gold policies; overlapping ones are one article. Offsets, sorted."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((p.extent.start, p.extent.end) for p in gold.policies):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def cluster_of_place(gold: DocumentLabels, offset: int) -> str:
    """Name of the article around `offset`; all of a document outside its articles is one cluster."""
    inside = ((n, a) for n, a in enumerate(articles(gold), 1) if a[0] <= offset < a[1])
    number = next((n for n, _ in inside), None)
    return f"{gold.document}#{number or OUTSIDE}"


def cluster_of_gold(gold: DocumentLabels, item: Item) -> str:
    """The article of a gold record is its policy's, wherever the record itself stands."""
    extent = next(p.extent for p in gold.policies if p.key == item.policy)
    return cluster_of_place(gold, extent.start)
