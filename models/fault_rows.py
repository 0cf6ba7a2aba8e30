"""The rows of a discrepancy (核对差异): found by the reconciliation, looked into and cleared up by an administrator."""

from models.rows import Row
from models.vocabulary import Role, Status

S, R = Status, Role
FAULT = (
    Row("report_fault", (), (R.ENGINE,), "fault_found", S.FAULTY, effects=("registered_at",)),
    Row("report_fault", (S.FAULTY,), (R.ENGINE,), "fault_persists"),
    Row("report_fault", (S.CLEARED,), (R.ENGINE,), "fault_found_again", S.FAULTY),
    Row("clear_fault", (S.FAULTY,), (R.ADMINISTRATOR,), "fault_cleared", S.CLEARED, checks=("reason_redacted",)),
    Row("note", (S.FAULTY, S.CLEARED), (R.ADMINISTRATOR,), "noted"),
)
