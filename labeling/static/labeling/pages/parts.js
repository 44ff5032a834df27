// @ts-check
// A file in parts: where each lies, how much of all has been sent, and one digest over them.

/** @typedef {{number: number, first: number, size: number}} Part numbered from 1; bytes */

/**
 * @param {number} size of the file
 * @param {number} partBytes of each part but the last
 * @returns {Part[]}
 */
export function partsOf(size, partBytes) {
  return Array.from({ length: Math.ceil(size / partBytes) }, (_, place) => {
    const first = place * partBytes;
    return { number: place + 1, first, size: Math.min(partBytes, size - first) };
  });
}

/** What has been sent, and of what it was made. */
export class Tally {
  /** @param {number} count of the parts */
  constructor(count) {
    this.bytes = new Array(count).fill(0);
    /** @type {Array<ArrayBuffer | null>} */
    this.digests = new Array(count).fill(null);
  }

  get loaded() {
    return this.bytes.reduce((sum, count) => sum + count, 0);
  }

  /**
   * @param {Part} part
   * @param {number} loaded
   */
  part({ number, size }, loaded) {
    this.bytes[number - 1] = Math.min(loaded, size);
  }

  /** @param {Part} part */
  done(part) {
    this.part(part, part.size);
  }

  /** @param {Part} part */
  back(part) {
    this.part(part, 0);
  }

  /**
   * Keep the part's SHA-256. Browsers tell it on secure pages alone.
   * @param {Part} part
   * @param {Blob} bytes
   */
  async hash(part, bytes) {
    if (!globalThis.crypto?.subtle) return;
    this.digests[part.number - 1] = await crypto.subtle.digest("SHA-256", await bytes.arrayBuffer());
  }

  /** @returns {Promise<string>} the SHA-256 over those of all parts, hexadecimal; nothing where one is not known */
  async digest() {
    if (!this.digests.length || this.digests.includes(null)) return "";
    const all = new Blob(/** @type {ArrayBuffer[]} */ (this.digests));
    const whole = await crypto.subtle.digest("SHA-256", await all.arrayBuffer());
    return Array.from(new Uint8Array(whole), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}
