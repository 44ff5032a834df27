"""API v1: parse, authorise, call a service or a selector, answer. One file a noun; rules live elsewhere."""
