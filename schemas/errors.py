"""What can go wrong, as one tree; every message says what went wrong, where, and what to type next.

PamsError
├── InputError              a document cannot be read; the run goes on
│   └── NeedsOcr            its pages are pictures, and nobody asked to read those
├── UsageError              wrong use of the command                       exit 2
│   └── GoldInvalid         gold files that cannot be scored against
├── CannotStart             nothing was begun                              exit 3
│   ├── NoModel             no key, no weights, unknown model
│   ├── WrongWeights        a model file with the wrong size or hash
│   ├── KeyRefused          the service refuses the key
│   ├── OutputUnwritable    the folder cannot be written, or is locked
│   └── StoreDamaged        the store holds a row it never writes
├── ModelError              a document's question got no usable answer; the run goes on
│   ├── CassetteMiss        a test asked what was not recorded
│   └── Pending             the answer will come through a file
├── InternalError           a fault of pams that one document brought to light; the run goes on
├── WorkerDied              a document ended the process that read it, twice; the run goes on
├── TookTooLong             a document took more time than one may; the run goes on
├── Conflict                someone else has decided about this record in the meantime
├── Interrupted             stopped by hand                                exit 130
├── BudgetReached           stopped before spending more                   exit 4
└── GateFailed              an evaluation gate is red                      exit 5
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class PamsError(Exception):
    """Base of all errors that a user may meet. `kind` names the class for machines, `exit_code` for the shell."""

    exit_code = 1

    @property
    def kind(self) -> str:
        """The error's name in output files, e.g. `input_error`."""
        name = type(self).__name__
        return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class InputError(PamsError):
    """A document cannot be read: empty, binary, undecodable, too large."""


class NeedsOcr(InputError):
    """A document's pages are pictures, and the run was not asked to read those."""


class UsageError(PamsError):
    """Wrong use of the command: a missing path, an unknown prompt set."""

    exit_code = 2


@dataclass(frozen=True)
class Problem:
    """Something to fix in a gold file: which file, which record, what."""

    file: str
    record: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.record}: {self.message}"


class GoldInvalid(UsageError):
    """Gold files that cannot be scored against; `problems` lists everything to fix."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in problems))


class CannotStart(PamsError):
    """A run cannot begin."""

    exit_code = 3


class NoModel(CannotStart):
    """There is no model to ask: no key, no weights, an unknown name."""


class WrongWeights(CannotStart):
    """A model file has the wrong size or hash."""


class KeyRefused(CannotStart):
    """The service refuses the key."""


class OutputUnwritable(CannotStart):
    """The output folder cannot be written, or another run holds its lock."""


class StoreDamaged(CannotStart):
    """The store holds a row that it never writes: a pickle, a reference to a file, or no JSON."""


class ModelError(PamsError):
    """A question got no usable answer: transport failed, or every attempt was invalid."""


class CassetteMiss(ModelError):
    """A request that no cassette holds: a prompt, schema or rule before it changed."""


class Pending(ModelError):
    """The question is not answered yet: its request was collected, to be written to a file."""

    def __init__(self, request_id: str) -> None:
        super().__init__(
            f"Request {request_id[:12]} waits for an answer. Write it out with `pams requests`, "
            "have it answered, and read the answers in with `pams answers`."
        )
        self.request_id = request_id


class InternalError(PamsError):
    """A fault of the program that one document brought to light."""


class WorkerDied(PamsError):
    """A document ended the process that read it, twice: too large for the memory, or a fault of a library."""


class TookTooLong(PamsError):
    """A document took more time than one may, and its process was ended; the run goes on."""


class Conflict(PamsError):
    """Someone else has decided about this record in the meantime."""


class Interrupted(PamsError):
    """The run was stopped by hand: what was in flight is kept, the rest was not begun."""

    exit_code = 130


class BudgetReached(PamsError):
    """The budget would be exceeded by the next call; everything paid for is kept."""

    exit_code = 4


class GateFailed(PamsError):
    """An evaluation gate is red."""

    exit_code = 5
