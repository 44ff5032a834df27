"""SAM 2 as a tracker, in constant memory around the predictor as its publisher made it.

``tracker`` and ``session`` know the house's protocol, ``checkpoints`` and ``options`` are plain
data: none of these needs PyTorch to be imported. ``weights``, ``model``, ``tensors`` and
``propagation`` are where PyTorch and the package ``sam2`` are; they are untyped there.
"""
