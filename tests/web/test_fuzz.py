"""The API keeps to its document, whatever it is sent: a short run of what ``make fuzz`` does at length."""

import pytest

from tests.store.desks import Office
from tests.web.fuzz import run


@pytest.mark.slow
@pytest.mark.parametrize("person", ["clerk", "handler"])
def test_generated_requests_find_nothing(office: Office, person: str) -> None:
    outcome = run(office, person, examples=8, seed=1, brief=True)
    assert not outcome.findings, "\n".join(outcome.findings)
    assert outcome.requests > 300
    assert outcome.statuses.keys() >= {200, 403, 404, 405, 422}, "each sort of answer was met"
