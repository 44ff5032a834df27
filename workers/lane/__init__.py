"""The worker's side of the interactive lane: read ``answering.py`` first."""
