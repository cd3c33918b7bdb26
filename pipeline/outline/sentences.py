"""Sentences, clauses and marked items: the parts of running text that can be pointed at.

Korean clauses are cut at connective endings (-고, -며, -하여), by the grammar of the ending and not by a
morphological analyser: the verbs of policy prose are nearly all Sino-Korean nouns with 하다/되다/시키다
(`docs/decisions.md` says what was measured). Chinese and English clauses end at `；` and `;`.
"""

from __future__ import annotations

import bisect
import re

from pipeline.normalise.private_signs import BOXED_NUMBER, BOXED_START

_SENTENCE_END = re.compile(
    r"[.!?。！？…](?:(?:(?<=[。！？])|(?<=[다요음함임됨것점][.!?])"
    r"|(?:(?<=[a-z0-9%)\]][.!?])|(?<=[A-Z][A-Z][.!?]))(?=[\"”’')\]]*\s+[A-Z“\"‘(]))"
    r"[\"”’')\]]*(?=\s|$|[^\s\d\"”’')\],.라고며는은이가]|(?<=。)\d)|(?<=…)(?=\s))"
)
"""The sign comes first: signs are rare, and what stands around one is looked at only there."""
_TITLE_OF_NAME = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Gov|Hon|Sen|Rep|Gen|Lt|Col|Capt|Rev|Messrs)$")
_SPEAKER = re.compile(r"[\u4e00-\u9fff·]{1,10}(?:说道?|表示|称|指出|介绍|强调|认为|透露|告诉记者)[。，]")
_BROKEN_DASH = re.compile(r"(?<=—)\s*\n")
_BRACKETED = re.compile(
    r"[（(](?:责任(?:单位|部门|主体)|牵头(?:单位|部门)|配合单位|主管部门|소관|담당|주관)?[:：]?[^（）()]{2,160}?(?:负责|牵头|配合|参加|소관|주관)?[）)]"
)
_DUTY = re.compile(r"责任|牵头|负责|配合|소관부처|담당부처|주관부처")
_SEMICOLON = re.compile(r"[；;](?!\w{1,6};)")

# Connective endings. 하고/되고/시키고/하며/하여 are verbs for certain; a bare -고/-며 only after a verb stem
# that is not the end of a noun (보고, 제고, 최고 …), so nouns in 고 are listed, not the verbs.
_NOUN_GO = "보제최창사광신참재권경중원충선예통공금국투상"
_CONNECTIVE = re.compile(
    r"(?<=[가-힣 ])(?:(?:하|되|시키|이루|높이|늘리|줄이|갖추|세우|만들|넓히|키우|다지|맺|열|펼치|이끌)(?:고|며)"
    r"|하여|되여|되어|시켜|는바|는\s한편|높여|늘려|줄여|갖춰|세워|만들어|넓혀|키워|다져|으며|[았었였했]고|[았었였했]으며"
    rf"|(?<![{_NOUN_GO}\s])(?<!있)(?<!없)고(?=,)|(?<=[을를] )(?:[가-힣]{{1,4}})(?:고|며)"
    r"|(?<=[가-힣]{2})해)(?=[,，]?\s|[,，][가-힣])(?!\s(?:있[다는을던으었]|나[가간갈갔감]|나아[가간갈]|오[고는]|온\s|왔|[주준줄][다는어]?\s|[둔두]\s|않))[,，]?"
)
_NOT_CLAUSE = re.compile(r"(?:위하여|위해|통하여|통해|대하여|대해|관하여|관해|의하여|의해|비하여|비해|더불어|인하여|인해|향해|향하여|이해|저해|올해|피해|백일해|황해|동해|남해|서해|공해|재해|손해)[,，]?$")  # fmt: skip
_ITEM = re.compile(rf"[▲△▴▷▶►◆◇■□●]\s?(?=[^\s])|(?<![\w(])(?:[①-⑳❶-❿]|{BOXED_NUMBER})\s?|(?<=\s)--\s?(?=\S)")
_SIGNED = re.compile(r"[▲△]\s?[\d.,]+\s?(?:%p?|p|억|조|만|원|명|개|건)*(?=[\s,).·]|$)")
_ITEM_MARK = re.compile(f"[▲△▴▷▶►◆◇■□●①-⑳❶-❿{BOXED_START}]")
MIN_ITEM = 12
"""Items after a triangle that stands before a number must be this long (characters); shorter, it is a minus sign."""
_CLOSES_LIST = re.compile(r"등(?:을|에|이|과|도|으로)(?=\s|$)")
_AND_SO_ON = re.compile(r"등의?(?=[\s.]|$)")
_VERB = re.compile(r"(?:[^▲△]{2,120}다)?[.\s]*$")
_LONGEST_LAST = 120
"""A last item that is longer (characters) and that nothing closes ends at its first 등."""
_QUOTED = re.compile(r"“[^“”]*”|‘[^‘’]{2,}’|「[^「」]*」|『[^『』]*』|《[^《》]*》|\([^()]*\)|（[^（）]*）|\"[^\"]*\"")
MIN_CLAUSE = 8
"""A shorter clause (in characters) is joined to the next: it is a means, not an act."""


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences in `text[start:end]`, without outer white space."""
    cuts = [m.end() for m in _SENTENCE_END.finditer(text, start, end) if not _is_within(text, start, m)]
    if text.find("—", start, end) >= 0:
        cuts = sorted({*cuts, *(m.end() for m in _BROKEN_DASH.finditer(text, start, end))})
    return _trimmed(text, start, end, cuts)


def _is_within(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether what looks like an end is the dot of a title before a name, or of a quotation whose speaker follows."""
    at = end.start()
    if text[at] == ".":
        return _TITLE_OF_NAME.search(text, max(start, at - 6), at) is not None
    return text[end.end() - 1] in "”’" and _SPEAKER.match(text, end.end()) is not None


