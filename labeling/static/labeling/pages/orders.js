// @ts-check
// What was chosen, as uploads: each is one request and becomes one media.

import { folderOf, pieceName } from "./folders.js";

/** @typedef {import("./folders.js").Found} Found */
/**
 * @typedef {object} Order
 * @property {string} name what people call it
 * @property {string} kind blank: one file of its own
 * @property {string} title blank: by its file's name
 * @property {{file: File, name: string}[]} files
 */

/**
 * Without a kind each file is an upload. With one, all files together are, but for archives: each holds a
 * series of its own.
 * @param {Found[]} found
 * @param {string} kind
 * @returns {Order[]}
 */
export function ordersOf(found, kind) {
  if (!kind) return found.map((one) => alone(one, ""));
  const archives = found.filter(({ path }) => path.toLowerCase().endsWith(".zip"));
  const loose = found.filter((one) => !archives.includes(one));
  const orders = archives.map((one) => alone(one, kind));
  return loose.length ? [...orders, together(loose, kind)] : orders;
}

/**
 * @param {Found} one
 * @param {string} kind
 * @returns {Order}
 */
function alone({ file }, kind) {
  return { name: file.name, kind, title: "", files: [{ file, name: file.name }] };
}

/**
 * @param {Found[]} loose
 * @param {string} kind
 * @returns {Order}
 */
function together(loose, kind) {
  const folder = folderOf(loose);
  return {
    name: folder || `${loose.length} file${loose.length === 1 ? "" : "s"}`,
    kind,
    title: folder,
    files: loose.map((one) => ({ file: one.file, name: pieceName(one) })),
  };
}

/**
 * Why an upload need not be tried; nothing when it may be.
 * @param {Order} order
 * @param {{bytes: number, files: number}} most
 */
export function hindrance(order, most) {
  const bytes = order.files.reduce((sum, { file }) => sum + file.size, 0);
  if (most.bytes && bytes > most.bytes) return "It is larger than this server takes.";
  if (most.files && order.files.length > most.files) {
    return `These are more than ${most.files} files. Pack them into one ZIP archive.`;
  }
  return "";
}
