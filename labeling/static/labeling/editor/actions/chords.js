// @ts-check
// Chords: keys with modifiers, matched by place (`event.code`): Option and a letter type symbols on a Mac.

const MODIFIERS = ["Mod", "Alt", "Shift"];
const MODIFIER_CODES = /^(Control|Shift|Alt|Meta|OS)(Left|Right)?$/;

/** @typedef {{mac: boolean, layout?: Map<string, string> | null}} Platform `layout` says what a code types, where the browser tells */

/** @type {Record<string, string>} codes whose letter is not in their name, on a keyboard of the United States */
const NAMES = {
  Backquote: "`", Minus: "-", Equal: "=", BracketLeft: "[", BracketRight: "]", Backslash: "\\",
  Semicolon: ";", Quote: "'", Comma: ",", Period: ".", Slash: "/",
  ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→",
  Escape: "Esc", Delete: "Del", PageUp: "Page Up", PageDown: "Page Down", ContextMenu: "Menu key",
};

/** What a Mac writes on its keys, where that differs. @type {Record<string, string>} */
const MAC_NAMES = { Backspace: "⌫", Delete: "⌦", Enter: "↩", Escape: "esc", Tab: "⇥" };

/** Chords that browsers keep to themselves. */
const KEPT = new Set(["Mod+KeyW", "Mod+KeyT", "Mod+KeyN", "Mod+KeyQ", "Mod+Shift+KeyW", "Mod+Shift+KeyT", "Mod+Shift+KeyN", "Alt+F4"]);

/** @type {Platform} */
const here = { mac: typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform), layout: null };

/** Ask the browser what the keys of this keyboard type; where it does not tell, the names above stand. */
export async function learnLayout() {
  const keyboard = /** @type {{keyboard?: {getLayoutMap(): Promise<Map<string, string>>}}} */ (navigator).keyboard;
  here.layout = (await keyboard?.getLayoutMap().catch(() => null)) ?? null;
}

/**
 * The chord with its modifiers in the one order that is compared.
 * @param {string} chord such as "Shift+Mod+KeyZ"
 */
export function normal(chord) {
  const parts = chord.split("+");
  const code = parts.at(-1) ?? "";
  return [...MODIFIERS.filter((one) => parts.includes(one)), code].join("+");
}

/**
 * The chord of a key event; null while only modifiers are down, or with the key that is no `Mod` on this platform.
 * @param {{code: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, shiftKey: boolean}} event
 * @param {Platform} [platform]
 * @returns {string | null}
 */
export function chordOf(event, platform = here) {
  if (!event.code || MODIFIER_CODES.test(event.code)) return null;
  const [mod, other] = platform.mac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (other) return null;
  const code = event.code === "NumpadEnter" ? "Enter" : event.code;
  return [mod && "Mod", event.altKey && "Alt", event.shiftKey && "Shift", code].filter(Boolean).join("+");
}

/**
 * The chord as the person's platform writes it: "Ctrl+Shift+Z", or "⇧⌘Z" on a Mac.
 * @param {string} chord
 * @param {Platform} [platform]
 */
export function chordText(chord, platform = here) {
  const parts = normal(chord).split("+");
  const code = parts.pop() ?? "";
  if (code === "Slash" && parts.join() === "Shift" && !platform.layout) return "?";
  const key = keyText(code, platform);
  if (!platform.mac) return [...parts.map((one) => (one === "Mod" ? "Ctrl" : one)), key].join("+");
  // A Mac writes Option, Shift, Command in this order.
  const signs = [parts.includes("Alt") && "⌥", parts.includes("Shift") && "⇧", parts.includes("Mod") && "⌘"];
  return [...signs, key].filter(Boolean).join("");
}

/** @param {string} code @param {Platform} platform */
function keyText(code, { mac, layout }) {
  const typed = layout?.get(code);
  if (typed) return typed.toUpperCase();
  const plain = /^(?:Key([A-Z])|Digit([0-9])|Numpad([0-9]))$/.exec(code);
  if (plain) return plain[1] ?? plain[2] ?? `Num ${plain[3]}`;
  return (mac ? MAC_NAMES[code] : undefined) ?? NAMES[code] ?? code;
}

/**
 * Why a chord cannot be given to an action; empty when it can.
 * @param {string} chord
 */
export function refusalOf(chord) {
  if (KEPT.has(normal(chord))) return `The browser keeps ${chordText(chord)} for itself; choose another key.`;
  if (/(^|\+)(Tab|Escape)$/.test(chord)) return `${chordText(chord)} moves and closes things everywhere; choose another key.`;
  return "";
}
