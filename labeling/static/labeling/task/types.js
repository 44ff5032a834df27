// @ts-check
// The forms in which the API speaks of tasks; types only.

/**
 * @typedef {object} BoxShape upright, in pixels of the frame
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 *
 * @typedef {BoxShape & {rotation: number}} RotatedBoxShape rotation in degrees, clockwise, about the centre
 *
 * @typedef {[number, number]} Point
 * @typedef {{polygons: Point[][][]}} PolygonShape polygons of rings: the outer one, then its holes
 * @typedef {BoxShape & {counts: string}} BitmaskShape COCO compressed RLE of the cropped box
 * @typedef {{points: Point[]}} PolylineShape
 * @typedef {{x: number, y: number, visibility: string}} PointShape
 * @typedef {{vertices: PointShape[]}} SkeletonShape
 *
 * @typedef {"bounding_box" | "rotatable_bounding_box" | "polygon" | "bitmask" | "polyline" | "point" | "skeleton"} ShapeKind
 *
 * @typedef {object} ObjectClass
 * @property {number} id
 * @property {string} name
 * @property {string} color
 * @property {ShapeKind} shape
 * @property {[number, number][]} edges of a skeleton
 *
 * @typedef {object} Instance
 * @property {number} id
 * @property {number} object_class
 * @property {number} number
 * @property {string} name
 * @property {number} version
 * @property {{first: number | null, last: number | null, count: number}} labelled
 *
 * @typedef {object} Label
 * @property {number} instance
 * @property {number} frame
 * @property {any} shape in the form of the class's shape; null is an absent mark
 * @property {string} provenance
 * @property {number} confidence
 * @property {boolean} protected
 * @property {number} version 0 for one that the server does not have yet
 * @property {number} seq
 * @property {string} review accepted, rejected or unreviewed
 * @property {boolean} [draft] drawn here, and not saved yet
 *
 * @typedef {object} Job
 * @property {number} id
 * @property {string} state
 * @property {number} frames_done
 * @property {number} frames_total
 * @property {number} labels_written
 * @property {number} first_frame
 * @property {number} last_frame
 * @property {string} error
 * @property {string | null} finished_at
 * @property {string | null} reverted_at
 * @property {boolean} waiting_for_worker
 * @property {boolean} [may_steer]
 *
 * @typedef {object} Facts what the page was told by the server
 * @property {number} task
 * @property {number} project
 * @property {number} media
 * @property {number} width
 * @property {number} height
 * @property {number} first
 * @property {number} last
 * @property {[number, number][]} damaged
 * @property {number} seq
 * @property {number} user
 * @property {boolean} mayEdit
 * @property {boolean} mayJudge
 * @property {boolean} mayRun
 * @property {number} trackingFrames
 * @property {number} trackingFramesMax
 * @property {string} jobPage
 * @property {ObjectClass[]} classes
 */

export {};
