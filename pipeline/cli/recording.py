"""`pams record`: record the cassettes anew from the embedded model, over real HTTP."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from pipeline.model import DEFAULT_MODEL
from pipeline.run import run
from pipeline.settings import Settings
from schemas.errors import CannotStart


def record(
    docs: Annotated[Path, typer.Option(help="Documents to record.")] = Path("seeds"),
    folder: Annotated[Path, typer.Option(help="Folder of the cassettes.")] = Path("cassettes"),
    endpoint: Annotated[str, typer.Option(help="embedded, or openai with a key.")] = "embedded",
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Record what the model answers on the documents, for tests that need neither model nor network."""
    try:
        from eval.runs.cassettes import cassette
        from eval.runs.held_out import weights_for
    except ImportError as problem:
        raise CannotStart(f"recording needs the developer's packages ({problem}); run `make setup`") from problem
    count = 0
    for path in sorted(docs.glob("*.txt")):
        file = folder / f"{path.stem}.yaml"
        file.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory() as room, cassette(file, record=True) as tape:
            settings = Settings(
                endpoint=endpoint,  # type: ignore[arg-type]
                model=DEFAULT_MODEL if endpoint == "embedded" else None,
                cache=Path(room) / "store",
                jobs=1,
                weights=weights_for(docs),
            )
            run([path], Path(room) / "out", settings)
            count += len(tape)
        if not file.exists():  # nothing was asked about this document: that is recorded too
            file.write_text("version: 1\ninteractions: []\n", encoding="utf-8")
        if not as_json:
            sys.stdout.write(f"{file}\n")
    sys.stdout.write(f'{{"requests": {count}}}\n' if as_json else f"{count} requests recorded\n")
