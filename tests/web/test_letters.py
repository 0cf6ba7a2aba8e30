"""Letters that did not arrive: found over all cases, sent again many at once, each through the door."""

from models.vocabulary import Fate, Status
from tests.core.builders import a_loss
from tests.web.conftest import Console


def a_lost_letter(console: Console, outcome: str = "failed") -> str:
    """A petition whose notice to the petitioner did not arrive, or of which nobody knows."""
    case = console.office.a_case(Status.ACCEPTED)
    console.office.act(case, "engine", "record_outcome", **a_loss(console.office.case(case), outcome))
    return case


async def test_lost_letters_are_sent_again_many_at_once_and_twice_the_same_form_sends_once(console: Console) -> None:
    failed, unknown = a_lost_letter(console), a_lost_letter(console, "unknown")
    well = console.office.a_case(Status.ACCEPTED)
    clerk = await console.logged_in("clerk")
    await clerk.go("/letters?fate=unknown")
    assert unknown in clerk.words
    assert failed not in clerk.words
    await clerk.go("/letters")
    assert "未送达" in clerk.words
    assert "smtp_550" not in clerk.words, "told in words"
    assert well not in clerk.words
    asked = clerk.answer
    chosen = [f"{case}|{console.office.case(case).unsettled[0].letter}" for case in (failed, unknown)]
    for _ in range(2):
        clerk.answer = asked
        await clerk.send("/letters/resend", letter=[*chosen, f"{well}|{well}#1.1.letter"])  # type: ignore[arg-type]
        assert "2 份文书已交付重发" in clerk.words
        assert f"✗ {well}：" in clerk.words
    for case in (failed, unknown):
        assert console.office.case(case).unsettled[0].fate is Fate.AGAIN
        assert console.office.names(case).count("letter_resent") == 1
    await clerk.go("/letters")
    assert 'name="letter"' not in clerk.html, "what is on its way is not offered again"


async def test_whoever_keeps_no_post_sees_no_letters_and_sends_none(console: Console) -> None:
    case = a_lost_letter(console)
    handler = await console.logged_in("handler")
    await handler.go("/letters")
    assert handler.answer.status_code == 403
    await handler.go("/me")
    letter = console.office.case(case).unsettled[0].letter
    found = handler.html.partition('name="csrf" value="')[2].partition('"')[0]
    answer = await handler.client.post("/letters/resend", data={"csrf": found, "letter": f"{case}|{letter}"})
    assert answer.status_code == 403
    assert console.office.case(case).unsettled[0].fate is Fate.FAILED
