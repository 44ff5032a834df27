"""SAM 3 from a local folder: objects by words and examples, and clicks, on one encoding of a picture.

``detector``, ``clicks``, ``folder`` and ``options`` know the house's protocols and plain files: none of
these needs PyTorch to be imported. ``model``, ``picture``, ``pixels`` and ``masks`` are where PyTorch
and the library ``transformers`` are; they are untyped there. The library is unmodified.
"""
