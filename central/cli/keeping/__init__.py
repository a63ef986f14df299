"""What is kept on the command line: backups, retention, exports, sealed history."""
