"""Published months as clients read them."""

from datetime import datetime

from pydantic import Field

from central.api.answers.answer import Answer
from central.api.answers.kpis import BoundsAnswer, NoteAnswer, show_notes
from central.core.kpis.publishing import Link, month_name
from central.core.kpis.publishing.snapshots import name_of
from protocol.texts import Language


class MonthHeadAnswer(Answer):
    """A revision without its figures."""

    month: str
    revision: int
    as_of: datetime = Field(description="What happened later is not in it")
    made_at: datetime
    made_by: str
    is_complete: bool = Field(description="Every box had told the whole month; otherwise it is 未齐")
    seal: str = Field(description="SHA-256 of its canonical content")


class BoxMarkAnswer(Answer):
    """How far a box's stream was complete."""

    box: str
    epoch: str
    upto: int
    until: datetime | None
    has_gap: bool


class PublishedAnswer(Answer):
    """One figure as published."""

    id: str
    name: str
    group: str = Field(description="Empty for the whole city, else a field and its value: `unit=sanitation`")
    value: float | None
    hits: int
    total: int
    reason: str | None = Field(description="Why there is no value, as it was said then")
    below_minimum_sample: bool = Field(description="It rests on few cases")
    bounds: BoundsAnswer | None
    notes: list[NoteAnswer]


class MonthAnswer(MonthHeadAnswer):
    """A revision."""

    form: int = Field(description="1: figures hold their numbers alone; 2: reason, bounds and notes too")
    previous: str = Field(description="Seal of the revision before; empty for the first")
    intact: bool = Field(description="The content is that which was sealed")
    open: list[str] = Field(description="Boxes that had not told the whole month, and why")
    boxes: list[BoxMarkAnswer]
    figures: list[PublishedAnswer]
    difference: list[str] = Field(description="What differs from the revision before, as people read it")


class PublicationAnswer(Answer):
    """What became of a request to publish."""

    is_new: bool = Field(description="false: nothing changed, the newest revision stands")
    groups_left_out: int
    month: MonthAnswer


def show_month(link: Link, difference: tuple[str, ...], language: Language) -> MonthAnswer:
    """A revision in one language."""
    one = link.snapshot
    return MonthAnswer(
        month=month_name(one.month),
        revision=one.revision,
        as_of=one.as_of,
        made_at=one.made_at,
        made_by=one.made_by,
        is_complete=one.is_complete,
        seal=one.seal,
        form=one.form,
        previous=one.previous,
        intact=link.is_intact,
        open=list(one.open_words(language)),
        boxes=[BoxMarkAnswer.model_validate(mark) for mark in one.marks],
        figures=[
            PublishedAnswer(
                id=figure.indicator,
                name=name_of(figure.indicator, language),
                group=figure.group,
                value=figure.value,
                hits=figure.hits,
                total=figure.total,
                reason=None if figure.reason is None else figure.reason.say(language),
                below_minimum_sample=figure.is_below_minimum,
                bounds=None if figure.bounds is None else BoundsAnswer(**figure.bounds._asdict()),
                notes=show_notes(figure.notes, language),
            )
            for figure in one.figures
        ],
        difference=list(difference),
    )
