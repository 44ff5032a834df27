"""The embedded stack: every process that one host needs, under one supervisor."""
