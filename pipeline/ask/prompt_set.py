"""A prompt set: templates, examples and a TOML head in one folder, named by the hash of all of it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

import prompts
from schemas.errors import UsageError
from schemas.vocabulary import Instrument

MOST_BYTES = 2_000_000
"""Of one file of a set: it is sent with every article."""


class _Head(BaseModel):
    """What `prompt.toml` must say, whatever else it does."""

    model_config = ConfigDict(strict=True)

    stages: Annotated[list[str], Field(min_length=1)]
    templates: dict[str, str]
    max_tokens: Annotated[int, Field(ge=1, le=1_000_000)]
    most_decisions: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Of one article; needed where single decisions are asked."""
    form: Literal["answer", "rows"] = "answer"
    """How the whole answer is written: in the objects of `Answer`, or in rows (`schemas.rows`)."""
    together: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Characters that several articles of one document may have to be asked about at once; 0: each is alone."""


class _Example(BaseModel):
    article: list[str]
    answer: dict[str, Any]
    rows: dict[str, Any] | None = None
    """The same answer in rows, in a set that asks for them."""


class _Decision(BaseModel):
    text: str
    value: str


class _Instrument(_Decision):
    value: Instrument


class _Decisions(BaseModel):
    instrument: list[_Instrument]
    act: list[_Decision]


class PromptSet:
    """One loaded prompt set. `hash` changes with any byte of the set; `head` is its `prompt.toml`."""

    def __init__(self, folder: Path) -> None:
        """Raises `UsageError` with the file that is missing, damaged, or no part of a set."""
        self.name = folder.name
        self._folder = folder
        self.files = {p.name: self._read(p) for p in self._parts()}
        self.head: dict[str, Any] = self._parsed("prompt.toml", tomllib.loads, {})
        self.hash = hashlib.sha256(json.dumps(self.files, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
        self.examples: Any = self._parsed("examples.json", json.loads, [])
        # Sandboxed: a set may come from somebody else. Strict: a missing variable is an error, not an empty string.
        self._jinja = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )
        self._compiled: dict[str, Template] = {}
        self._check()

    @property
    def stepwise(self) -> bool:
        """Whether the set asks single decisions about a draft instead of the whole answer."""
        return "answer" not in self.head["stages"]

    @property
    def in_rows(self) -> bool:
        """Whether the whole answer is written in rows."""
        return bool(self.head.get("form") == "rows")

    @property
    def together(self) -> int:
        """Characters that several articles may have to be asked about at once."""
        return int(self.head.get("together", 0))

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
        except Exception as problem:  # a template may call, divide and add what it likes
            raise UsageError(
                f"prompt set {self.name!r}, template {template!r}: {type(problem).__name__}: {str(problem)[:200]}"
            ) from problem

    def _parts(self) -> list[Path]:
        """The files of the set. A link could name any file of this machine, which would be sent to the service."""
        found = [p for p in sorted(self._folder.iterdir()) if p.suffix in (".toml", ".j2", ".json")]
        if link := next((p for p in found if p.is_symlink()), None):
            raise UsageError(f"{link}: is a link, and is not followed; put a copy of the file in its place")
        return [p for p in found if p.is_file()]

    def _read(self, path: Path) -> str:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise UsageError(f"{path}: is more than {MOST_BYTES / 1e6:.0f} MB; no prompt is as long")
        try:
            return raw.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as problem:
            raise UsageError(f"{path}: byte {problem.start} is no UTF-8; save it as UTF-8") from None

    def _parsed(self, name: str, parse: Any, nothing: Any) -> Any:
        if name not in self.files:
            return nothing
        try:
            return parse(self.files[name])
        except RecursionError:
            raise UsageError(f"{self._folder / name}: is nested too deeply") from None
        except ValueError as problem:
            raise UsageError(f"{self._folder / name}: {problem}; mend it there") from problem

    def _check(self) -> None:
        """Whether head, templates and examples are such that an article can be asked about."""
        self._fits("prompt.toml", _Head, self.head)
        needed = ("act", "instrument") if self.stepwise else ("system", "user", "reask")
        for name in needed:
            file = self.head["templates"].get(name)
            if file not in self.files:
                raise UsageError(f"{self._folder / 'prompt.toml'}: names no template {name!r} that is in the folder")
            try:
                self._compiled[self.files[file]] = self._jinja.from_string(self.files[file])
            except (TemplateError, RecursionError) as problem:
                why = "nested too deeply" if isinstance(problem, RecursionError) else problem
                raise UsageError(f"prompt set {self.name!r}, template {name!r} ({file}): {why}") from problem
        self._fits("examples.json", _Decisions if self.stepwise else list[_Example], self.examples)
        if self.stepwise and "most_decisions" not in self.head:
            raise UsageError(f"{self._folder / 'prompt.toml'}: most_decisions: is missing")

    def _fits(self, name: str, form: Any, value: object) -> None:
        try:
            TypeAdapter(form).validate_python(value)
        except ValidationError as problem:
            fault = problem.errors()[0]
            place = ".".join(map(str, fault["loc"])) or "the file"
            why = fault["msg"].partition(" or instance of ")[0]
            raise UsageError(f"{self._folder / name}: {place}: {why}; mend it there") from None


@cache
def load_prompt_set(name: str) -> PromptSet:
    """The prompt set called `name`, or in the folder `name`. Raises `UsageError` for an unknown or broken one."""
    folder = prompts.FOLDER / name if "/" not in name else Path(name)
    try:
        there = (folder / "prompt.toml").is_file()
    except (OSError, ValueError):  # a name that no system takes
        there = False
    if not there:
        raise UsageError(
            f"there is no prompt set {name!r}; known sets: {', '.join(prompts.available())} (or give a folder)"
        )
    try:
        return PromptSet(folder)
    except OSError as problem:
        raise UsageError(f"{problem.filename}: {problem.strerror}; check who may read the prompt set") from problem
