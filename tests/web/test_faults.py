"""A discrepancy's page: both versions, for administrators, who clear it up, and for those who see all cases."""

from adapters.reconciling import Report, tell
from models.fault_commands import Copy, Mismatch
from models.vocabulary import Status
from tests.web.conftest import Console


def a_fault(console: Console) -> str:
    case = console.office.a_case(Status.ASSIGNED)
    wrong = Mismatch(copy_of=Copy.WORKFLOW, field="status", ledger="assigned", found="closed")
    (fault,) = tell(console.office.door, Report(found={case: (wrong,)}))
    return fault


async def test_an_administrator_reads_both_versions_and_says_what_it_was(console: Console) -> None:
    fault = a_fault(console)
    admin = await console.logged_in("administrator")
    await admin.go("/admin")
    assert f"/cases/{fault}" in admin.html
    await admin.go(f"/cases/{fault}")
    assert "流程副本 status 为“closed”，台账为“assigned”" in admin.words
    await admin.send(f"/cases/{fault}/do/clear_fault", reason="流程被手工终止，已重启")
    assert console.office.case(fault).status is Status.CLEARED
    assert "已查明" in (await admin.go(f"/cases/{fault}")).words
    assert f"/cases/{fault}" not in (await admin.go("/admin")).html


async def test_an_auditor_reads_it_and_a_handler_does_not(console: Console) -> None:
    fault = a_fault(console)
    auditor = await console.logged_in("auditor")
    assert "流程副本" in (await auditor.go(f"/cases/{fault}")).words
    assert "clear_fault" not in auditor.html
    handler = await console.logged_in("handler")
    assert (await handler.go(f"/cases/{fault}")).answer.status_code == 403
