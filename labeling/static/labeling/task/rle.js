// @ts-check
// COCO compressed run lengths to pixels. The format: cocoapi, common/maskApi.c, rleFrString.

/**
 * Read the run lengths: pixels outside and inside in turn, column by column.
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
    let more = true;
    while (more) {
      const code = counts.charCodeAt(at) - 48;
      at += 1;
      value |= (code & 0x1f) << (5 * shift);
      more = (code & 0x20) !== 0;
      shift += 1;
      if (!more && code & 0x10) value |= -1 << (5 * shift);
    }
    // From the third on, lengths are stored as the difference to the one before the last.
    lengths.push(lengths.length > 2 ? value + (lengths[lengths.length - 2] ?? 0) : value);
  }
  return lengths;
}

/**
 * Return the mask of `width` by `height`, row by row, 1 where the object is.
 * @param {string} counts
 * @param {number} width
 * @param {number} height
 * @returns {Uint8Array}
 */
export function decode(counts, width, height) {
  const mask = new Uint8Array(width * height);
  let at = 0;
  let inside = false;
  for (const length of runs(counts)) {
    if (inside) {
      for (let pixel = at; pixel < at + length; pixel += 1) {
        mask[(pixel % height) * width + Math.floor(pixel / height)] = 1;
      }
    }
    at += length;
    inside = !inside;
  }
  return mask;
}
