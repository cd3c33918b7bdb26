"""Which unit stands under which: stacks of headings and bullets, ranked by the order in which a document uses them."""

from __future__ import annotations

from dataclasses import dataclass, field

# Used only where a family appears for the first time: usual rank of the glyphs in Korean official writing (□ ㅇ - *).
_USUAL_RANK = {"box": 0, "circle": 1, "triangle": 1, "check": 1, "circled": 1, "dash": 2, "dot": 3, "star": 4}
_TOP_FAMILIES = ("hash#", "hash##", "chapter", "roman", "han", "square", "padded", "boxed")


@dataclass
class Tree:
    """Where the next unit hangs. Entries are (family, indent, unit index)."""

    headings: list[tuple[str, int, int]] = field(default_factory=list)
    bullets: list[tuple[str, int, int]] = field(default_factory=list)

    def path(self) -> tuple[int, ...]:
        """Indexes of the headings above, outermost first."""
        return tuple([index for _, _, index in self.headings])

    def parent(self) -> int | None:
        """The unit under which a bullet or sentence without a mark of its own would hang."""
        if self.bullets:
            return self.bullets[-1][2]
        return self.headings[-1][2] if self.headings else None

    def open_heading(self, family: str, index: int) -> tuple[tuple[int, ...], int]:
        """Put a heading in its place; returns the path above it and its level (1 = outermost)."""
        self.bullets.clear()
        known = [i for i, (f, _, _) in enumerate(self.headings) if f == family]
        if known:
            del self.headings[known[0] :]
        elif family in _TOP_FAMILIES:
            rank = _TOP_FAMILIES.index(family)
            keep = [f in _TOP_FAMILIES and _TOP_FAMILIES.index(f) < rank for f, _, _ in self.headings]
            del self.headings[keep.index(False) if False in keep else len(keep) :]
        elif family == "references":
            while self.headings and self.headings[-1][0] not in _TOP_FAMILIES:
                self.headings.pop()
        elif self.headings and self.headings[-1][0] == "references":
            self.headings.pop()
        path = self.path()
        self.headings.append((family, 0, index))
        return path, len(self.headings)

    def open_bullet(self, family: str, indent: int, index: int) -> tuple[int | None, int]:
        """Put a bullet in its place; returns its parent and its level (1 = outermost bullet)."""
        same = [i for i, (f, _, _) in enumerate(self.bullets) if f == family]
        if same:
            deeper = [i for i in same if self.bullets[i][1] >= indent]
            del self.bullets[deeper[0] if deeper else same[-1] + 1 :]
        else:
            rank = _USUAL_RANK.get(family, 2)
            while self.bullets and indent <= self.bullets[-1][1] and rank < _USUAL_RANK.get(self.bullets[-1][0], 2):
                self.bullets.pop()
        parent = self.parent()
        self.bullets.append((family, indent, index))
        return parent, len(self.bullets)
