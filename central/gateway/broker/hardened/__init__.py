"""amqtt with what it lacks: where no mosquitto is installed, for the demo and small sites."""
