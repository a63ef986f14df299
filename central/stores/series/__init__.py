"""Series in a back-end of their own: InfluxDB, with a buffer in central's database in front of it."""
