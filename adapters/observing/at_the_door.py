"""The door seen from outside: how long a caller was there, how it ended, and the span around it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from adapters.observing import tracing
from models.refusals import Refused

if TYPE_CHECKING:
    from adapters.observing.meters import Meters
    from adapters.orders import Order


@contextmanager
def watched(meters: "Meters | None", orders: "Sequence[Order]") -> "Iterator[None]":
    """Time and trace one caller's orders; what follows from them belongs to the same trace."""
    began = time.perf_counter()
    with tracing.span("door") as span:
        carried = tracing.carried()
        for order in orders:
            order.trace = carried
        try:
            yield
        finally:
            if meters is not None:
                meters.door.observe(time.perf_counter() - began)
                for order in orders:
                    meters.orders[how(order)].inc()
            if carried is not None:
                span.say(**_words(orders))


def how(order: "Order") -> str:
    """Return how an order ended: ``accepted``, ``refused`` with a sentence, or ``failed``."""
    if order.refusal is None:
        return "accepted" if order.done else "failed"
    return "refused" if isinstance(order.refusal, Refused) else "failed"


def _words(orders: "Sequence[Order]") -> dict[str, str]:
    """Return what may be told of the first of them: the ids that the door itself gave, never what a caller wrote."""
    for order in orders[:1]:
        if order.receipts and order.refusal is None:
            receipt = order.receipts[0]
            return {"outcome": how(order), "case": receipt.case, "event": receipt.event or ""}
        code = order.refusal.code if isinstance(order.refusal, Refused) else type(order.refusal).__name__
        return {"outcome": how(order), "refusal": code}
    return {}
