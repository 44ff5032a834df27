// What is dropped or chosen on the page of media, as uploads. Pure: no page, no server.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenFiles, droppedFiles, folderOf, pieceName } from "../../labeling/static/labeling/pages/folders.js";
import { hindrance, ordersOf } from "../../labeling/static/labeling/pages/orders.js";

const file = (name, size = 10) => ({ name, size });
const found = (path, size) => ({ file: file(path.split("/").at(-1), size), path });

/** An entry as browsers give them for what is dropped; a folder lists its entries in pieces. */
function entry(path, inner) {
  const fullPath = `/${path}`;
  if (!inner) return { isFile: true, isDirectory: false, fullPath, file: (give) => give(file(path.split("/").at(-1))) };
  const createReader = () => {
    const pieces = [inner.slice(0, 2), inner.slice(2), []].filter((piece, place) => piece.length || place === 2);
    return { readEntries: (give) => give(pieces.shift()) };
  };
  return { isFile: false, isDirectory: true, fullPath, createReader };
}

const drop = (...entries) => ({ items: entries.map((one) => ({ webkitGetAsEntry: () => one })), files: [] });

test("a dropped folder gives all files in it, the hidden ones left out", async () => {
  const inner = ["b.png", "c.png", ".DS_Store", "d.png"].map((name) => entry(`a/x/${name}`));
  const dropped = drop(entry("a", [entry("a/1.png"), entry("a/x", inner)]), entry("loose.png"));
  const paths = (await droppedFiles(dropped)).map(({ path }) => path);
  assert.deepEqual(paths, ["a/1.png", "a/x/b.png", "a/x/c.png", "a/x/d.png", "loose.png"]);
});

test("files that are dropped without folders are taken as they are", async () => {
  const dropped = { items: [{ webkitGetAsEntry: () => entry("a.png") }], files: [file("a.png"), file("Thumbs.db")] };
  assert.deepEqual((await droppedFiles(dropped)).map(({ path }) => path), ["a.png"]);
});

test("chosen files of a folder keep their paths", () => {
  const one = { ...file("1.png"), webkitRelativePath: "walk/part/1.png" };
  assert.deepEqual(chosenFiles([one, file("2.png")]).map(({ path }) => path), ["walk/part/1.png", "2.png"]);
});

test("a file of a series is named by its path below the folder", () => {
  assert.equal(pieceName(found("walk/part2/1.png")), "part2__1.png");
  assert.equal(pieceName(found("1.png")), "1.png");
});

test("the folder of a series is the one that all files lie in", () => {
  assert.equal(folderOf([found("walk/1.png"), found("walk/a/2.png")]), "walk");
  assert.equal(folderOf([found("walk/1.png"), found("2.png")]), "");
});

test("without a kind each file is an upload", () => {
  const orders = ordersOf([found("a/1.png"), found("b.zip")], "");
  assert.deepEqual(orders.map(({ name, kind, files }) => [name, kind, files.length]), [["1.png", "", 1], ["b.zip", "", 1]]);
});

test("with a kind loose files are one upload and each archive another", () => {
  const orders = ordersOf([found("w/1.png"), found("w/b.ZIP"), found("w/2.png")], "image_group");
  assert.deepEqual(
    orders.map(({ name, title, kind, files }) => [name, title, kind, files.map((one) => one.name)]),
    [["b.ZIP", "", "image_group", ["b.ZIP"]], ["w", "w", "image_group", ["1.png", "2.png"]]],
  );
});

test("what the server would not take is said before it is sent", () => {
  const [order] = ordersOf([found("1.png", 60), found("2.png", 60)], "image_group");
  assert.equal(hindrance(order, { bytes: 120, files: 2 }), "");
  assert.match(hindrance(order, { bytes: 119, files: 2 }), /larger/);
  assert.match(hindrance(order, { bytes: 0, files: 1 }), /ZIP/);
});
