"""The reference of the API: pages made from its own schema."""
