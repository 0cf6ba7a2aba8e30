"""``banjie fleet`` where there is nothing to ask; with workers it is tried in `tests/workflow/test_fleet.py`."""

from tests.cli.conftest import Terminal


def test_without_temporal_it_says_so_in_both_languages(terminal: Terminal) -> None:
    answer = terminal("fleet", "show")
    assert answer.code == 3
    assert "Temporal 未运行" in answer.err
    assert "Temporal does not run" in answer.err


def test_the_whole_fleet_is_moved_only_where_that_is_said(terminal: Terminal) -> None:
    answer = terminal("fleet", "move")
    assert answer.code == 2
    assert "--all" in answer.err
