"""Pages are cut of parts that come with their cursors; a search that finds nothing is bounded."""

from central.core.kpis import Part, PartKind
from central.core.values import Page
from central.services.figures.measuring.paged import STEPS_A_PAGE, cut

ONE = Part(PartKind.CASE, "case-1", 1, 1)


def test_a_page_ends_with_the_cursor_of_its_last_part_where_another_follows() -> None:
    assert cut([], 2) == Page(())
    assert cut([("a", ONE), ("b", ONE)], 2) == Page((ONE, ONE))
    assert cut([("a", ONE), ("b", ONE), ("b", None), ("c", ONE)], 2) == Page((ONE, ONE), "b")
    assert cut([("a", ONE), ("b", None)], 2) == Page((ONE,))


def test_a_page_that_finds_nothing_ends_with_the_cursor_of_what_follows() -> None:
    steps = [(str(at), None) for at in range(STEPS_A_PAGE + 5)]
    assert cut(steps, 2) == Page((), str(STEPS_A_PAGE - 1))
    assert cut([("a", ONE), *steps], 2) == Page((ONE,), str(STEPS_A_PAGE - 1))
    assert cut([("a", ONE), *steps], 1) == Page((ONE,), "a")
    assert cut(steps[:2], 2) == Page(())
