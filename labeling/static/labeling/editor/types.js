// @ts-check
// The forms in which the server and the rooms of the editor speak; types only.

/**
 * @typedef {string} Key the `object_hash` of an instance: eight URL-safe characters, made by the page for new ones
 * @typedef {[number, number]} Point x and y in pixels of the frame, origin at the outer corner of the top-left pixel
 * @typedef {{left: number, top: number, width: number, height: number}} Rect
 *
 * @typedef {Rect} BoxShape
 * @typedef {Rect & {rotation: number}} RotatedBoxShape rotation in degrees, clockwise on screen, about the centre
 * @typedef {{polygons: Point[][][]}} PolygonShape polygons of open rings: the outer one, then its holes
 * @typedef {Rect & {counts: string}} BitmaskShape COCO compressed RLE of the cropped box, whole pixels
 * @typedef {{points: Point[], visibility?: Visibility[]}} PolylineShape `visibility` of each point, left out where all are visible
 * @typedef {"visible" | "occluded" | "invisible"} Visibility
 * @typedef {{x: number, y: number, visibility: Visibility}} PointShape
 * @typedef {{vertices: PointShape[]}} SkeletonShape
 * @typedef {BoxShape | RotatedBoxShape | PolygonShape | BitmaskShape | PolylineShape | PointShape | SkeletonShape} Shape
 * @typedef {"bounding_box" | "rotatable_bounding_box" | "polygon" | "bitmask" | "polyline" | "point" | "skeleton"} ShapeKind
 *
 * @typedef {object} Attribute
 * @property {number} id
 * @property {string} name
 * @property {"radio" | "checklist" | "text" | "numeric"} kind
 * @property {boolean} dynamic changes over frames
 * @property {boolean} required
 * @property {{value: string, label: string}[]} options of radio and checklist
 *
 * @typedef {object} SkeletonTemplate
 * @property {{name: string, color: string, x: number, y: number}[]} vertices x and y as fractions of its box
 * @property {[number, number][]} edges
 *
 * @typedef {object} ObjectClass
 * @property {number} id
 * @property {string} name
 * @property {string} color `#rrggbb`
 * @property {ShapeKind} shape
 * @property {boolean} archived takes no new instances; shown for those that exist
 * @property {SkeletonTemplate | null} skeleton
 * @property {Attribute[]} attributes
 *
 * @typedef {{id: number, name: string, archived: boolean, attributes: Attribute[]}} FrameClassification
 *
 * @typedef {object} Instance
 * @property {Key} key
 * @property {number | null} id the server's; null until it has it
 * @property {number} object_class
 * @property {number} number 0 until the server has given it one
 * @property {string} name
 * @property {number} version
 * @property {{first: number | null, last: number | null, count: number}} labelled
 *
 * @typedef {"manual" | "prompted" | "detected" | "tracked" | "interpolated" | "imported"} Provenance
 * @typedef {"accepted" | "rejected" | "unreviewed"} ReviewState
 *
 * @typedef {object} Label
 * @property {Key} instance
 * @property {number} frame
 * @property {any} shape in the form of the class's shape (`Shape`); null is an absent mark
 * @property {Provenance} provenance
 * @property {number} confidence
 * @property {boolean} protected
 * @property {number} version 0 for one that the server does not have yet
 * @property {number} seq
 * @property {number} z_order
 * @property {boolean} occluded
 * @property {number | null} job
 * @property {number | null} author
 * @property {ReviewState} review
 * @property {boolean} [unsaved] changed here, and not confirmed yet
 *
 * @typedef {object} Answer
 * @property {number} definition
 * @property {any} value
 * @property {number | null} first_frame null for one that holds for all frames
 * @property {number | null} last_frame
 *
 * @typedef {object} Decision
 * @property {Key} instance
 * @property {number} first_frame
 * @property {number} last_frame
 * @property {"accepted" | "rejected"} decision
 * @property {string} reason
 * @property {number} seq
 */

/**
 * One step of an edit; `docs/api.md` says what each does. Frames are inclusive.
 * @typedef {{op: "instance.create", instance: Key, object_class: number}
 *  | {op: "instance.change", instance: Key, object_class: number}
 *  | {op: "instance.convert", instance: Key, object_class: number}
 *  | {op: "instance.delete", instance: Key}
 *  | {op: "instance.merge", instance: Key, others: Key[]}
 *  | {op: "instance.split", instance: Key, frame: number, into: Key}
 *  | {op: "label.put", instance: Key, frame: number, shape: any, z_order?: number, occluded?: boolean, provenance?: "manual" | "prompted", exclude_bitmasks?: boolean, skip_covered?: boolean, version?: number}
 *  | {op: "label.absent", instance: Key, frame: number, version?: number}
 *  | {op: "label.remove", instance: Key, frame: number, version?: number}
 *  | {op: "labels.remove", instance: Key, first: number, last: number, mark: boolean}
 *  | {op: "answer.put", instance: Key, definition: number, value: any, first?: number, last?: number}
 *  | {op: "classification.put", definition: number, value: any, first: number, last: number}
 *  | {op: "review.decide", instance: Key, decision: "accepted" | "rejected" | "cleared", first: number, last: number, reason?: string}} Operation
 *
 * @typedef {object} Edit
 * @property {string} key a UUID: a repeated send is one edit
 * @property {string} title what the person did, as undo names it: “Move Car 3”
 * @property {Operation[]} operations
 *
 * @typedef {object} EditOptions
 * @property {string} [merge] an edit with the same tag that follows within a second, before the first was sent, joins it
 */

