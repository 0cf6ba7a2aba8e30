"""A workflow that imports a module which nobody passed through the sandbox."""

from temporalio import workflow

import tests.workflow.trivial as forgotten


@workflow.defn
class Forgetful:
    @workflow.run
    async def run(self) -> str:
        return forgotten.__name__
