"""What is said when a pass finds no memory left."""

from __future__ import annotations

from workers.backends.base import BackendError


class MemoryExhaustedError(BackendError):
    """Says with what, and which settings need less. ``code`` is kept with the part."""

    code = "gpu_out_of_memory"

    def __init__(self, *, frame: int, objects: int, width: int, height: int, offload: bool) -> None:
        things = "one object" if objects == 1 else f"{objects} objects"
        ways = [] if offload else ["with “offload”, which keeps the objects' memory off the GPU"]
        if objects > 1:
            ways.append("with fewer objects a part (“instances_per_part”)")
        ways.append("on a smaller model")
        super().__init__(
            f"The GPU ran out of memory on frame {frame}, with {things} in pictures of {width} x {height} "
            f"pixels. What was committed before stays. Retry it {', or '.join(ways)}."
        )


class PassTooLargeError(BackendError):
    """More is held than the installation allows. ``code`` is kept with the part."""

    code = "pass_too_large"

    def __init__(self, *, frame: int, objects: int, held: int, most: int) -> None:
        super().__init__(
            f"On frame {frame} the {objects} objects of this part take {held / 2**20:.0f} MiB, and "
            f"LABELYARD_SAM2_PASS_BYTES allows {most / 2**20:.0f}. What was committed before stays. Order it "
            "with fewer objects a part (“instances_per_part”)."
        )
