"""Webhooks on the queue: ``fan_out`` decides who is told, ``turns`` whose turn it is, ``serving`` sends."""
