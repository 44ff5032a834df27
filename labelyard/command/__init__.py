"""The command ``labelyard``: what the client does, for shells."""
