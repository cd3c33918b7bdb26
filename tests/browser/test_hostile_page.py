"""Two hundred documents that attack, in the page that is mailed: everything is shown, nothing runs, nothing is asked for."""

from __future__ import annotations

from pathlib import Path

from chromium import browser, window

from eval.trials.hostile.make import write_documents
from pipeline.results import Results
from pipeline.review import write_page
from pipeline.run import run
from pipeline.settings import Settings

WALK = """async () => {
    const select = document.getElementById("document"), seen = [];
    for (const option of [...select.options].map(o => o.value)) {
        select.value = option;
        select.dispatchEvent(new Event("change"));
        await new Promise(done => setTimeout(done));
        const lines = [...document.querySelectorAll("#source p")].map(p => p.textContent);
        const foreign = document.querySelectorAll("#source :not(.block, .line, .line p, .page, .m, .markup, .cell, .hidden-character), main img, main a, main iframe, main svg");
        seen.push([option, lines.join("\\n"), foreign.length]);
    }
    return seen;
}"""


def test_nothing_of_a_hostile_document_runs_in_the_page(tmp_path: Path) -> None:
    write_documents(tmp_path / "docs")
    out = tmp_path / "out"
    run([tmp_path / "docs"], out, Settings())
    count = write_page(out, tmp_path / "page.html")
    results = Results(out)
    with browser() as running, window(running) as context:
        asked: list[str] = []
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "page.html").as_uri())
        scripts = page.locator("script").count()
        seen = page.evaluate(WALK)
        for name, text, foreign in seen:
            # The page's text is the document's, character for character, however much of it is markup.
            assert (text, foreign) == (results.text(name), 0), name
        assert len(seen) == count > 200
        assert page.locator("script").count() == scripts == 2
        assert len(asked) == 1 and asked[0].startswith("file:")
        assert page.evaluate("[typeof window.pwned, typeof window.hacked, document.title.includes('pams')]") == [
            "undefined",
            "undefined",
            True,
        ]
