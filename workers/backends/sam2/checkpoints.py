"""The checkpoints that are known by name, as their publisher offers them.

Source of names, addresses and configurations: the README of github.com/facebookresearch/sam2. The
publisher gives no checksums: sizes and sha256 are those that several independent public projects
pin for the files of these very addresses, and they agree.
"""

from __future__ import annotations

from dataclasses import dataclass

PUBLISHER = "https://dl.fbaipublicfiles.com/segment_anything_2/092824"


@dataclass(frozen=True)
class Checkpoint:
    """A published file of weights. ``config`` names its configuration in the package ``sam2``."""

    name: str
    config: str
    size_bytes: int
    sha256: str

    @property
    def file_name(self) -> str:
        return f"{self.name}.pt"

    @property
    def url(self) -> str:
        return f"{PUBLISHER}/{self.file_name}"


CHECKPOINTS = {
    checkpoint.name: checkpoint
    for checkpoint in (
        Checkpoint(
            "sam2.1_hiera_tiny",
            "configs/sam2.1/sam2.1_hiera_t.yaml",
            156_008_466,
            "7402e0d864fa82708a20fbd15bc84245c2f26dff0eb43a4b5b93452deb34be69",
        ),
        Checkpoint(
            "sam2.1_hiera_small",
            "configs/sam2.1/sam2.1_hiera_s.yaml",
            184_416_285,
            "6d1aa6f30de5c92224f8172114de081d104bbd23dd9dc5c58996f0cad5dc4d38",
        ),
        Checkpoint(
            "sam2.1_hiera_base_plus",
            "configs/sam2.1/sam2.1_hiera_b+.yaml",
            323_606_802,
            "a2345aede8715ab1d5d31b4a509fb160c5a4af1970f199d9054ccfb746c004c5",
        ),
        Checkpoint(
            "sam2.1_hiera_large",
            "configs/sam2.1/sam2.1_hiera_l.yaml",
            898_083_611,
            "2647878d5dfa5098f2f8649825738a9345572bae2d4350a2468587ece47dd318",
        ),
    )
}
