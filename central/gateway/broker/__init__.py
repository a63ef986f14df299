"""The embedded broker: mosquitto where it is installed, else a hardened amqtt, in a process of its own."""
