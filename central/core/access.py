"""Who may come in: the forms of tokens, secrets and join codes, and their limits."""

from dataclasses import dataclass

TOKEN_PREFIX = "gw_"  # noqa: S105 - what every token starts with, not a token
TOKEN_LENGTH = len(TOKEN_PREFIX) + 43
SECRET_LENGTH = 43
JOIN_CODE_S = 72 * 3600.0


@dataclass(frozen=True, slots=True)
class JoinPolicy:
    """What a joining box is told, how long its code lives, and how many wrong codes a peer may try in a window."""

    central_url: str
    mqtt_host: str
    mqtt_port: int
    mqtt_tls: bool = False
    code_s: float = JOIN_CODE_S
    guesses_max: int = 10
    guess_window_s: float = 900.0


@dataclass(frozen=True, slots=True)
class BrokerCredential:
    """One line for a broker's password file: `{box}:{password_hash}` in mosquitto's `$7$` form; may be public."""

    box: str
    site: str
    password_hash: str
