"""MQTT: what boxes send goes to the services, what central says goes to the boxes; and the embedded broker."""