def split_duties(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Sentences of a paragraph with brackets that name the responsible body (责任单位) cut off; those are marked True."""
    pieces = []
    for a, b in split_sentences(text, start, end):
        cut = a
        for m in _BRACKETED.finditer(text, a, b):
            if _DUTY.search(m.group()):
                pieces += [(cut, m.start()), (m.start(), m.end())]
                cut = m.end()
        if text[cut:b].strip("。. ；;"):
            pieces.append((cut, b))
    filled = [(a, b) for a, b in pieces if text[a:b].strip()]
    return [(a, b, text[a] in "（(" and _DUTY.search(text, a, b) is not None) for a, b in filled]


def split_clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the clauses of one sentence; empty where it has only one."""
    cuts, last, quoted = [], start, _quoted(text, start, end)
    opened = [a for a, _ in quoted]
    for match in sorted(
        (*_CONNECTIVE.finditer(text, start, end), *_SEMICOLON.finditer(text, start, end)), key=lambda m: m.end()
    ):
        word = text[max(start, match.start() - 6) : match.end()]
        if (
            match.end() - last < MIN_CLAUSE
            or _NOT_CLAUSE.search(word)
            or ((k := bisect.bisect_left(opened, match.start())) and match.start() < quoted[k - 1][1])
        ):
            continue
        cuts.append(match.end())
        last = match.end()
    if cuts and end - cuts[-1] < MIN_CLAUSE:
        cuts.pop()
    return _trimmed(text, start, end, cuts) if cuts else []


def split_items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of marked items (▲ △ ▷ ①) inside a unit, without the glyph and a closing `등을 …`; two or none."""
    if _ITEM_MARK.search(text, start, end) is None and text.find("--", start, end) < 0:
        return []  # most units: one quick look instead of the whole pattern
    marks = list(_ITEM.finditer(text, start, end))
    if len(marks) < 2:
        return []
    if any(_SIGNED.match(text, m.start(), end) for m in marks) and (end - marks[0].start()) / len(marks) < MIN_ITEM:
        return []
    spans = []
    for mark, stop in zip(marks, [m.start() for m in marks[1:]] + [end], strict=True):
        close = _item_end(text, mark.end(), stop, last=stop == end)
        if close - mark.end() >= 2:
            spans.append((mark.end(), close))
    return spans if len(spans) >= 2 else []


def _item_end(text: str, start: int, stop: int, *, last: bool) -> int:
    """Where an item ends: before what separates it from the next, the last one before the `등을 …` that closes the list.

    Within an item 등 only ends what it names (`산업·문화 등 복합 단지를 20개 조성`).
    """
    closed = _list_end(text, start, stop) if last else None
    end = stop if closed is None else closed
    while end > start and (text[end - 1].isspace() or text[end - 1] in (",;.·/" if closed is None else ",;·/")):
        end -= 1
    return end


def _list_end(text: str, start: int, stop: int) -> int | None:
    """The 등 behind the last item of a list: with a particle, or before the verb of the sentence that the list stands in."""
    closing = _CLOSES_LIST.search(text, start, stop)
    if closing is not None:
        return closing.start()
    so_on = list(_AND_SO_ON.finditer(text, start, stop))
    if so_on and _VERB.match(text, so_on[-1].end(), stop):
        return so_on[-1].start()
    return so_on[0].start() if so_on and stop - start > _LONGEST_LAST else None


def _quoted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Stretches inside quotation marks or brackets, where no clause ends."""
    # A sentence that is one whole quotation is cut like any other.
    return [m.span() for m in _QUOTED.finditer(text, start, end) if m.end() - m.start() < 0.6 * (end - start)]


def _trimmed(text: str, start: int, end: int, cuts: list[int]) -> list[tuple[int, int]]:
    spans = []
    for a, b in zip([start, *cuts], [*cuts, end], strict=True):
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        if b > a:
            spans.append((a, b))
    return spans
