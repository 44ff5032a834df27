// @ts-check
// What a person can do with the view, for keys, menus and help.

/** @typedef {import("../bench.js").Bench} Bench */
/** @typedef {import("../types.js").Action} Action */

const STEP = 1.25;

/** @param {Bench} bench */
export function offerViews(bench) {
  bench.actions.add(...zooms(), hiding());
  // A key that is held when the window loses the keyboard is never seen to be let go.
  addEventListener("blur", () => bench.canvas.hideOverlays(false));
}

/** @returns {Action[]} */
function zooms() {
  /** @param {Bench} bench @param {number} factor */
  const zoom = ({ viewport }, factor) => viewport.zoomAt(viewport.width / 2, viewport.height / 2, factor);
  return [
    { id: "view.zoom-in", title: "Zoom in", group: "View", keys: ["Equal", "NumpadAdd"], repeats: true, run: (bench) => zoom(bench, STEP) },
    { id: "view.zoom-out", title: "Zoom out", group: "View", keys: ["Minus", "NumpadSubtract"], repeats: true, run: (bench) => zoom(bench, 1 / STEP) },
    { id: "view.fit", title: "Fit the frame", group: "View", keys: ["KeyZ", "Digit0"], menus: ["canvas"], run: ({ viewport }) => viewport.fit() },
    { id: "view.actual", title: "Actual size, 1:1", group: "View", keys: ["Shift+Digit0"], menus: ["canvas"], run: ({ viewport }) => viewport.actual() },
    {
      id: "view.selection",
      title: "Zoom to what is selected",
      group: "View",
      keys: ["Shift+KeyZ"],
      menus: ["object"],
      when: ({ canvas, selection }) => canvas.around(selection) !== null || "Nothing is selected on this frame.",
      run: ({ canvas, selection, viewport }) => {
        const around = canvas.around(selection);
        if (around) viewport.fitRect(around);
      },
    },
  ];
}

/** @returns {Action} */
function hiding() {
  return {
    id: "view.hide-overlays",
    title: "Hide all labels while held",
    group: "View",
    keys: ["KeyQ"],
    run: ({ canvas }) => canvas.hideOverlays(true),
    release: ({ canvas }) => canvas.hideOverlays(false),
  };
}
