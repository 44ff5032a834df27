// @ts-check
// The person's session at the server: whose it is now, and the page's token for it.

import { ask } from "../../shared/api.js";

/**
 * Say whether requests of this page are still this person's, and renew the token that signing in anew replaced.
 * @param {{id: number, name: string}} user who opened the page
 * @returns {Promise<string>} empty when they are, else what to do
 */
export async function renewSession(user) {
  const me = await ask("GET", "me/");
  if (me.id !== user.id) return `This browser is signed in as somebody else now. Sign in as ${user.name} again: what you changed is kept here.`;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector('meta[name="csrf-token"]')?.getAttribute("content");
  if (token) document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
  return "";
}
