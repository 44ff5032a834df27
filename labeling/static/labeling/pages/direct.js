// @ts-check
// One file straight into the installation's bucket: in parts, a few at a time. What broke off goes on when
// the same file is chosen again.

import { ApiError, ask } from "../shared/api.js";
import { partsOf, Tally } from "./parts.js";

const LANES = 3;
const TRIES = 5;
const FIRST_TRIES = 2;
const PAUSE_MS = 1000;
const ZIP = [0x50, 0x4b];

/** @typedef {import("./orders.js").Order} Order */
/** @typedef {import("./parts.js").Part} Part */
/**
 * @typedef {object} Upload
 * @property {number} id
 * @property {string} state
 * @property {number} part_bytes
 * @property {number[]} parts_there
 */

/** Nothing at all reached the bucket from this browser. */
export class BucketAway extends Error {}

/**
 * Whether an upload may go straight into the bucket: one file that is large enough, of a series an archive.
 * @param {Order} order
 * @param {number} least bytes
 */
export async function mayGoDirect(order, least) {
  const [one, more] = order.files;
  if (!one || more || one.file.size < Math.max(least, 1)) return false;
  if (!order.kind) return true;
  const head = new Uint8Array(await one.file.slice(0, ZIP.length).arrayBuffer());
  return ZIP.every((byte, place) => head[place] === byte);
}

/**
 * Send it; resolves when it is a media. Rejects with `BucketAway` when the server has to take it, else with
 * an `ApiError`.
 * @param {Order} order
 * @param {string} path of the project's uploads in the API
 * @param {(loaded: number, total: number) => void} told
 */
export async function sendDirect(order, path, told) {
  const file = /** @type {File} */ (order.files[0]?.file);
  const upload = await ask("POST", path, {
    name: order.title || order.name,
    size_bytes: file.size,
    fingerprint: `${file.size}:${file.lastModified}:${file.name}`.slice(0, 400),
    ...(order.kind ? { kind: order.kind } : {}),
  });
  if (upload.state === "open") await new Sending(file, upload, told).run();
}

class Sending {
  /**
   * @param {File} file
   * @param {Upload} upload
   * @param {(loaded: number, total: number) => void} told
   */
  constructor(file, upload, told) {
    this.file = file;
    this.path = `uploads/${upload.id}/`;
    this.waiting = partsOf(file.size, upload.part_bytes);
    this.there = new Set(upload.parts_there);
    this.reached = this.there.size > 0;
    this.failed = false;
    this.tally = new Tally(this.waiting.length);
    this.tell = () => told(this.tally.loaded, file.size);
  }

  async run() {
    try {
      await Promise.all(Array.from({ length: LANES }, () => this.lane()));
    } catch (error) {
      this.failed = true;
      if (error instanceof BucketAway) await ask("DELETE", this.path).catch(() => {});
      throw error;
    }
    const digest = await this.tally.digest();
    await ask("POST", `${this.path}complete/`, digest ? { parts_sha256: digest } : {});
  }

  async lane() {
    for (let part = this.waiting.shift(); part && !this.failed; part = this.waiting.shift()) {
      const bytes = this.file.slice(part.first, part.first + part.size);
      await this.tally.hash(part, bytes);
      if (!this.there.has(part.number)) await this.send(part, bytes);
      this.tally.done(part);
      this.tell();
    }
  }

  /**
   * Send a part, again where the line breaks, each time to a new address: the old one may have expired.
   * @param {Part} part
   * @param {Blob} bytes
   */
  async send(part, bytes) {
    for (let attempt = 1; ; attempt += 1) {
      const { parts } = await ask("POST", `${this.path}parts/`, { numbers: [part.number] });
      const status = await this.put(part, bytes, parts[0].url);
      if (status) this.reached = true;
      if (status >= 200 && status < 300) return;
      this.tally.back(part);
      if (attempt >= (this.reached ? TRIES : FIRST_TRIES) || this.failed) throw this.broken(status);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** (attempt - 1)));
    }
  }

  /** @param {number} status */
  broken(status) {
    if (!this.reached) return new BucketAway();
    const what = status ? `The bucket answered ${status}.` : "The line to the bucket broke.";
    return new ApiError(status, "bucket_away", `${what} Choose the file again: the upload goes on.`);
  }

  /**
   * Resolves with the status, 0 for none. `fetch` tells no progress of what it sends.
   * @param {Part} part
   * @param {Blob} bytes
   * @param {string} url
   * @returns {Promise<number>}
   */
  put(part, bytes, url) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("PUT", url);
      request.upload.addEventListener("progress", (event) => {
        // No byte is sent before the bucket has let this page in.
        if (event.loaded) this.reached = true;
        this.tally.part(part, event.loaded);
        this.tell();
      });
      request.addEventListener("loadend", () => resolve(request.status));
      request.send(bytes);
    });
  }
}
