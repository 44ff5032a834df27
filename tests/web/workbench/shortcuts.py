"""What each key of the workbench does, as a table: what is so before, the key, and what comes true.

On frame 0 lies one object of each shape; ``k`` has their keys by shape, ``c`` the classes. ``k.car`` is a
box drawn on frames 10 and 20 and tracked from 11 to 15, unsure on 12 and more so on 14; ``k.bus`` one drawn
on frame 30; ``k.empty`` has no label. ``shape(key)`` is the shape on the shown frame, ``was`` what a row
remembers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """``before`` and ``after`` are done on the page; ``then`` comes true, of ``held`` keys until let go."""

    action: str
    key: str
    then: str
    before: str = ""
    after: str = ""
    held: bool = False


def frame(action: str, key: str, start: int, end: int, *, of: str = "[k.car]") -> Row:
    """From a frame to a frame."""
    return Row(action, key, f"labelyard.frame === {end}", f"labelyard.select({of}); labelyard.go({start})")


def tool(action: str, key: str, shape: str) -> Row:
    """A key that chooses the tool of the same name, for a class of the shape."""
    before = f"labelyard.use('select'); labelyard.select([]); labelyard.useClass(c.{shape})"
    return Row(f"tool.{action}", key, f"labelyard.tool.name === '{action}'", before)


def opened(action: str, key: str, selector: str) -> Row:
    """A key that opens something, which Escape closes."""
    return Row(
        action, key, f"document.querySelector({selector!r}) !== null", "labelyard.select([k.box])", "Escape"
    )


FRAMES = [
    frame("frames.previous", "d", 5, 4),
    frame("frames.next", "f", 5, 6),
    frame("frames.back", "c", 15, 5),
    frame("frames.forward", "v", 15, 25),
    frame("frames.arrow-previous", "ArrowLeft", 5, 4, of="[]"),
    frame("frames.arrow-next", "ArrowRight", 5, 6, of="[]"),
    frame("frames.first", "Home", 5, 0),
    frame("frames.last", "End", 5, 59),
    frame("frames.previous-key", "e", 20, 10),
    frame("frames.next-key", "r", 0, 10),
    frame("frames.previous-change", "Shift+E", 18, 16),
    frame("frames.next-change", "Shift+R", 0, 10),
    frame("frames.previous-gap", "Alt+Shift+G", 20, 16),
    frame("frames.next-gap", "Shift+G", 12, 16),
    Row("frames.go", "Backquote", "document.activeElement.id === 'frame-number'"),
    Row("frames.slower", "Shift+Comma", "speed() < 1"),
    Row("frames.faster", "Shift+Period", "speed() === 1"),
    Row(
        "range.start",
        "Alt+BracketLeft",
        "labelyard.range[0] === 7",
        "labelyard.setRange(null); labelyard.go(7)",
    ),
    Row(
        "range.end",
        "Alt+BracketRight",
        "labelyard.range[0] === 7 && labelyard.range[1] === 9",
        "labelyard.go(9)",
    ),
    Row("frames.play", "Space", "labelyard.playing", "labelyard.setRange(null)"),
    Row("frames.play", "Space", "!labelyard.playing"),
]

TOOLS = [
    tool("select", "s", "bounding_box"),
    tool("box", "Shift+B", "bounding_box"),
    tool("rotated", "Alt+B", "rotatable_bounding_box"),
    tool("polygon", "p", "polygon"),
    tool("polyline", "Shift+P", "polyline"),
    tool("point", "Shift+D", "point"),
    tool("skeleton", "Shift+S", "skeleton"),
    tool("brush", "b", "bitmask"),
    tool("eraser", "x", "bitmask"),
    Row(
        "sam.toggle",
        "Shift+A",
        "labelyard.tool.name === 'sam'",
        "labelyard.use('select'); labelyard.useClass(c.polygon)",
    ),
    Row("sam.right", "ArrowRight", "aim().at[0] > 80.5 && aim().at[0] < 90", "labelyard.select([])"),
    Row("sam.left", "ArrowLeft", "Math.abs(aim().at[0] - 80) < 0.3"),
    Row("sam.down", "ArrowDown", "aim().at[1] > 64.5"),
    Row("sam.up", "ArrowUp", "Math.abs(aim().at[1] - 64) < 0.3"),
    Row("sam.left.far", "Shift+ArrowLeft", "aim().at[0] < 79"),
    Row("sam.right.far", "Shift+ArrowRight", "Math.abs(aim().at[0] - 80) < 0.3"),
    Row("sam.up.far", "Shift+ArrowUp", "aim().at[1] < 63"),
    Row("sam.down.far", "Shift+ArrowDown", "Math.abs(aim().at[1] - 64) < 0.3"),
    Row("sam.include", "Space", "sam().draft.points.length === 1"),
    Row("sam.exclude", "x", "!sam().draft.points[1].include"),
    Row("sam.span", "b", "aim().corner !== null", after="Escape"),
    Row("sam.toggle", "Shift+A", "labelyard.tool.name === 'select'"),
    Row(
        "tool.draw",
        "w",
        "labelyard.tool.name === 'polyline'",
        "labelyard.use('select'); labelyard.useClass(c.polyline)",
    ),
    Row(
        "tool.place",
        "Shift+W",
        "labelyard.store.instances.size === was + 1",
        "labelyard.useClass(c.bounding_box); was = labelyard.store.instances.size",
    ),
    Row("brush.smaller", "BracketLeft", "brush() < was", "was = brush()"),
    Row("brush.larger", "BracketRight", "brush() > was", "was = brush()"),
    Row(
        "mask.fill-holes",
        "Shift+F",
        "shape(k.bitmask).counts !== was",
        "labelyard.select([k.bitmask]); was = shape(k.bitmask).counts",
    ),
    Row(
        "mask.cut",
        "Shift+X",
        "labelyard.tool.cutting",
        "labelyard.select([]); labelyard.useClass(c.bitmask); labelyard.use('polygon')",
    ),
    Row("polygon.hole", "Alt+P", "polygon().wanted === 'hole'", "labelyard.select([k.polygon])"),
    Row("polygon.part", "Alt+Shift+P", "polygon().wanted === 'part'", "labelyard.select([k.polygon])"),
    Row("tool.cancel", "Escape", "labelyard.tool.name === 'select'", "labelyard.use('polygon')"),
]

CLASSES = [
    row
    for digit in (2, 3, 4, 5, 6, 7, 1)
    for row in (
        Row(f"class.{digit}", str(digit), f"labelyard.classId === labelyard.facts.classes[{digit - 1}].id"),
        Row(
            f"object.class-{digit}",
            f"Shift+Digit{digit}",
            f"labelyard.primary.object_class === labelyard.facts.classes[{digit - 1}].id",
            "labelyard.select([k.empty])",
        ),
    )
]


def moved(action: str, key: str, side: str, by: int) -> Row:
    """A key that moves a side of the box, or changes its size."""
    before = f"labelyard.select([k.box]); was = shape(k.box).{side}"
    return Row(action, key, f"shape(k.box).{side} === was + {by}", before)


def turned(action: str, key: str, by: int) -> Row:
    """A key that turns the rotated box."""
    before = "labelyard.select([k.rotated]); was = shape(k.rotated).rotation"
    return Row(action, key, f"Math.abs(shape(k.rotated).rotation - was - {by}) < 1e-6", before)


SHAPES = [
    Row("vertex.next", "Period", "vertex() !== null", "labelyard.select([k.polygon]); grips().vertex = null"),
    Row("vertex.previous", "Comma", "vertex().index !== was", "was = vertex().index"),
    Row("vertex.add", "Insert", "points() === was + 1", "choose(); was = points()"),
    Row("vertex.add", "Shift+V", "points() === was + 1", "choose(); was = points()"),
    Row("vertex.remove", "Delete", "points() === was - 1", "choose(); was = points()"),
    Row("vertex.remove", "Backspace", "points() === was - 1", "choose(); was = points()"),
    Row(
        "vertex.visibility",
        "u",
        "shape(k.point).visibility !== was",
        "labelyard.select([k.point]); was = shape(k.point).visibility",
    ),
    moved("move.right", "ArrowRight", "left", 1),
    moved("move.right.far", "Shift+ArrowRight", "left", 10),
    moved("move.left", "ArrowLeft", "left", -1),
    moved("move.left.far", "Shift+ArrowLeft", "left", -10),
    moved("move.down", "ArrowDown", "top", 1),
    moved("move.down.far", "Shift+ArrowDown", "top", 10),
    moved("move.up", "ArrowUp", "top", -1),
    moved("move.up.far", "Shift+ArrowUp", "top", -10),
    moved("resize.wider", "Alt+Shift+ArrowRight", "width", 1),
    moved("resize.narrower", "Alt+Shift+ArrowLeft", "width", -1),
    moved("resize.higher", "Alt+Shift+ArrowDown", "height", 1),
    moved("resize.lower", "Alt+Shift+ArrowUp", "height", -1),
    turned("turn.left", "Alt+Comma", -1),
    turned("turn.right", "Alt+Period", 1),
    turned("turn.right.far", "Alt+Shift+Period", 15),
    turned("turn.left.far", "Alt+Shift+Comma", -15),
]

OBJECTS = [
    Row("object.hide", "h", "labelyard.hidden.has(k.box)", "labelyard.select([k.box])"),
    Row("object.show-all", "Alt+H", "labelyard.hidden.size === 0"),
    Row("object.hide-others", "Alt+Shift+H", "labelyard.hidden.size === labelyard.store.instances.size - 1"),
    Row("object.lock", "l", "labelyard.locked.has(k.box)"),
    Row("object.lock", "l", "labelyard.locked.size === 0"),
    Row("object.select-all", "Control+A", "labelyard.selection.size === labelyard.tableOrder.length"),
    Row(
        "objects.next",
        "Tab",
        "labelyard.selection.size === 1",
        "labelyard.hidden.clear(); labelyard.tell('visible'); labelyard.select([])",
    ),
    Row("objects.previous", "Shift+Tab", "labelyard.selection.size === 1", "labelyard.select([])"),
    Row("object.occluded", "y", "label(k.box).occluded", "labelyard.select([k.box])"),
    Row("object.z-up", "Shift+PageUp", "label(k.box).z_order > was", "was = label(k.box).z_order"),
    Row("object.z-down", "Shift+PageDown", "label(k.box).z_order < was", "was = label(k.box).z_order"),
    Row("label.copy", "Control+C", "said().includes('Copied')"),
    Row("label.paste", "Control+V", "shape(k.box, 1)", "labelyard.go(1)"),
    Row("label.copy-before", "Control+Shift+B", "shape(k.box, 2)", "labelyard.go(2)"),
    Row("label.copy-next", "Control+B", "labelyard.frame === 3 && shape(k.box, 3)"),
    Row(
        "object.key-frame",
        "k",
        "label(k.car, 13).protected",
        "labelyard.go(13); labelyard.select([k.car])",
    ),
    Row("object.end-here", "o", "label(k.car, 20).shape === null", "labelyard.go(15)"),
    opened("object.menu", "Shift+F10", "[role=menu]"),
    opened("object.menu", "ContextMenu", "[role=menu]"),
    Row("object.absent", "Delete", "shape(k.box, 3) === null", "labelyard.go(3); labelyard.select([k.box])"),
    Row("object.absent", "Backspace", "shape(k.box, 2) === null", "labelyard.go(2)"),
    opened("object.delete", "Shift+Delete", "dialog[open]"),
]

VIEW = [
    Row("view.zoom-in", "Equal", "scale() > was", "labelyard.go(0); was = scale()"),
    Row("view.zoom-in", "NumpadAdd", "scale() > was", "was = scale()"),
    Row("view.zoom-out", "Minus", "scale() < was", "was = scale()"),
    Row("view.zoom-out", "NumpadSubtract", "scale() < was", "was = scale()"),
    Row("view.actual", "Shift+Digit0", "scale() === 1"),
    Row("view.fit", "z", "labelyard.viewport.fitted"),
    Row("view.selection", "Shift+Z", "scale() > was", "labelyard.select([k.box]); was = scale()"),
    Row("view.fit", "0", "labelyard.viewport.fitted"),
    Row("view.hide-overlays", "q", "bare()", held=True),
    Row("view.more-opaque", "Alt+ArrowUp", "setting('opacity') > was", "was = setting('opacity')"),
    Row("view.less-opaque", "Alt+ArrowDown", "setting('opacity') < was", "was = setting('opacity')"),
    Row("view.color-by", "Alt+C", "setting('color_by') !== was", "was = setting('color_by')"),
    Row("view.names", "Alt+N", "setting('show_names') !== was", "was = setting('show_names')"),
]

PAGE = [
    Row(
        "page.save",
        "Control+S",
        "labelyard.editing.state === 'saved'",
        "labelyard.preferences.set('autosave', false); move(k.box, 20)",
    ),
    Row("edit.undo", "Control+Z", "shape(k.box).left !== 20"),
    Row(
        "edit.redo",
        "Control+Shift+Z",
        "shape(k.box).left === 20",
        after="labelyard.preferences.set('autosave', true)",
    ),
    *(
        Row(
            f"panel.{name}", f"Alt+{number}", f"document.querySelector('#tab-{name}').ariaSelected === 'true'"
        )
        for number, name in enumerate(("objects", "review", "comments", "jobs"), start=1)
    ),
    opened("page.settings", "Control+Comma", "#settings[open]"),
    opened("page.help", "Shift+Slash", "#help[open]"),
    opened("page.help", "F1", "#help[open]"),
]

ATTRIBUTES = [
    Row("attributes.mode", "a", "labelyard.actions.mode === 'attributes'", "labelyard.select([k.box])"),
    *(
        Row(f"attributes.option-{digit}", str(digit), f"answer() === 'option {digit}'")
        for digit in range(1, 10)
    ),
    Row("attributes.clear", "Delete", "answer() === undefined"),
    Row("attributes.option-1", "1", "answer() === 'option 1'"),
    Row("attributes.clear", "Backspace", "answer() === undefined"),
    Row("attributes.down", "ArrowDown", "question() === 1"),
    Row("attributes.up", "ArrowUp", "question() === 0"),
    Row("attributes.next", "Enter", "question() === 1"),
    Row("attributes.back", "Shift+Enter", "question() === 0"),
    Row("attributes.leave", "Escape", "labelyard.actions.mode === null"),
]

REVIEW = [
    Row("review.next", "j", "progress().startsWith('1 of ')", "labelyard.go(0)"),
    Row("review.next", "j", "progress().startsWith('2 of ')"),
    Row("review.previous", "Shift+J", "progress().startsWith('1 of ')"),
    Row("review.next-low", "n", "labelyard.frame === 14"),
    Row("review.next-low", "n", "labelyard.frame === 12"),
    Row("review.previous-low", "Shift+N", "labelyard.frame === 14"),
    Row(
        "review.compare",
        "Shift+C",
        "document.querySelector('[data-action=\"review.compare\"]').ariaPressed === 'true'",
        "labelyard.actions.run('review.leave')",
    ),
    opened("review.history", "Shift+H", "dialog[open]"),
    opened("review.reject", "Shift+Backspace", "#reasons[open]"),
    Row(
        "review.accept",
        "Shift+Enter",
        "labelyard.store.decisions(k.box)[0]?.decision === 'accepted'",
        "labelyard.select([k.box])",
    ),
    Row(
        "range.accept",
        "Alt+Enter",
        "labelyard.store.decisions(k.polygon)[0]?.last_frame === 5",
        "labelyard.select([k.polygon]); labelyard.setRange([3, 5])",
    ),
    opened("range.reject", "Alt+Backspace", "#reasons[open]"),
    Row("comment.pin", "m", "labelyard.tool.name === 'comment'"),
]


def run(action: str, key: str, noun: str, key_of: str, frame: int) -> Row:
    """A key that orders a run, which is the last step of undo then."""
    then = (
        f"labelyard.editing.undoable?.kind === 'job' && labelyard.editing.undoable.title.startsWith('{noun}')"
    )
    return Row(action, key, then, f"labelyard.go({frame}); labelyard.select([{key_of}])")


TAKEN_BACK = Row("edit.undo", "Control+Z", "labelyard.editing.undoable?.kind !== 'job'")
RUNS = [
    run("object.track-forwards", "Shift+T", "Tracking", "k.car", 20),
    TAKEN_BACK,
    run("object.track-fast", "Alt+T", "Tracking", "k.car", 20),
    TAKEN_BACK,
    run("object.interpolate", "Shift+I", "Interpolation", "k.car", 10),
    run("object.track-backwards", "Alt+Shift+T", "Tracking", "k.bus", 30),
]

GROUPS = {
    "frames": FRAMES,
    "tools": TOOLS,
    "classes": CLASSES,
    "shapes": SHAPES,
    "objects": OBJECTS,
    "view": VIEW,
    "page": PAGE,
    "attributes": ATTRIBUTES,
    "review": REVIEW,
    "runs": RUNS,
}

ELSEWHERE = {
    "tool.finish": ("test_tools_polygon.py", "Enter"),
    "tool.back": ("test_tools_polygon.py", "Backspace"),
    "frames.levels-drag": ("test_series.py", "g"),
    "sam.save": ("test_sam_draft.py", "Enter"),
    "sam.track-forwards": ("../seed/test_tracking.py", "Shift+T"),
    "sam.track-backwards": ("../seed/test_tracking.py", "Alt+Shift+T"),
    "object.track-again": ("test_track_again.py", "Alt+R"),
    "review.next-hint": ("test_review_runs.py", "Alt+J"),
    "review.previous-hint": ("test_review_runs.py", "Alt+Shift+J"),
    "review.next-difference": ("test_review_runs.py", "Alt+Shift+C"),
}
"""Keys that need more than a table: the file whose tests press them, and how it writes the key."""
