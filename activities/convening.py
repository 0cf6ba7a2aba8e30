"""The activity that has a meeting's pack made, once, when it is due."""

import structlog
from temporalio import activity

from activities.discreet import discreet
from activities.signatures import ConveneAnswer, ConveneCall
from adapters import dispatch
from adapters.door import Door

log = structlog.get_logger()


class Convening:
    """Convenes the leaders' meetings."""

    def __init__(self, door: Door) -> None:
        """Keep the door."""
        self.door = door

    @activity.defn
    @discreet
    def convene(self, call: ConveneCall) -> ConveneAnswer:
        """Look which meeting of the series is due, and lay its pack before it if there is none yet."""
        found = dispatch.convene(self.door, call.series)
        if found.made:
            log.info("pack_laid", case=found.number, series=call.series.value)
        again = self.door.moments.real(found.put_off) if found.put_off else None
        return ConveneAnswer(meeting=found.number, made=found.made, again_at=again)
