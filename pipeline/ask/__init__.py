"""ask: an article and a prompt set become an `Answer`: the only step that knows a model.

prompt_set.py      templates and examples, named by their hash
show_units.py      how an article is shown
whole.py           one question for the whole answer (large models)
together.py        short articles of one document in one question
rows.py            an answer in rows becomes an `Answer`
example_copies.py  answers that repeat the set's example
single.py          single decisions about the draft (small models)
"""

from __future__ import annotations

from pipeline.ask.example_copies import FROM_EXAMPLE, find_copies, stands_in_example
from pipeline.ask.prompt_set import PromptSet, load_prompt_set
from pipeline.ask.single import Doubt, ask_single
from pipeline.ask.together import group, number_through
from pipeline.ask.whole import Asked, Check, Form, as_written, ask_whole, first_messages

__all__ = [
    "FROM_EXAMPLE",
    "Asked",
    "Check",
    "Doubt",
    "Form",
    "PromptSet",
    "as_written",
    "ask_single",
    "ask_whole",
    "find_copies",
    "first_messages",
    "group",
    "load_prompt_set",
    "number_through",
    "stands_in_example",
]
