"""The interactive lane: a click goes to the worker that holds the frame's embedding, which answers it.

Nothing of it is a row. Prompts, answers and who is alive lie in the queue's server, each under a key
that expires. Read ``lane.py`` (the side that asks) and ``taking.py`` (the side that answers).
"""
