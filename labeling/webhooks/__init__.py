"""What webhooks tell and how it is signed: pure functions, used by the pages, the API and the workers."""
