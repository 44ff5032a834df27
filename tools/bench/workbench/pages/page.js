// @ts-check
// Show the scene with one painter: ?painter=ours|konva|svg&polygons=500&masks=10

import { offer } from "./gestures.js";

const asked = new URLSearchParams(location.search);
const stage = /** @type {HTMLElement} */ (document.getElementById("stage"));
const [polygons, masks] = [Number(asked.get("polygons") ?? 500), Number(asked.get("masks") ?? 10)];
const { show } = await import(`./${asked.get("painter") ?? "ours"}.js`);
offer(await show(stage, polygons, masks));
