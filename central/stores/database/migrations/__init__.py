"""Steps that bring a database from one release to the next; run by `central.stores.database.migrate`."""
