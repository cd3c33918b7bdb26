"""What decides a run besides the documents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Endpoint = Literal["auto", "openai", "embedded", "files", "draft"]
ENDPOINTS: tuple[Endpoint, ...] = ("auto", "openai", "embedded", "files", "draft")
AUTO_BUDGET = 5.0
"""Dollars that `auto` may spend on a service unless a budget is given."""
WHOLE_ANSWER = "brief"
"""The prompt set of a service or of files unless another is named."""


@dataclass(frozen=True)
class Settings:
    """What decides a run besides the documents. Picklable; no secrets (the key comes from the environment)."""

    endpoint: Endpoint = "draft"
    model: str | None = None
    base_url: str | None = None
    prompts: str | None = None
    """Prompt set; by default `WHOLE_ANSWER` for a service or files, `stepwise` for an embedded language model."""
    jobs: int = 8
    """Requests in flight at once."""
    budget: float | None = None
    """Most dollars to spend."""
    max_tokens_total: int | None = None
    """Most tokens to spend, in and out."""
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    timeout: float = 180.0
    """Seconds to wait for one answer of a service."""
    document_timeout: float = 300.0
    """Seconds that the steps of one document may take, calls not counted; the embedded model's are not bounded."""
    reasoning: bool = False
    """The model thinks before it answers, though its name does not tell: other parameters are sent to it."""
    hint: bool = False
    """Show the draft to the model (an ablation; orphaning recorded answers when a rule changes)."""
    examples: bool = True
    """Show the prompt set's examples (without them: another ablation)."""
    retry_failed: bool = False
    cache: Path | str | None = None
    """Folder of stored answers, or the address of a store that machines share."""
    ocr: bool = False
    """Pages that are pictures are read by Tesseract."""
    ocr_seconds: float = 600.0
    """Seconds that the pictures of one document may take."""
    manifest: Path | None = None
    """A list of what the site that the documents came from knew of them."""
    weights: Path | None = None
    """What the draft has learned; null: what pams brings along."""
    min_confidence: float | None = None
    """Leave out records that are less certain, 0 to 1."""

    @property
    def by_meaning(self) -> bool:
        """Whether the draft looks at vectors of sentences: the embedded tier, unless a language model is named."""
        return self.endpoint == "embedded" and self.model is None

    @property
    def asks(self) -> bool:
        """Whether anything is asked of a model; else the draft is the answer."""
        return self.endpoint != "draft" and not self.by_meaning
