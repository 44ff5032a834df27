"""What the seed page says, heading by heading: instructions with their numbers, tips and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

INCLUDE = "Tip: Left-click parts of the image to include them in the label"
EXCLUDE = "Tip: Right-click parts of the selection to exclude them from the label"
FORWARDS = "Note: Tracking forwards: Shift + T"
BACKWARDS = "Note: Tracking backwards: Shift + T + Option"

HEADINGS: dict[str, tuple[str, ...]] = {
    "Segmentation: Availability": ("Ontology shapes", "Modalities"),
    "Label New Instances": (
        "1. Click the wand icon on Ontology class you want to label with",
        "2. Click, or click-and-drag, across the part of the image you want to label: a popup appears",
        INCLUDE,
        EXCLUDE,
        "3. Click Save or press Enter",
    ),
    "Label New Instances: Tip": (
        "Use the Shift + A keyboard shortcut to toggle SAM mode",
        "SAM is activated whenever the class is selected: no need to click the wand icon separately",
    ),
    "Label Existing Instances": (
        "1. Navigate to the frame you want to create the label",
        "2. Click the Toggle auto-annotation button or use Shift + A",
        "3. Click, or click-and-drag, across the part of the image you want to label: a popup appears",
        INCLUDE,
        EXCLUDE,
        "4. Click Save or press Enter",
    ),
    "Label Existing Instances: Tip": (
        "SAM mode remains active when switching to a different annotation class",
        "Deactivate SAM by clicking the Toggle auto-annotation button, or using Shift + A again",
    ),
    "Label All Objects, Method 1": (
        "Click the Sparkles symbol in the Class",
        "Tip: This action can be undone using Cmd / Ctrl + Z",
    ),
    "Label All Objects, Method 2": (
        "1. Click the Wand icon in the Class",
        "2. In the pop-up, ensure the toggle is set to All objects prediction",
        "3. Type the name of the class you want to label",
        "4. Click Detect all objects",
        "5. Optionally, remove unwanted objects using the Delete button on an instance",
        "6. Click Done",
    ),
    "Label One Or More Objects": (
        "1. Select the Wand icon in the Ontology class you want to label: a pop-up appears",
        "2. In the SAM pop-up, ensure the toggle is set to Single-object detection",
        "3. Select the objects by clicking a single one, or clicking and dragging across the area of several",
        "4. Optionally track the objects across frames",
        "5. Click Save",
    ),
    "Panoptic Exclude Mode": (
        "Note: Panoptic exclude mode only works with bitmask annotations",
        "1. Enable SAM mode by clicking the wand icon or pressing Shift + A",
        "2. Select the Bitmask annotation class",
        "3. In the bitmask settings panel, set Panoptic mode to Exclude",
        "4. Use SAM single object detection to create new bitmask labels",
        "It automatically excludes any existing bitmasks in the same area",
    ),
    "Tracking: Availability": ("Ontology shapes", "Modalities"),
    "Track While Creating Labels": (
        "Before you begin, set your tracking range: by default 30 frames",
        "1. Click the wand icon next to the class you want to label, or press Shift + A",
        "2. Click the instance you want to label; adjust your label if needed",
        "3. Specify the number of frames you want to track the instance across",
        "4. Click Backwards or Forwards to start the tracking algorithm",
        FORWARDS,
        BACKWARDS,
        "5. Click Save when tracking completes to save the generated labels",
    ),
    "Track Existing Instances, Method 1": (
        "Note: The Automated labeling feature supports tracking forwards",
        "1. Click Automated labeling",
        "2. Expand the Tracking and interpolation section",
        "3. Select the instances you want to track",
        "4. Make sure the Tracking method is selected",
        "5. Set the tracking annotation interval",
        "6. Specify the frame range you want to track the selected instances across",
        "7. Click Run tracking to begin the process",
    ),
    "Track Existing Instances, Method 2": (
        "1. Right-click the instance label you want to start tracking",
        "2. Click Track forwards or Track backwards to run tracking for 30 consecutive frames",
        FORWARDS,
        BACKWARDS,
    ),
    "Track Existing Instances, Method 3": (
        "Note: Only in the row menu for trackable shapes on frame-based media, and not in view-only mode",
        "1. Hover over the instance row in the object table: a … button appears at the end of the row",
        "2. Click the … button to open the actions menu",
        "3. Click Track forwards or Track backwards to start tracking using your tracking range",
    ),
    "Tracking Multiple Objects": (
        "1. Click one of the objects you want to track",
        "2. Hold Shift and select all the other objects you want to track",
        "3. Right-click on one of the selected objects and click Track forwards all or Track backwards all",
        "Note: Track forwards all: Shift + T",
        "Note: Track backwards all: Shift + T + Option",
    ),
    "Settings: Change Tracking Range": ("It can be adjusted in the Object tracking section; 30 by default",),
    "Settings: Advanced Tracking": (
        "A faster, simpler algorithm or a slower, more advanced one: on by default",
    ),
}


@contextmanager
def following(heading: str) -> Iterator[Callable[[str], None]]:
    """Follow a heading: what it gives is called with the begin of each sentence, as that is done.

    Fails where a sentence is not the heading's, or was left out in the end.
    """
    left = list(HEADINGS[heading])

    def says(begin: str) -> None:
        found = next((sentence for sentence in left if sentence.startswith(begin)), None)
        assert found is not None, f"“{heading}” does not say “{begin}”, or it was followed already"
        left.remove(found)

    yield says
    assert not left, f"“{heading}” was not followed to its end: {left}"
