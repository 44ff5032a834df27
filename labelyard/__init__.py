"""Labelyard's client and command line: talks to the API, needs no Django."""

__version__ = "0.1.0"
