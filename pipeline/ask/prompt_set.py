"""A prompt set: templates, examples and a TOML head in one folder, named by the hash of all of it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

import prompts
from schemas.errors import UsageError


class PromptSet:
    """One loaded prompt set. `hash` changes with any byte of the set; `head` is its `prompt.toml`."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self.files = {
            p.name: p.read_text(encoding="utf-8")
            for p in sorted(folder.iterdir())
            if p.is_file() and p.suffix in (".toml", ".j2", ".json")
        }
        self.head: dict[str, Any] = tomllib.loads(self.files["prompt.toml"])
        self.hash = hashlib.sha256(json.dumps(self.files, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
        self.examples: Any = json.loads(self.files.get("examples.json", "[]"))
        # Sandboxed: a set may come from somebody else. Strict: a missing variable is an error, not an empty string.
        self._jinja = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )
        self._compiled: dict[str, Template] = {}

    @property
    def stepwise(self) -> bool:
        """Whether the set asks single decisions about a draft instead of the whole answer."""
        return "answer" not in self.head["stages"]

    def render(self, template: str, **values: object) -> str:
        """The template's text. Raises `UsageError` naming the set and what is missing."""
        try:
            source = self.files[self.head["templates"][template]]
            if source not in self._compiled:  # Compiling takes longer than all that is done with an article.
                self._compiled[source] = self._jinja.from_string(source)
            return self._compiled[source].render(**values).strip()
        except KeyError as problem:
            raise UsageError(
                f"prompt set {self.name!r} has no template {problem}; add it to its folder and prompt.toml"
            ) from None
        except TemplateError as problem:
            raise UsageError(f"prompt set {self.name!r}, template {template!r}: {problem}") from problem


@cache
def load_prompt_set(name: str) -> PromptSet:
    """The prompt set called `name`, or in the folder `name`. Raises `UsageError` for an unknown one."""
    folder = prompts.FOLDER / name if "/" not in name else Path(name)
    if not (folder / "prompt.toml").is_file():
        raise UsageError(
            f"there is no prompt set {name!r}; known sets: {', '.join(prompts.available())} (or give a folder)"
        )
    return PromptSet(folder)
