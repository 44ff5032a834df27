"""Breaking things while jobs run, and counting what was lost."""
