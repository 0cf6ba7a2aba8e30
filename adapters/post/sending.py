"""Sending one message by its route, whichever kind of channel that is."""

from adapters.post import mail, others, web
from adapters.post.answer import Answer, Message
from adapters.post.book import MailChannel, OtherChannel, RobotChannel, Route, WebhookChannel
from models.vocabulary import Fate


def send(route: Route, message: Message, patience: float) -> Answer:
    """Send a message; never raises for what the other side does.

    Args:
        route: the channel, and for e-mail the address; the tray is no channel that sends.
        message: the letter.
        patience: seconds it may take.
    """
    match route.channel:
        case MailChannel():
            return mail.post(route.channel, route.address, message, patience)
        case WebhookChannel():
            return web.post_webhook(route.channel, message, patience)
        case RobotChannel():
            return web.post_robot(route.channel, message, patience)
        case OtherChannel():
            return others.post(route.channel, message)
        case None:
            return Answer(Fate.TRAY)
