"""Loopback ports: picked free, and asked whether somebody listens."""

from __future__ import annotations

import socket

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """Return a TCP port of loopback that nobody listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.bind((LOOPBACK, 0))
        port: int = listener.getsockname()[1]
    return port


def port_is_free(port: int) -> bool:
    """Say whether ``port`` of loopback can be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        # As servers do it: the remains of closed connections are no obstacle.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def port_answers(port: int, *, timeout_seconds: float = 1.0) -> bool:
    """Say whether somebody accepts connections at ``port`` of loopback."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=timeout_seconds):
            return True
    except OSError:
        return False
