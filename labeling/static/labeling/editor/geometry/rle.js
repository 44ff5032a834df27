// @ts-check
// COCO compressed run lengths and pixels, each made from the other. The format: cocoapi,
// common/maskApi.c, rleToString and rleFrString. Masks are bytes of 0 and 1; `…Columns` are stored
// column by column as the format walks, the others row by row.

/**
 * Read the run lengths: pixels outside and inside in turn, column by column, outside first.
 * @param {string} counts
 * @returns {number[]}
 */
export function runs(counts) {
  /** @type {number[]} */
  const lengths = [];
  let at = 0;
  while (at < counts.length) {
    let value = 0;
    let shift = 0;
    let code = 0x20;
    while (code & 0x20) {
      if (at >= counts.length) throw new RangeError("The run lengths end in the middle of a number.");
      code = counts.charCodeAt(at) - 48;
      at += 1;
      value |= (code & 0x1f) << shift;
      shift += 5;
    }
    if (code & 0x10 && shift < 32) value |= -1 << shift;
    // From the fourth run on a value is the difference to the run two before it.
    lengths.push(lengths.length > 2 ? value + (lengths[lengths.length - 2] ?? 0) : value);
  }
  return lengths;
}

/**
 * Write run lengths as a compressed string.
 * @param {number[]} lengths
 * @returns {string}
 */
export function pack(lengths) {
  /** @type {string[]} */
  const parts = [];
  for (let at = 0; at < lengths.length; at += 1) {
    let value = (lengths[at] ?? 0) - (at > 2 ? (lengths[at - 2] ?? 0) : 0);
    let more = true;
    while (more) {
      const bits = value & 0x1f;
      value >>= 5;
      more = bits & 0x10 ? value !== -1 : value !== 0;
      parts.push(String.fromCharCode((more ? bits | 0x20 : bits) + 48));
    }
  }
  return parts.join("");
}

/**
 * How many pixels are inside.
 * @param {string} counts
 */
export function area(counts) {
  return runs(counts).reduce((sum, length, at) => sum + (at % 2 ? length : 0), 0);
}

/**
 * Return the mask column by column.
 * @param {string} counts
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array}
 */
export function decodeColumns(counts, width, height) {
  const mask = new Uint8Array(width * height);
  let at = 0;
  runs(counts).forEach((length, index) => {
    if (index % 2) mask.fill(1, at, at + length);
    at += length;
  });
  return mask;
}

/**
 * Return the mask row by row.
 * @param {string} counts
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array}
 */
export function decode(counts, width, height) {
  const mask = new Uint8Array(width * height);
  let at = 0;
  runs(counts).forEach((length, index) => {
    if (index % 2) column(mask, at, length, width, height);
    at += length;
  });
  return mask;
}

/**
 * Set a run, which may go on over several columns.
 * @param {Uint8Array} mask row by row
 * @param {number} at
 * @param {number} length
 * @param {number} width
 * @param {number} height
 */
function column(mask, at, length, width, height) {
  let x = Math.floor(at / height);
  let y = at - x * height;
  for (let left = Math.min(length, width * height - at); left > 0; left -= 1) {
    mask[y * width + x] = 1;
    y += 1;
    if (y === height) {
      y = 0;
      x += 1;
    }
  }
}

/**
 * Return the counts of a mask that is stored column by column (its size does not matter to them).
 * @param {Uint8Array} mask
 * @returns {string}
 */
export function encodeColumns(mask) {
  /** @type {number[]} */
  const lengths = [];
  let at = 0;
  let value = 0;
  while (at < mask.length) {
    const found = mask.indexOf(1 - value, at);
    const end = found < 0 ? mask.length : found;
    lengths.push(end - at);
    at = end;
    value = 1 - value;
  }
  return pack(lengths);
}

/**
 * Return the counts of a mask that is stored row by row.
 * @param {Uint8Array} mask
 * @param {number} width
 * @param {number} height
 * @returns {string}
 */
export function encode(mask, width, height) {
  return encodeColumns(transposed(mask, width, height));
}

/**
 * Rows become columns.
 * @param {Uint8Array} mask `height` rows of `width`
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array}
 */
export function transposed(mask, width, height) {
  const other = new Uint8Array(mask.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) other[x * height + y] = mask[y * width + x] ?? 0;
  }
  return other;
}
