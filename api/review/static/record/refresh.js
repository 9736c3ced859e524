// Fetches the facts anew and lays them over the old ones: what has the focus keeps it, and what is being typed stays.
// An element that is worked in and must stay as it is has the attribute `hx-morph-skip`.

import { record } from "./desk.js";

export async function refresh() {
  const focused = document.activeElement;
  const keep = [...document.querySelectorAll("#questions > .question")].map((question) => question.dataset.place).join(" ");
  const asked = new URLSearchParams({ keep: keep.slice(0, 4000) });
  await window.htmx.ajax("GET", `/records/${record.id}/facts?${asked}`, { target: "#facts", swap: "innerMorph" });
  if (document.activeElement === document.body && focused.id) {
    document.getElementById(focused.id)?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("desk:refreshed"));
}

/** Whether an element stays as it is when the facts are fetched anew. */
export function keepAsItIs(element, kept) {
  element.toggleAttribute("hx-morph-skip", kept);
}

/** Shows what others did when the record leaves this hand or comes back into it (see lock.js). */
export function watchLock() {
  let begun = false;
  document.addEventListener("lock", ({ detail }) => {
    if (begun || !detail.mine) refresh();
    begun = true;
  });
}
