"""The film of balls, its page and its worker: those of the workbench's tests."""

from tests.web.workbench.conftest import balls_task, relayed, sam_hand, segmenting

__all__ = ["balls_task", "relayed", "sam_hand", "segmenting"]
