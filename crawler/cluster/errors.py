"""What can go wrong with a cluster."""

from crawler.errors import OperatorError


class ClusterFailed(OperatorError):
    """The cluster cannot go on; what it gave until then is kept."""


class TaskGivenUp(Exception):
    """Several workers ended while they did one task."""
