// Answers what the page's geometry makes of each case: a JSON list on stdin, a JSON list on stdout.

import { text } from "node:stream/consumers";

import { filled } from "../../labeling/static/labeling/editor/geometry/raster.js";
import { area, decode, encode } from "../../labeling/static/labeling/editor/geometry/rle.js";
import { bounds, fault } from "../../labeling/static/labeling/editor/geometry/shapes.js";

const questions = {
  encode: ({ width, height, rows }) => encode(Uint8Array.from(rows), width, height),
  decode: ({ width, height, counts }) => [...decode(counts, width, height)],
  again: ({ width, height, counts }) => encode(decode(counts, width, height), width, height),
  area: ({ counts }) => area(counts),
  filled: ({ width, height, polygons }) => encode(filled(polygons, { left: 0, top: 0, width, height }), width, height),
  bounds: ({ kind, shape }) => bounds(kind, shape),
  fault: ({ kind, shape, width, height }) => fault(kind, shape, { width, height }),
};

const cases = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(cases.map((one) => questions[one.ask](one))));
