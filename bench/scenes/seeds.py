"""Which streets may be looked at while tuning, and which may not: seeds of `StreetCamera`, each another layout."""

TUNING_SEEDS = range(1_000, 2_000)
"""For whoever tunes a rule, a threshold or the generator; the subset of the tests lies here."""
HELD_OUT_SEEDS = range(50_000, 51_000)
"""For the published figures alone. Nothing is trained on them, tuned on them, or chosen after a look at them."""

FULL_RUN_SEEDS = range(50_700, 50_780)
"""What a full run plays, 15 minutes each: 20 camera-hours. Those before were scored, and other rules chosen then."""
MINUTES = 15.0
