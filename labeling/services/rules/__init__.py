"""Rules: what is run on new media by itself.

``noting`` writes down, in the transaction that makes a task, which rules it concerns. ``ordering`` hands what
was noted to a batch, behind everything else; from there on its tasks are those of any batch.
"""
