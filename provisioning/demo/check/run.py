"""The whole check: start the demo, break it, count, judge."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace

from provisioning.demo.central_api import ApiUnavailable
from provisioning.demo.check.facts import Holdings, Played
from provisioning.demo.check.gathering import holdings_of
from provisioning.demo.check.play import Play
from provisioning.demo.check.verdict import Failure, Verdict, judge
from provisioning.demo.plan import Wishes
from provisioning.demo.stage import Stage, StageBroken, running_stage
from provisioning.demo.words import COUNTED, COUNTING, FAILED, PASSED, Say

CHECK_S = 225.0
"""Of the 240 s that the check may take; the rest is for counting and stopping."""

RECOUNTS_MAX = 1
RECOUNT_AFTER_S = 4.0

Prove = Callable[[], Verdict]
BeforeProof = Callable[[Stage, Prove], None]


def run_check(wishes: Wishes, say: Say, before_proof: BeforeProof | None = None) -> Verdict:
    """Run the demo and judge it; never raises for anything that the demo itself does wrong.

    `before_proof` gets the still running stage and a function that counts and judges anew each time.
    """
    started_s = time.perf_counter()
    play: Play | None = None
    try:
        with running_stage(replace(wishes, checked=True), CHECK_S, say) as stage:
            play = Play(stage, say)
            play.run()
            say(COUNTING)
            if before_proof is not None:
                before_proof(stage, lambda: _prove(stage, play.played))
            verdict = _prove(stage, play.played)
            stage.look_after()
    except StageBroken as broken:
        verdict = _judge_broken(play, broken.what, broken)
    except ApiUnavailable as error:
        verdict = _judge_broken(play, "api", error)
    except sqlite3.Error as error:
        verdict = _judge_broken(play, "outbox_unreadable", error)
    verdict.figures["total_s"] = round(time.perf_counter() - started_s, 1)
    _tell(verdict, say)
    return verdict


def _judge_broken(play: Play | None, name: str, error: Exception) -> Verdict:
    return judge(play.played if play is not None else Played(), Holdings(), [Failure(name, str(error))])


def _prove(stage: Stage, played: Played) -> Verdict:
    """Count and judge; once more when something is amiss: what was on its way arrives, what is lost stays lost."""
    verdict = _count(stage, played)
    for _ in range(RECOUNTS_MAX):
        if verdict.ok:
            break
        time.sleep(RECOUNT_AFTER_S)
        verdict = _count(stage, played)
    return verdict


def _count(stage: Stage, played: Played) -> Verdict:
    try:
        return judge(played, holdings_of(stage.plan, stage.api))
    except ApiUnavailable as error:
        return judge(played, Holdings(), [Failure("api", str(error))])


def _tell(verdict: Verdict, say: Say) -> None:
    say(COUNTED, **verdict.figures)
    for failure in verdict.failures:
        say(FAILED, name=failure.name, seen=failure.seen)
    if verdict.ok:
        say(PASSED, seconds=verdict.figures["total_s"])
