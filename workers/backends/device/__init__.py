"""What models of PyTorch run on: choosing a device, computing on it, and its memory running out.

``choices``, ``encoder`` and ``memory`` are plain Python; ``finding``, ``computing`` and ``probe`` import
PyTorch.
"""
