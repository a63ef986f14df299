"""What all SQL stores share: connections, migrations, column types, rows."""
