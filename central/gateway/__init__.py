"""The shells that run by themselves: MQTT in and out, the embedded broker, what happens by the clock, notices."""
