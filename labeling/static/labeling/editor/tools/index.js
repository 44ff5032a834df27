// @ts-check
// The tools of the workbench.

/** @param {import("../bench.js").Bench} bench */
export function offerTools(bench) {
  bench.tools.set("select", { name: "select", title: "Select" });
}
