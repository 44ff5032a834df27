// @ts-check
// The wanted frame: its picture and its labels are shown together, and its number with them.

import { byId } from "../../shared/dom.js";
import { keepAddress } from "./address.js";
import { FrameSaid } from "./said.js";
import { offerWindow } from "./window.js";

/** @typedef {import("../bench.js").Bench} Bench */

const LABELS_WAIT_MS = 150;

/** @param {Bench} bench */
export function showFrames(bench) {
  const showing = new Showing(bench);
  const number = byId("shown-frame");
  bench.on(["shown"], () => (number.textContent = `Frame ${bench.shown} / ${bench.facts.last}`));
  bench.on(["frame"], () => showing.wanted());
  bench.on(["playing"], () => bench.playing || showing.show());
  bench.on(["draft"], () => bench.draft && bench.frames.playback.stop());
  bench.viewport.addEventListener("settle", () => showing.sharpen());
  keepAddress(bench);
  offerWindow(bench, () => showing.show());
  showing.show();
}

class Showing {
  /** @param {Bench} bench */
  constructor(bench) {
    this.bench = bench;
    this.said = new FrameSaid(() => this.show());
    /** @type {number | null} the frame whose picture is on the stage */
    this.drawn = null;
  }

  /** Another frame is wanted: by a person, since playing tells nothing but what it has shown. */
  wanted() {
    if (this.bench.playing) this.bench.frames.playback.stop();
    else this.show();
  }

  /** Show the wanted frame, or say why it cannot be. */
  async show() {
    const { bench } = this;
    const { frame } = bench;
    const labels = bench.store.loaded(frame) ? null : atMost(bench.sync.need(frame), LABELS_WAIT_MS);
    const picture = bench.frames.show(frame);
    // A smaller picture that is here already comes first.
    if (bench.frames.pictures.any(frame)) this.draw(frame, labels);
    try {
      await picture;
      await this.draw(frame, labels);
    } catch (error) {
      if (this.isWanted(frame) && !isAbort(error)) this.refuse(frame, error);
    }
  }

  /**
   * Draw the picture that is kept of a frame, with its labels where they come soon.
   * @param {number} frame
   * @param {Promise<void> | null} labels null when they are here
   */
  async draw(frame, labels) {
    if (labels) await labels;
    const picture = this.bench.frames.pictures.any(frame);
    if (!picture || !this.isWanted(frame)) return;
    const isNew = this.drawn !== frame || this.bench.shown !== frame;
    if (isNew || picture !== this.bench.frames.pictures.held) this.put(picture, frame);
    this.said.hide();
    if (isNew) this.tell(frame);
  }

  /** @param {number} frame @param {unknown} error */
  refuse(frame, error) {
    const isNew = this.drawn !== frame || this.bench.shown !== frame;
    if (isNew) this.put(null, frame);
    this.said.show(frame, error);
    if (isNew) this.tell(frame);
  }

  /** @param {ImageBitmap | null} picture @param {number} frame */
  put(picture, frame) {
    this.bench.canvas.show(picture, frame);
    this.bench.frames.pictures.hold(picture);
    this.drawn = picture ? frame : null;
  }

  /** @param {number} frame */
  tell(frame) {
    this.bench.shown = frame;
    this.bench.tell("shown");
  }

  /** @param {number} frame */
  isWanted(frame) {
    return frame === this.bench.frame && !this.bench.playing;
  }

  /** After zooming in: fetch the picture as wide as it is shown now. */
  async sharpen() {
    const { bench } = this;
    const { frame } = bench;
    if (this.drawn !== frame || bench.playing) return;
    try {
      const { bitmap } = await bench.frames.show(frame);
      if (this.isWanted(frame) && bitmap !== bench.frames.pictures.held) this.put(bitmap, frame);
    } catch {
      // What is drawn stays: coarser, but the same frame.
    }
  }
}

/** Wait for a promise, but not for long, and not for its success. @param {Promise<unknown>} promise @param {number} ms */
function atMost(promise, ms) {
  const late = new Promise((resolve) => setTimeout(resolve, ms));
  return Promise.race([promise.catch(() => {}), late]).then(() => {});
}

/** @param {unknown} error */
function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}
