"""What the embedded broker lets anybody use, whichever program it is."""

from protocol.messages import MESSAGE_BYTES_MAX

INFLIGHT_MAX = 400
"""Unacknowledged QoS 1 messages on their way to one client: twice what central writes in one transaction."""

QUEUED_MESSAGES_MAX = 100_000
QUEUED_BYTES_MAX = 64 * 1024 * 1024
"""What waits for one client beyond its window; never 0, which mosquitto 2.0 reads as "drop"."""

PACKET_BYTES_MAX = MESSAGE_BYTES_MAX + 1024
"""A whole MQTT packet: payload, topic and headers."""

SESSION_EXPIRY_S = 7 * 86_400
CONNECTIONS_MAX = 1000
CONNECT_S = 10.0
"""Time from the TCP connection to a complete CONNECT."""

RETAINED_MAX = 2000
KEEPALIVE_GRACE = 1.5
"""A client silent for this many keepalives is gone (MQTT 3.1.1, 3.1.2.10)."""

UNREAD_MAX = 200
"""Messages of one client that are read but not yet handed on; then its socket is left unread."""

STALLED_S = 20.0
"""A client whose queue is full and that took nothing for so long is cut."""
