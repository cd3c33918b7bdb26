"""One document at a time, from what is known already: finished, or the questions that someone has to pay for first.

A desk reads, splits and grounds, and looks answers up in the store; it never calls a model. It can therefore stand in
a worker process, while the run's own process does nothing but call.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections import Counter
from dataclasses import dataclass, field

from pipeline.jobs import Job, done, failed
from pipeline.model import FilesModel, Served
from pipeline.model.ledger import Json, schema_hash
from pipeline.model.parse import load_reader
from pipeline.opened import Opened, open_document
from pipeline.read import read
from pipeline.session import Session, prompts_of, stored_session, weights_of
from pipeline.settings import Settings
from pipeline.steps import Extraction, finish, likely_answers, ocr_of, warm_up
from pipeline.write import lines, read_text
from schemas.answer import Answer
from schemas.document import Document
from schemas.errors import BudgetReached, CannotStart, InputError, InternalError, PamsError, Pending
from schemas.records import DocumentRow


@dataclass(frozen=True)
class Finished:
    """What became of one document: its row and its records as lines of JSON."""

    row: DocumentRow
    policies: str = ""
    refusals: str = ""
    refused: int = 0
    """Number of refusals."""
    answers: Counter[str] = field(default_factory=Counter)
    """Answers that the store gave for it, by who gave them to the store."""
    text: str | None = None
    """The document's text, to be saved beside the records; None if it gave none."""


@dataclass(frozen=True)
class Asking:
    """What must be asked before a document can go on: request bodies by request id."""

    requests: dict[str, Json]
    anew: frozenset[str] = frozenset()
    """Those whose stored answer gave no value and is to be replaced."""
    likely: dict[str, int] = field(default_factory=dict)
    """Tokens that their answers will have, about; only of a document that is looked at ahead."""


class Desk:
    """The steps for documents one after another. What waits for answers stays open, so that it is parsed once."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened before the first document, so that a desk can be made before a process is forked."""
        self._settings = settings
        self._session: Session | None = None
        self._open: dict[str, Opened] = {}
        self._one = asyncio.Lock()
        self.done = 0
        """Documents looked at so far, each as often as it came back."""

    def warm(self) -> None:
        """Does what the first document would wait for, while the run is still being opened: see `steps.warm_up`."""
        with contextlib.suppress(PamsError):  # what cannot be loaded is told of when it is needed
            warm_up(self._session_now())

    async def do(self, job: Job) -> Finished | Asking:
        """As far as the document comes. Raises `CannotStart` for what would stop every other document too."""
        async with self._one:  # What is asked must be told apart by document.
            self.done += 1
            return await self._do(job)

    async def _do(self, job: Job) -> Finished | Asking:
        document: Document | None = None
        session = self._session_now()
        model = session.model if isinstance(session.model, FilesModel) else None
        if model is not None:
            model.take_served()
        try:
            opened = self._open.get(job.name) or open_document(read_job(job, self._settings))
            document = opened.document
            extraction = await finish(opened, session)
        except Pending:
            self._open[job.name] = opened
            if model is None:
                return Asking({})
            requests = model.take_requests()
            likely = likely_answers(opened, session, requests) if job.ahead else {}
            return Asking(requests, frozenset(model.asked_anew & requests.keys()), likely)
        except (CannotStart, BudgetReached):
            raise
        except Exception as problem:  # noqa: BLE001 - one document never stops the others
            self.forget(job.name)
            return _with_costs(stumbled(job, problem, document), model)
        self.forget(job.name)
        if model is not None:
            model.take_requests()  # re-asks through files that nobody waits for
        return _with_costs(finished(job, extraction), model)

    def forget(self, name: str) -> None:
        """Lets go of a document that will not go on."""
        self._open.pop(name, None)

    def forget_all(self) -> None:
        """Lets go of all that lies open."""
        self._open.clear()

    def close(self) -> None:
        """Closes the store."""
        if self._session is not None and isinstance(self._session.model, FilesModel):
            self._session.model.close_store()

    def _session_now(self) -> Session:
        if self._session is None:
            self._session = stored_session(self._settings)
        return self._session


def load(settings: Settings, *, several: bool) -> None:
    """Loads what desks will need, once for all processes that are forked after this; `several`: more than one."""
    schema_hash(Answer)
    with contextlib.suppress(PamsError):  # told of when the run opens
        weights_of(dataclasses.replace(settings, endpoint="draft"))  # vectors are each process's own
    if several and settings.asks and not prompts_of(settings).stepwise:
        load_reader(Answer)


def read_job(job: Job, settings: Settings) -> Document:
    """A job's document: the text that an earlier run made of the same file, else the file. Raises `InputError`."""
    if job.kept is not None:
        with contextlib.suppress(InputError):  # changed or removed since: converted anew
            return read_text(job.kept.folder, job.kept.row).model_copy(update={"name": job.name, "portal": job.portal})
    return read(job.source, ocr=ocr_of(settings)).model_copy(update={"portal": job.portal})


def _with_costs(done: Finished, model: FilesModel | None) -> Finished:
    """The outcome with what its answers cost, and who gave them."""
    served = model.take_served() if model is not None else Served()
    cost, told = served.cost, not served.untold
    costs = {
        "answers": served.answers.total(),
        "input_tokens": cost.input_tokens if told else None,
        "output_tokens": cost.output_tokens if told else None,
        "money": round(cost.money, 6) if told and cost.money is not None else None,
    }
    return dataclasses.replace(done, row=done.row.model_copy(update=costs), answers=served.answers)


def finished(job: Job, extraction: Extraction) -> Finished:
    """A document that gave its records."""
    asked = sum(a.asked for a in extraction.articles)
    row = done(job, extraction.document, asked, extraction.policies, extraction.left_out, extraction.overlooked)
    policies, refusals = lines(extraction.policies, extraction.refusals)
    return Finished(row, policies, refusals, len(extraction.refusals), text=extraction.document.text)


def stumbled(job: Job, problem: BaseException, document: Document | None = None) -> Finished:
    """A document that gave nothing: for a reason we know, or for a fault of ours, which is named for a report."""
    if not isinstance(problem, PamsError):
        trace = problem.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}" if trace is not None else "unknown place"
        problem = InternalError(f"{job.name}: a fault of pams, {type(problem).__name__} in {place}; please report it")
    return Finished(failed(job.name, problem, document, job.same_as, job.sha256))
