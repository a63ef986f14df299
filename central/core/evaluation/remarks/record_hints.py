"""Where records contradict each other: they are kept and named."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from central.core.evaluation.decimals import shown
from central.core.evaluation.records import (
    Asked,
    Records,
    Round,
    Survey,
    accepted_twice,
    contracted_by_line,
    items,
    paid_by_contract,
)
from central.core.evaluation.remarks.hint import Hint
from central.core.evaluation.remarks.hint_words import (
    ACCEPTED_TWICE,
    BEFORE_SIGNED,
    CONTRACTS_OVER_LINE,
    DEVICE_TWICE,
    DEVICE_UNKNOWN,
    MORE_DEVICES,
    NOT_SIGNIFICANT,
    OVER_CONTRACT,
    SURVEY_TWICE,
)
from central.core.evaluation.surveys import ANSWERS_MIN, latest, satisfaction


def over_runs(records: Records) -> Iterator[Hint]:
    """Lines under which more was contracted than planned, contracts for which more was paid than agreed."""
    contracted, paid = contracted_by_line(records), paid_by_contract(records)
    for line in records.budget_lines:
        if contracted.get(line.id, 0) > line.planned_cny:
            told = {"name": line.name, "sum": shown(contracted[line.id]), "planned": shown(line.planned_cny)}
            yield Hint("contracts_over_budget_line", f"records.budget_lines.{line.id}", CONTRACTS_OVER_LINE, told)
    for contract in records.contracts:
        if paid.get(contract.id, 0) > contract.amount_cny:
            told = {"name": contract.name, "sum": shown(paid[contract.id]), "amount": shown(contract.amount_cny)}
            yield Hint("payments_over_contract", f"records.contracts.{contract.id}", OVER_CONTRACT, told)


def contradictions(records: Records) -> Iterator[Hint]:
    """Acceptances, devices and days that do not go together."""
    for item in accepted_twice(records):
        yield Hint("accepted_twice", "records.acceptances", ACCEPTED_TWICE, {"item": item})
    yield from _surveys(records)
    yield from _devices(records)
    signed = {one.id: one.signed for one in records.contracts}
    owner = {item.id: one.id for one in records.contracts for item in one.items}
    happened = [
        *(("payments", one.id, one.contract, one.paid) for one in records.payments),
        *(("acceptances", one.id, owner.get(one.item, ""), one.on) for one in records.acceptances),
        *(("devices", one.id, owner.get(one.item, ""), one.on) for one in records.devices),
    ]
    for kind, name, contract, day in happened:
        yield from _before_signed(f"records.{kind}.{name}", contract, day, signed.get(contract))


def unsure_surveys(records: Records) -> Iterator[Hint]:
    """Surveys that too few answered."""
    for survey in records.surveys:
        found = satisfaction(survey)
        if not found.significant:
            told = {"id": survey.id, "answers": found.answers, "least": ANSWERS_MIN}
            yield Hint("not_significant", f"records.surveys.{survey.id}", NOT_SIGNIFICANT, told)


def unknown_devices(records: Records, registered: Collection[str]) -> Iterator[Hint]:
    """Links to devices that are not registered: cameras by `box.camera`, boxes by their id."""
    for one in records.devices:
        if one.device is not None and one.device not in registered:
            yield Hint("device_unknown", f"records.devices.{one.id}", DEVICE_UNKNOWN, {"device": one.device})


def _surveys(records: Records) -> Iterator[Hint]:
    of_day: defaultdict[tuple[Asked, Round, date], list[Survey]] = defaultdict(list)
    for survey in records.surveys:
        of_day[survey.asked, survey.round, survey.on].append(survey)
    for (asked, when, _), found in of_day.items():
        counted = latest(found, asked, when)
        if counted is not None and len(found) > 1:
            told = {"ids": ", ".join(sorted(one.id for one in found)), "id": counted.id}
            yield Hint("survey_twice", "records.surveys", SURVEY_TWICE, told)


def _devices(records: Records) -> Iterator[Hint]:
    of_item: defaultdict[str, int] = defaultdict(int)
    items_of: defaultdict[str, list[str]] = defaultdict(list)
    for one in records.devices:
        of_item[one.item] += 1
        for name in {one.device, one.serial} - {None}:
            items_of[str(name)].append(one.item)
    for device, found in items_of.items():
        if len(found) > 1:
            told = {"device": device, "items": ", ".join(dict.fromkeys(found)), "count": len(found)}
            yield Hint("device_twice", "records.devices", DEVICE_TWICE, told)
    for item in items(records):
        if of_item[item.id] > item.quantity:
            told = {"item": item.name, "count": of_item[item.id], "quantity": item.quantity}
            yield Hint("more_devices_than_bought", "records.devices", MORE_DEVICES, told)


def _before_signed(where: str, contract: str, day: date, signed: date | None) -> Iterator[Hint]:
    if signed is not None and day < signed:
        told: dict[str, object] = {"where": where, "day": day, "contract": contract, "signed": signed}
        yield Hint("before_signed", where, BEFORE_SIGNED, told)
