"""The desk of the process managers' tests, for the replays that need one."""

from tests.workflow.conftest import desk, namespace

__all__ = ["desk", "namespace"]
