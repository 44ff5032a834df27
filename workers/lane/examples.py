"""Labels as examples: read when the prompt is answered, since they may be gone by then."""

from __future__ import annotations

from labeling.errors import refused
from labeling.examples import ExampleLabel
from labeling.lane.prompts import Prompt
from workers.backends.detecting import Example
from workers.example_masks import example_mask
from workers.frames import frames_of_media
from workers.lane.pictures import media_of


def examples_read(prompt: Prompt) -> list[Example]:
    """Return the prompt's examples as masks, those of other frames with their pictures.

    Raises ``example_gone`` (422) when one that the person named is not there any more, or none of those
    that were chosen.
    """
    examples = []
    with frames_of_media(media_of(prompt.picture)) as frames:
        for label in prompt.sought.examples:
            mask = example_mask(label, task_id=prompt.task_id, frames=frames)
            if mask is None and not prompt.sought.chosen:
                raise gone(label)
            if mask is not None:
                here = label.frame == prompt.picture.frame
                examples.append(Example(mask, None if here else frames.read_rgb(label.frame)))
    if not examples:
        raise gone(prompt.sought.examples[0])
    return examples


def gone(label: ExampleLabel) -> Exception:
    return refused(
        "example_gone",
        f"The example on frame {label.frame} was deleted meanwhile. Choose another one.",
        instance=label.instance,
        frame=label.frame,
    )


def examples_told(prompt: Prompt) -> str:
    """Say which examples were used, for a sentence."""
    sought = prompt.sought
    count = len(sought.examples)
    if not sought.chosen:
        return "the example" if count == 1 else f"the {count} examples"
    frames = sorted({label.frame for label in sought.examples})
    where = f"frame{'s' if len(frames) > 1 else ''} {', '.join(map(str, frames))}"
    return f"{count} label{'s' if count > 1 else ''} of the class on {where}"
