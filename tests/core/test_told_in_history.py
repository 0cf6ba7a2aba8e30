"""What a case's history says is said in one language, and a moment as the desk reads it."""

from datetime import timedelta

from adapters.telling import EN, told
from models.vocabulary import Status
from tests.core.builders import a_story, imported
from tests.core.worlds import START, a_world

WORLD = a_world()


def test_what_an_event_says_is_told_in_one_language_without_the_names_inside() -> None:
    story = a_story(Status.REGISTERED)
    recorded = story.events[-1]
    said = {"state": "rectifying", "by_channel": "tray", "detail": "dispatch_notice", "sky": "heavy_rain"}
    event = recorded.event.model_copy(update={"said": {**said, "due_at": START.isoformat()}})
    recorded = recorded.model_copy(update={"event": event, "occurred_at": recorded.recorded_at - timedelta(days=1)})
    lines = told(WORLD, story.case, recorded)
    for line in ("办理状态：整改中", "投递渠道：待打印文书", "天气：大雨及以上"):
        assert line in lines, lines
    assert [line.partition("：")[0] for line in lines if line.startswith(("发生于", "应响"))] == ["发生于", "应响"]
    assert not any("occurred" in line or "due" in line or "dispatch_notice" in line for line in lines), lines
    english = told(WORLD, story.case, recorded, EN)
    assert {"state: being put right", "by channel: tray", "weather: heavy rain"} <= {*english}


def test_a_moment_in_a_history_is_told_in_shanghai_time() -> None:
    story = a_story(Status.REGISTERED)
    event = story.events[-1].event.model_copy(update={"said": {"seen_at": "2026-11-28T03:42:00Z"}})
    lines = told(WORLD, story.case, story.events[-1].model_copy(update={"event": event}))
    assert "观测时刻：2026-11-28 11:42" in lines


def test_where_a_table_says_an_item_stands_is_told_in_words() -> None:
    story = imported("closed")
    assert "办理状态：已办结" in told(WORLD, story.case, story.events[-1])