/**
 * What is being drawn or moved, painted on its own layer; the label it stands for is left out meanwhile.
 * @typedef {object} Draft
 * @property {Key | null} instance null for a new object
 * @property {number} objectClass
 * @property {number} frame
 * @property {any} shape in the form of the class's shape, maybe unfinished; null while `mask` stands for it
 * @property {MaskPicture} [mask] of a bitmask that is being painted
 * @property {Draft[]} [others] of more objects that are moved with it
 *
 * @typedef {object} MaskPicture pixels of a bitmask while it is painted; whole pixels of the frame
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {CanvasImageSource} canvas opaque white where the mask is; the canvas tints it
 *
 * A pointer over the stage. `x` and `y` are pixels of the frame, `screenX` and `screenY` CSS pixels of the stage.
 * @typedef {object} Pointer
 * @property {number} x
 * @property {number} y
 * @property {number} screenX
 * @property {number} screenY
 * @property {number} button 0 left, 1 middle, 2 right
 * @property {boolean} shift
 * @property {boolean} alt
 * @property {boolean} ctrl Ctrl, or Cmd on a Mac
 * @property {PointerEvent} event
 *
 * A tool gets the pointer while it is chosen. Panning, zooming and the context menu are the canvas's.
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} title
 * @property {() => void} [start] it was chosen
 * @property {() => void} [stop] another was chosen: what is unfinished is dropped or kept, never lost in silence
 * @property {(pointer: Pointer) => void} [down]
 * @property {(pointer: Pointer) => void} [move] also without a button
 * @property {(pointer: Pointer) => void} [up]
 * @property {(pointer: Pointer) => void} [double]
 * @property {(pointer: Pointer) => boolean} [middle] a click of the middle button that did not pan
 * @property {(pointer: Pointer) => boolean} [context] true keeps the menu away (a right click that means something here)
 * @property {() => void} [abandon] the press was the first finger of two: drop what it began, not what was there before; without it `escape`
 * @property {() => boolean} [escape] drop what is unfinished; false when there is nothing
 * @property {() => boolean} [finish] Enter: keep what is unfinished; false when there is nothing
 * @property {(pointer: Pointer) => string} [cursor] CSS cursor
 * @property {(context: CanvasRenderingContext2D, viewport: import("./canvas/viewport.js").Viewport) => void} [paint] above all else, in CSS pixels of the stage
 */

/**
 * Something a person can do, from a key, a menu, a button or the palette; one table for all of them.
 * @typedef {object} Action
 * @property {string} id such as `object.delete`: what remapped keys are kept by
 * @property {string} title
 * @property {(bench: Bench) => string} [named] its title now, where that hangs on what is selected
 * @property {string} group heading in the help: Frames, Tools, Objects, Review, View, Page
 * @property {string[]} [keys] chords by `event.code`: "KeyD", "Shift+KeyT", "Mod+KeyZ" (Ctrl, or Cmd on a Mac), "Alt+ArrowUp"
 * @property {("object" | "canvas" | "timeline")[]} [menus] context menus that show it
 * @property {string} [submenu] it stands in a menu beside the menu, with those of the same name
 * @property {(bench: Bench) => true | string | false} [when] true: can be done now; a sentence: greyed, with it as the reason; false: not shown
 * @property {(bench: Bench) => void | Promise<void>} run
 * @property {(bench: Bench) => void} [release] the key was let go (hold to hide)
 * @property {boolean} [repeats] a key that is held does it again
 * @property {string} [mode] only while this mode is on (`actions.mode`), and its keys before all others then
 */

/**
 * @typedef {object} Facts what the page was told by the server
 * @property {number} task
 * @property {string} title
 * @property {"annotate" | "review" | "complete" | "agent"} stage
 * @property {number} project
 * @property {number} media
 * @property {"video" | "image" | "image_group" | "image_sequence" | "dicom"} kind
 * @property {string} noun what the media is, in sentences: “an image”
 * @property {number} width of the frames, the largest when they differ
 * @property {number} height
 * @property {[number, number][] | null} sizes of every frame of the media by ordinal, when they differ
 * @property {{center: number, width: number, low: number, high: number} | null} window grey levels of a DICOM series
 * @property {number} first first frame of the task
 * @property {number} last inclusive
 * @property {number | null} fps
 * @property {[number, number][]} damaged
 * @property {number} seq
 * @property {{id: number, name: string}} user
 * @property {string} role
 * @property {string} barrier why this person may only look; empty when they may change labels
 * @property {boolean} mayEdit
 * @property {boolean} mayJudge
 * @property {boolean} mayRun
 * @property {boolean} mayComment
 * @property {number} trackingFramesMax
 * @property {("forwards" | "backwards")[]} directions in which objects are tracked on this modality
 * @property {string} advancedBarrier why advanced tracking cannot be ordered; empty when it can
 * @property {{fast: ShapeKind[], sam2?: ShapeKind[]}} shapesTracked by each tracker; no worker ever offered one that is left out
 * @property {string} jobPage with 0 in place of the job's number
 * @property {ObjectClass[]} classes
 * @property {FrameClassification[]} classifications
 * @property {{id: number, name: string, role: string}[]} members
 * @property {Record<string, any>} preferences of this person
 */

/** @typedef {import("./bench.js").Bench} Bench */

export {};
