"""How the fast tracker's network was made: moving pictures with known masks, training, export.

It is trained once and its weights are shipped; the tracker needs nothing of this package.
"""
