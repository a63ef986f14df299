"""Long readings leave the loop free and take turns."""

import asyncio
import threading

import pytest

from central.stores.ports import StoreUnavailable
from central.web.figures.parts import READS_AT_ONCE, Turns


def test_few_readings_run_at_a_time_and_the_loop_goes_on() -> None:
    gate, running, most = threading.Event(), [], 0
    begun = threading.Semaphore(0)

    def load() -> int:
        running.append(1)
        begun.release()
        assert gate.wait(20)
        return len(running)

    async def all_of_them() -> list[int]:
        turns = Turns()
        readings = [asyncio.create_task(turns.read(load)) for _ in range(3 * READS_AT_ONCE)]
        for _ in range(READS_AT_ONCE):
            await asyncio.to_thread(begun.acquire)
        await asyncio.sleep(0)
        nonlocal most
        most = len(running)
        gate.set()
        return await asyncio.gather(*readings)

    assert len(asyncio.run(all_of_them())) == 3 * READS_AT_ONCE
    assert most == READS_AT_ONCE


def test_what_a_reading_raises_comes_through_and_frees_its_turn() -> None:
    def load() -> None:
        raise StoreUnavailable("away")

    async def often() -> None:
        turns = Turns(1)
        for _ in range(3):
            with pytest.raises(StoreUnavailable):
                await turns.read(load)

    asyncio.run(often())
