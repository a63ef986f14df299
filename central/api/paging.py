"""Lists answer a part at a time: `limit` items, and the opaque cursor of what follows."""

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from central.core.values import PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, Page
from central.stores.ports import PageRequest
from protocol.messages import Moment

CURSOR_CHARS_MAX = 512

From = Annotated[Moment | None, Query(alias="from", description="Not before this time, ISO 8601 with zone")]
To = Annotated[Moment | None, Query(alias="to", description="Before this time, ISO 8601 with zone")]

Answer = TypeVar("Answer")
Item = TypeVar("Item")


class PageAnswer(BaseModel, Generic[Answer]):
    """A part of a list."""

    items: list[Answer]
    next: str | None = Field(description="Give it as `cursor` to get what follows; null at the end")


def _page_request(
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT_MAX, description="How many items at most")] = PAGE_LIMIT_DEFAULT,
    cursor: Annotated[
        str | None, Query(max_length=CURSOR_CHARS_MAX, description="`next` of the part before, unchanged")
    ] = None,
) -> PageRequest:
    return PageRequest(limit, cursor)


Paging = Annotated[PageRequest, Depends(_page_request)]


def page_answer(page: Page[Item], show: Callable[[Item], Answer]) -> PageAnswer[Answer]:
    """A page of values as a page of answers."""
    return PageAnswer(items=[show(item) for item in page.items], next=page.next)
