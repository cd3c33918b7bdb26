"""Room: results of several runs in one folder, as one run over all their documents would give them.

index.py     which documents there are, where their lines stand, and which of them are one: on disk, not in memory
way.py       whether runs were made in the same way, and their `run.json` as one
gather.py    the folder: every record checked, every text copied, put in place in one step
"""

from pipeline.gather.gather import Gathered, gather, gather_into
from pipeline.gather.index import each_document
from pipeline.gather.way import joined_usage, read_manifest

__all__ = ["Gathered", "each_document", "gather", "gather_into", "joined_usage", "read_manifest"]
