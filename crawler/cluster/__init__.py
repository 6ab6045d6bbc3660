"""Replays on a cluster: what depends on the bytes of records alone is done by its workers, the rest by one process.

`replay_file` is the whole of what a worker does, for Dask, Ray, Spark or a plain loop.
"""

from crawler.cluster.tasks import ReplaySettings, Row, read_replay_settings, replay_file

__all__ = ["ReplaySettings", "Row", "read_replay_settings", "replay_file"]
