"""A letter to one of the many other services that ``apprise`` knows.

The library answers yes or no. A no does not say whether the message may have arrived, so that after the last try the
letter's fate is unknown.
"""

import logging
from typing import TYPE_CHECKING

from adapters.post.answer import Answer, Message, later, sent

if TYPE_CHECKING:
    from adapters.post.book import OtherChannel

NOT_SAID = "not_said"
"""Why it did not arrive, if it did not: the library keeps that to itself."""


def post(channel: "OtherChannel", message: Message) -> Answer:
    """Send a message by apprise."""
    import apprise

    # At its lower levels it writes addresses with their keys, and letters, into the log.
    for name in ("apprise", "urllib3", "requests"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    asset = apprise.AppriseAsset(app_id="banjie", app_desc="Banjie", async_mode=False, plugin_paths=[])
    service = apprise.Apprise(asset=asset)
    service.add(channel.url.get_secret_value())
    taken = service.notify(title=f"{message.title} {message.number}", body=f"{message.text}\n{message.id.strip('<>')}")
    return sent() if taken else later(NOT_SAID)


def knows(url: str) -> bool:
    """Tell whether apprise understands an address."""
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    return apprise.Apprise.instantiate(url, suppress_exceptions=True) is not None
