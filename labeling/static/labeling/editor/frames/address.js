// @ts-check
// The address of the page leads to the frame that is shown.

/** @typedef {import("../bench.js").Bench} Bench */

// Browsers refuse more than about a hundred changes of the address in half a minute.
const EVERY_MS = 400;

/** @param {Bench} bench */
export function keepAddress(bench) {
  /** @type {number | undefined} */
  let timer;
  const write = () => {
    timer = undefined;
    const address = new URL(location.href);
    address.searchParams.set("frame", String(bench.shown));
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  };
  bench.on(["shown"], () => (timer ??= setTimeout(write, EVERY_MS)));
}
