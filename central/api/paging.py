"""Lists answer a part at a time: `limit` items, and the opaque cursor of what follows."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field

from central.core.values import PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, Page
from central.stores.ports import BadCursor, PageRequest
from protocol.messages import Moment

CURSOR_CHARS_MAX = 512
MARK_BYTES = 6
OF_THE_PART = {"limit", "cursor"}
"""Parameters that choose a part of a list, and not which list."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = re.compile(r"([0-9a-f]{1,16})\.(.*)", re.DOTALL)

From = Annotated[Moment | None, Query(alias="from", description="Not before this time, ISO 8601 with zone")]
To = Annotated[Moment | None, Query(alias="to", description="Before this time, ISO 8601 with zone")]

Answer = TypeVar("Answer")
Item = TypeVar("Item")


class PageAnswer(BaseModel, Generic[Answer]):
    """A part of a list."""

    items: list[Answer]
    next: str | None = Field(description="Give it as `cursor` to get what follows; null at the end")


@dataclass(frozen=True, slots=True)
class ListRequest(PageRequest):
    """A part of one list; `mark` names the list with its filters, and begins each of its cursors."""

    mark: str = ""


def _page_request(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT_MAX, description="How many items at most")] = PAGE_LIMIT_DEFAULT,
    cursor: Annotated[
        str | None, Query(max_length=CURSOR_CHARS_MAX, description="`next` of the part before, unchanged")
    ] = None,
) -> ListRequest:
    mark = _mark(request)
    if cursor is None:
        return ListRequest(limit, None, mark)
    if not cursor.startswith(mark):
        raise BadCursor("the cursor is of another list, or of other filters; start again without it")
    return ListRequest(limit, cursor.removeprefix(mark), mark)


Paging = Annotated[ListRequest, Depends(_page_request)]


def page_answer(paging: ListRequest, page: Page[Item], show: Callable[[Item], Answer]) -> PageAnswer[Answer]:
    """A page of values as a page of answers; its cursor belongs to the list that was asked for."""
    following = None if page.next is None else f"{paging.mark}{page.next}"
    return PageAnswer(items=[show(item) for item in page.items], next=following)


def of_one_moment(paging: ListRequest, now: datetime) -> tuple[ListRequest, datetime]:
    """The list as of when its first part was asked for, and that moment, which its cursors carry: parts fit together.

    Raises `BadCursor`.
    """
    if paging.cursor is None:
        told = (now - EPOCH) // timedelta(microseconds=1)
        return replace(paging, mark=f"{paging.mark}{told:x}."), now
    found = _MOMENT.fullmatch(paging.cursor)
    try:
        asked = EPOCH + timedelta(microseconds=int(found[1], 16)) if found else now
    except OverflowError:
        found = None
    if found is None:
        raise BadCursor("the cursor is none of this list; start again without it")
    return replace(paging, cursor=found[2], mark=f"{paging.mark}{found[1]}."), min(asked, now)


def _mark(request: Request) -> str:
    filters = sorted(one for one in request.query_params.multi_items() if one[0] not in OF_THE_PART)
    return f"{blake2s(repr((request.url.path, filters)).encode(), digest_size=MARK_BYTES).hexdigest()}."
