// Sending in order, through weather.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { fitting } from "../../labeling/static/labeling/editor/model/leaving.js";
import { Sender } from "../../labeling/static/labeling/editor/model/sender.js";
import { words } from "../../labeling/static/labeling/editor/model/words.js";
import { outboxMade, refusal, rowMade } from "./tasks_made.js";

/** A sender whose answers are given one after the other: a refusal is thrown. */
function senderMade(answers, more = {}) {
  const outbox = outboxMade();
  const heard = [];
  const sender = new Sender(outbox, {
    post: async (row) => {
      heard.push(`post ${row.id}`);
      const answer = answers.shift() ?? {};
      if (answer instanceof Error) throw answer;
      return answer;
    },
    renew: async () => "",
    confirmed: (row, answer) => {
      heard.push(`${answer === null ? "had" : "confirmed"} ${row.id}`);
      outbox.drop(row);
    },
    conflicted: (row) => Boolean(heard.push(`conflict ${row.id}`)),
    refused: (row, error) => {
      heard.push(`refused ${row.id}`);
      outbox.refuse(row, error.message);
    },
    ...more,
  });
  return { outbox, sender, heard };
}

test("one after the other, and then all is saved", async () => {
  const { outbox, sender, heard } = senderMade([]);
  ["a", "b"].forEach((id) => outbox.add(rowMade(id, [])));
  await sender.send();
  assert.deepEqual(heard, ["post a", "confirmed a", "post b", "confirmed b"]);
  assert.equal(sender.state, "saved");
});

test("changes that follow each other are sent a while after the last", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { outbox, sender, heard } = senderMade([]);
    outbox.add(rowMade("a", []));
    sender.soon(1500);
    mock.timers.tick(1400);
    sender.soon(1500);
    mock.timers.tick(1400);
    assert.equal(sender.working, null);
    mock.timers.tick(100);
    await sender.working;
    assert.deepEqual(heard, ["post a", "confirmed a"]);
  } finally {
    mock.timers.reset();
  }
});

for (const status of [0, 429, 500, 503]) {
  test(`${status}: kept, and sent again under the same key`, async () => {
    const { outbox, sender, heard } = senderMade([refusal(status)]);
    outbox.add(rowMade("a", []));
    await sender.send();
    assert.deepEqual([sender.state, outbox.rows.length, outbox.rows[0].attempted], ["offline", 1, true]);
    assert.equal(words({ state: "offline", outbox, sender, autosaves: () => true }), "Offline: 1 change kept here");
    await sender.send();
    clearTimeout(sender.timer);
    assert.deepEqual([heard, sender.state], [["post a", "post a", "confirmed a"], "saved"]);
  });
}

test("signed out: kept until the same person has signed in again", async () => {
  const obstacles = ["Sign in as ana.", ""];
  const { outbox, sender, heard } = senderMade([refusal(401)], { renew: async () => obstacles.shift() });
  outbox.add(rowMade("a", []));
  await sender.send();
  assert.equal(sender.state, "signed-out");
  await sender.send();
  assert.deepEqual([sender.state, sender.sentence], ["signed-out", "Sign in as ana."]);
  await sender.send();
  clearTimeout(sender.timer);
  assert.deepEqual([heard, sender.state], [["post a", "post a", "confirmed a"], "saved"]);
});

test("a token that signing in replaced is renewed once; one that stays refused is said", async () => {
  const csrf = () => Object.assign(refusal(403, "forbidden"), { message: "CSRF Failed: the token is wrong." });
  const once = senderMade([csrf()]);
  once.outbox.add(rowMade("a", []));
  await once.sender.send();
  assert.deepEqual(once.heard, ["post a", "post a", "confirmed a"]);
  const twice = senderMade([csrf(), csrf()]);
  twice.outbox.add(rowMade("a", []));
  await twice.sender.send();
  assert.deepEqual(twice.heard, ["post a", "post a", "refused a"]);
});

test("a refusal is said, what follows is sent, and that something was not saved stays on the page", async () => {
  const { outbox, sender, heard } = senderMade([refusal(422)]);
  ["a", "b"].forEach((id) => outbox.add(rowMade(id, [])));
  await sender.send();
  assert.deepEqual([heard, sender.state], [["post a", "refused a", "post b", "confirmed b"], "saved"]);
  sender.savedAt = new Date(2026, 0, 2, 9, 5);
  assert.equal(words({ state: "saved", outbox, sender, autosaves: () => true }), "Saved 09:05, 1 change refused");
});

test("a conflict stops everything until it is settled", async () => {
  const { outbox, sender, heard } = senderMade([refusal(409, "stale_version")]);
  ["a", "b"].forEach((id) => outbox.add(rowMade(id, [])));
  await sender.send();
  await sender.send();
  assert.deepEqual([heard, sender.state], [["post a", "conflict a"], "conflict"]);
  sender.say("saving");
  await sender.send();
  assert.deepEqual([heard.slice(2), sender.state], [["post a", "confirmed a", "post b", "confirmed b"], "saved"]);
});

test("an undo whose answer was lost is not an error when it is sent again", async () => {
  const { outbox, sender, heard } = senderMade([refusal(0), refusal(409, "already_undone")]);
  outbox.add(rowMade("a", [], { kind: "undo" }));
  await sender.send();
  await sender.send();
  assert.deepEqual([heard, sender.state], [["post a", "post a", "had a"], "saved"]);
});

test("leaving the page takes along what fits, and keeps it all the same", async () => {
  const { outbox, sender } = senderMade([], { leave: (rows) => rows.slice(0, 2) });
  ["a", "b", "c"].forEach((id) => outbox.add(rowMade(id, [])));
  sender.soon(60_000);
  sender.leave();
  clearTimeout(sender.timer);
  await outbox.writing;
  assert.deepEqual(outbox.rows.map(({ attempted }) => attempted), [true, true, false]);
});

test("what goes along when the page is left is not sent one by one beside it", async () => {
  const { outbox, sender, heard } = senderMade([], { leave: (rows) => rows });
  outbox.add(rowMade("a", []));
  sender.soon(60_000);
  sender.leave();
  await sender.send();
  assert.deepEqual(heard, []);
  sender.back();
  await sender.working;
  assert.deepEqual(heard, ["post a", "confirmed a"]);
});

test("one last request holds edits in order, up to an undo and up to its size", () => {
  const rows = ["a", "b", "c"].map((id) => rowMade(id, []));
  const undo = rowMade("d", [], { kind: "undo" });
  const size = JSON.stringify({ key: "a", title: "a", operations: [] }).length + 1;
  assert.deepEqual(fitting([...rows, undo]).map(({ id }) => id), ["a", "b", "c"]);
  assert.deepEqual(fitting(rows, 2 * size).map(({ id }) => id), ["a", "b"]);
  assert.deepEqual(fitting(rows, size - 1), []);
  assert.deepEqual(fitting([undo, ...rows]), [undo]);
  assert.deepEqual(fitting([rows[0], undo, rows[1]]), [rows[0]]);
});

test("without autosave it says how much there is to save", () => {
  const standing = { state: "saving", outbox: { rows: [1, 2], refused: [] }, sender: { savedAt: null, working: null }, autosaves: () => false };
  assert.equal(words(standing), "2 changes to save");
});
