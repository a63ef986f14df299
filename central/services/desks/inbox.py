"""Sorts doubles out and keeps what came, inside one transaction: the exactly-once half of reception."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from central.core.fleet.admission import Admitted, Refused, refuse
from central.core.fleet.devices import Box
from central.core.fleet.watermark import StreamHead, continued, watermark_of
from central.core.values import DeadLetter, DeadLetterReason, Event, WatermarkDue
from central.stores.ports import Claim, EvidenceLink, Receipt, StoredEvent, Stream, Unit
from protocol.messages import GapRecord, Watermark
from protocol.topics import Up


class InboxDesk:
    """Sort a batch, keep its events, flush, then ask for the watermarks. `boxes` are the registered ones concerned."""

    def __init__(self, unit: Unit, now: datetime, boxes: Mapping[str, Box]) -> None:
        self._unit = unit
        self._now = now
        self._boxes = boxes
        self._owners: dict[str, str] = {}
        self._seen: dict[Claim, Receipt] = {}
        self._receipts: list[Receipt] = []
        self._letters: list[DeadLetter] = []
        self._events: list[StoredEvent] = []
        self._links: list[EvidenceLink] = []
        self._gaps: list[tuple[Stream, GapRecord]] = []
        self._touched: set[Stream] = set()
        self._heads: dict[Stream, StreamHead] = {}
        self._forgotten: dict[Stream, int] = {}
        self.duplicates = 0

    @property
    def dead(self) -> int:
        """How many dead letters the batch has."""
        return len(self._letters)

    def sort(self, letters: Sequence[Admitted | Refused]) -> list[Admitted]:
        """The messages that are new and may be dealt with, in order; all others are counted."""
        own = [self._of_registered_box(letter) for letter in letters]
        claims = {claim for letter in own if (claim := _claim(letter)) is not None}
        self._heads = dict(self._unit.streams.heads(sorted({_stream(claim) for claim in claims})))
        old = [claim for claim in claims if claim.seq <= self._heads.get(_stream(claim), StreamHead()).top]
        self._seen = dict(self._unit.inbox.receipts(old))
        if old:  # after the receipts: whoever dropped some of them meanwhile has moved the mark with them
            found = self._unit.streams.heads(sorted({_stream(claim) for claim in old}))
            self._forgotten = {stream: head.forgotten for stream, head in found.items()}
        ids = {letter.message.id for letter in own if isinstance(letter, Admitted) and _claim(letter) is not None}
        self._owners = dict(self._unit.inbox.event_boxes(list(ids)))
        return [one for letter in own if (one := self._place(letter)) is not None]

    def keep(self, event: Event, payload: bytes) -> None:
        """Store an event."""
        self._events.append(StoredEvent(event, payload))

    def keep_gap(self, box: str, epoch: str, gap: GapRecord) -> None:
        """Note that numbers will never come."""
        self._gaps.append((Stream(box, epoch), gap))

    def keep_link(self, link: EvidenceLink) -> None:
        """Note that a picture is referred to."""
        self._links.append(link)

    def flush(self) -> None:
        """Write everything."""
        self._unit.inbox.add(self._events, self._receipts)
        self._unit.inbox.add_dead_letters(self._letters)
        self._unit.streams.add_gaps(self._gaps, self._now)
        self._unit.evidence.refer(self._links, self._now)

    def watermarks(self, greeted: Sequence[str]) -> list[WatermarkDue]:
        """Move the streams that the batch touched; `greeted` boxes learn where their newest one stands."""
        quiet = set(greeted) - {stream.box for stream in self._touched}
        newest = self._unit.streams.newest(sorted(quiet))
        taken = self._taken()
        straight = {stream: continued(self._heads.get(stream, StreamHead()), taken[stream]) for stream in self._touched}
        moved = {stream: head for stream, head in straight.items() if head is not None}
        self._unit.streams.move(moved, self._now)
        watermarks = {stream: Watermark(epoch=stream.epoch, upto=head.upto) for stream, head in moved.items()}
        watermarks |= self._look(sorted({*self._touched, *newest.values()} - moved.keys()), taken)
        return [self._due(stream.box, watermarks[stream]) for stream in sorted(watermarks)]

    def _taken(self) -> defaultdict[Stream, list[int]]:
        taken: defaultdict[Stream, list[int]] = defaultdict(list)
        for receipt in self._receipts:
            taken[_stream(receipt.claim)].append(receipt.claim.seq)
        return taken

    def _look(self, wanted: Sequence[Stream], taken: Mapping[Stream, Sequence[int]]) -> dict[Stream, Watermark]:
        """Watermarks of streams with holes: what is stored above the old one has to be looked at."""
        streams = self._unit.streams
        heads = {stream: self._heads.get(stream, StreamHead()) for stream in wanted} | dict(streams.heads(wanted))
        tops = {stream: max([head.top, *taken.get(stream, ())]) for stream, head in heads.items()}
        streams.move({stream: StreamHead(head.upto, tops[stream]) for stream, head in heads.items()}, self._now)
        watermarks: dict[Stream, Watermark] = {}
        left = list(wanted)
        while left:
            windows = streams.windows(left)
            reached = {stream: watermark_of(window) for stream, window in windows.items()}
            moved = {stream: StreamHead(mark.upto, max(mark.upto, tops[stream])) for stream, mark in reached.items()}
            streams.move(moved, self._now)
            watermarks |= reached
            left = [one for one in left if windows[one].more and reached[one].upto > windows[one].upto]
        return watermarks

    def _due(self, box: str, watermark: Watermark) -> WatermarkDue:
        return WatermarkDue(self._boxes[box].site, box, watermark)

    def _of_registered_box(self, letter: Admitted | Refused) -> Admitted | Refused:
        if isinstance(letter, Admitted):
            box = self._boxes.get(letter.topic.box)
            if box is not None and box.site == letter.topic.site:
                return letter
            letter = refuse(letter.delivery, letter.topic, letter.message, DeadLetterReason.UNKNOWN_BOX)
        box = self._boxes.get(letter.letter.box or "")
        if box is not None and box.site == letter.site:
            return letter
        return replace(letter, letter=replace(letter.letter, epoch=None, seq=None))

    def _place(self, letter: Admitted | Refused) -> Admitted | None:
        claim = _claim(letter)
        if claim is None:
            return self._unless_refused(letter)
        self._touched.add(_stream(claim))
        message = letter.message.id if isinstance(letter, Admitted) else letter.message
        known = self._seen.get(claim)
        if known is None and claim.seq <= self._forgotten.get(_stream(claim), 0):
            self.duplicates += 1
            return None
        if known is None:
            self._seen[claim] = Receipt(claim, message)
            self._receipts.append(self._seen[claim])
            return self._unless_owned(letter)
        if known.message == message:
            self.duplicates += 1
        else:
            self._bury(letter, DeadLetterReason.SEQUENCE_CONFLICT, "another message has this epoch and seq")
        return None

    def _unless_owned(self, letter: Admitted | Refused) -> Admitted | None:
        one = self._unless_refused(letter)
        if one is None:
            return None
        owner = self._owners.get(one.message.id)
        if owner is None:
            self._owners[one.message.id] = one.topic.box
            return one
        if owner == one.topic.box:
            self.duplicates += 1
        else:
            self._bury(one, DeadLetterReason.ID_CONFLICT, "an event of another box has this id")
        return None

    def _unless_refused(self, letter: Admitted | Refused) -> Admitted | None:
        if isinstance(letter, Admitted):
            return letter
        self._letters.append(letter.letter)
        return None

    def _bury(self, letter: Admitted | Refused, reason: DeadLetterReason, detail: str) -> None:
        if isinstance(letter, Admitted):
            letter = refuse(letter.delivery, letter.topic, letter.message, reason)
        self._letters.append(replace(letter.letter, reason=reason, detail=detail))


def _claim(letter: Admitted | Refused) -> Claim | None:
    if isinstance(letter, Refused):
        box, epoch, seq = letter.letter.box, letter.letter.epoch, letter.letter.seq
    elif letter.topic.kind is Up.EVENT:
        box, epoch, seq = letter.topic.box, letter.message.epoch, letter.message.seq
    else:
        return None
    return None if box is None or epoch is None or seq is None else Claim(box, epoch, seq)


def _stream(claim: Claim) -> Stream:
    return Stream(claim.box, claim.epoch)
