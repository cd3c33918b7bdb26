"""Room: one run on many machines, by Ray. Ray starts, places and repeats the work; what a shard is, is a local run.

driver.py      lists, cuts into shards, hands them out, gathers the results
book.py        the documents of a run, on the driver's disk
nodes.py       which nodes can take part, and which are left out
shard.py       the work of one shard on a node, with the desks of a local run
allowance.py   limits that hold for all nodes together: leased in small parts from the driver's node
"""

from pipeline.cluster.driver import run_on_ray

__all__ = ["run_on_ray"]
