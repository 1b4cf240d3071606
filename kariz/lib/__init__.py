"""Pure functions, one subject a file; nothing here knows a record."""
