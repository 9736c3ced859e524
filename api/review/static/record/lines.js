// What was read on the pages: a click on a line takes its text into the value in hand.

import { record } from "./desk.js";
import { within } from "./geometry.js";

const pages = new Map();

async function fetched(number) {
  if (!pages.has(number)) {
    const answer = fetch(`${record.path}/pages/${number}/lines.json`).then((told) => (told.ok ? told.json() : { lines: [] }));
    pages.set(number, answer.catch(() => ({ lines: [] })));
  }
  return pages.get(number);
}

/** The text of the line at a place of a page; "" where there is none. */
export async function textAt(number, point) {
  const { lines } = await fetched(number);
  const hits = lines.filter((line) => within(point, line.quad));
  const size = ({ box: [x0, y0, x1, y1] }) => (x1 - x0) * (y1 - y0);
  return hits.sort((one, other) => size(one) - size(other))[0]?.text || "";
}

/** The part of a line that a value of this kind may be: without its label, figures only where figures belong. */
export function fitting(text, kind) {
  const value = text.replace(/^.{1,12}[：:]\s*(?=\S)/u, "");
  const found = { number: /\d+(?:\.\d+)?/, code: /\d[\d\s-]{3,}\d/, date: /\d{4}\s*[年./-].*/ }[kind]?.exec(value);
  return found ? found[0].trim() : value.trim();
}

/** Has the lines of the pages that are shown fetched ahead of a click. */
export function watchLines() {
  document.addEventListener("desk:page", ({ detail }) => fetched(detail));
}
