// @ts-check
// Files out of what was chosen or dropped, folders included, each with its path inside.

/** @typedef {{file: File, path: string}} Found */

/**
 * @param {FileList | null} files
 * @returns {Found[]}
 */
export function chosenFiles(files) {
  return kept([...(files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
}

/**
 * What was dropped, with all that is in dropped folders. Call it before the event has ended: the browser
 * forgets what was dropped then.
 * @param {DataTransfer | null} dropped
 * @returns {Promise<Found[]>}
 */
export async function droppedFiles(dropped) {
  const entries = [...(dropped?.items ?? [])].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return chosenFiles(dropped?.files ?? null);
  const found = await Promise.all(entries.map((entry) => (entry ? filesOf(entry) : [])));
  return kept(found.flat());
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<Found[]>}
 */
async function filesOf(entry) {
  if (entry.isFile) {
    const one = /** @type {FileSystemFileEntry} */ (entry);
    const file = await new Promise((/** @type {(file: File) => void} */ resolve, reject) => one.file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {Found[]} */
  const found = [];
  while (true) {
    // A reader gives some entries at a time, and none at the end.
    const some = await new Promise((/** @type {(some: FileSystemEntry[]) => void} */ resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (!some.length) return found;
    for (const one of some) found.push(...(await filesOf(one)));
  }
}

/**
 * Leave out what systems put beside files; what is hidden is no media.
 * @param {Found[]} found
 */
function kept(found) {
  return found.filter(({ path }) => !path.split("/").some((part) => part.startsWith(".") || part === "Thumbs.db"));
}

/**
 * The name under which a file of a series is sent: its path below the folder that was chosen, in one piece.
 * @param {Found} found
 */
export function pieceName({ path }) {
  const parts = path.split("/");
  return (parts.length > 1 ? parts.slice(1) : parts).join("__");
}

/**
 * The folder that all of them lie in, or nothing.
 * @param {Found[]} found
 */
export function folderOf(found) {
  const tops = new Set(found.map(({ path }) => (path.includes("/") ? path.split("/")[0] : "")));
  return tops.size === 1 ? ([...tops][0] ?? "") : "";
}
