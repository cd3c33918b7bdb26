"""ground: an answer's references become verified spans, and spans become values; what does not hold is refused.

    quotes.py    where the words of a quote stand
    resolve.py   a reference becomes a span, or a refusal
    grounder.py  an answer becomes records

A reference holds if its unit exists and its words stand there exactly, or exactly but for white space (then
the offsets are mapped back to what is printed). Nothing is ever aligned fuzzily, and no quote may cut a
number in two: `5%` is not in `35%`.
"""

from __future__ import annotations

from pipeline.ground.grounder import Grounded, ground

__all__ = ["Grounded", "ground"]
