"""What parts run that detect: read ``run.py`` first."""
