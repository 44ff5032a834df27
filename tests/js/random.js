// Seeded random shapes for properties.

/** Numbers in 0..1 that are the same every time (mulberry32). @param {number} seed */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Run a property for many seeds; the seed is named when it fails. */
export function forSeeds(count, property) {
  for (let seed = 1; seed <= count; seed += 1) {
    try {
      property(seeded(seed * 7919));
    } catch (error) {
      error.message = `seed ${seed}: ${error.message}`;
      throw error;
    }
  }
}

export const SIZE = { width: 96, height: 64 };

const whole = (random, low, high) => low + Math.floor(random() * (high - low + 1));
const place = (random, limit) => whole(random, 0, limit * 1000) / 1000;

export function randomPoint(random) {
  return [place(random, SIZE.width), place(random, SIZE.height)];
}

/** A ring around a middle, all in the frame, never on one line. */
export function randomRing(random, reach = 20) {
  const [x, y] = [whole(random, 24, SIZE.width - 24), whole(random, 24, SIZE.height - 24)];
  const count = whole(random, 3, 9);
  return Array.from({ length: count }, (_, index) => {
    const angle = ((index + 0.8 * random()) / count) * 2 * Math.PI;
    const radius = reach * (0.3 + 0.7 * random());
    return [Math.round((x + radius * Math.cos(angle)) * 1000) / 1000, Math.round((y + radius * Math.sin(angle)) * 1000) / 1000];
  });
}

/** A mask of blobs and specks, row by row. */
export function randomMask(random, width, height) {
  const mask = new Uint8Array(width * height);
  const share = random();
  for (let at = 0; at < mask.length; at += 1) {
    const above = at >= width ? mask[at - width] : 0;
    mask[at] = random() < 0.7 ? above : random() < share ? 1 : 0;
  }
  return mask;
}

export function randomBox(random) {
  const [left, top] = [place(random, SIZE.width - 4), place(random, SIZE.height - 4)];
  return { left, top, width: 2 + random() * (SIZE.width - left - 2), height: 2 + random() * (SIZE.height - top - 2) };
}

export function randomShape(kind, random, bitmaskOf) {
  if (kind === "bounding_box") return randomBox(random);
  if (kind === "rotatable_bounding_box") return { ...randomBox(random), rotation: 360 * random() };
  if (kind === "polygon") return { polygons: [[randomRing(random), randomRing(random, 6)], [randomRing(random)]] };
  if (kind === "polyline") return { points: randomRing(random) };
  if (kind === "point") return { ...point(random) };
  if (kind === "skeleton") return { vertices: [point(random), point(random), point(random)] };
  const [width, height] = [whole(random, 2, 30), whole(random, 2, 30)];
  const data = randomMask(random, width, height);
  data[0] = 1;
  return bitmaskOf({ data, width, height }, whole(random, 0, SIZE.width - width), whole(random, 0, SIZE.height - height));
}

function point(random) {
  const [x, y] = randomPoint(random);
  return { x, y, visibility: "visible" };
}

export const KINDS = ["bounding_box", "rotatable_bounding_box", "polygon", "bitmask", "polyline", "point", "skeleton"];
