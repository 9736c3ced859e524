// Fetches the facts anew and lays them over the old ones: what has the focus keeps it, and what is being typed stays.

import { markOf, record } from "./desk.js";

export async function refresh() {
  const focused = document.activeElement;
  const mark = markOf(focused);
  const keep = [...document.querySelectorAll("#questions > .question")].map((question) => question.dataset.place).join(" ");
  const asked = new URLSearchParams({ keep: keep.slice(0, 4000) });
  await window.htmx.ajax("GET", `/records/${record.id}/facts?${asked}`, { target: "#facts", swap: "innerMorph" });
  if (!focused.isConnected && document.activeElement === document.body) {
    const same = (focused.id && document.getElementById(focused.id)) || document.querySelector(`#facts [data-mark="${CSS.escape(mark)}"] input`);
    if (same) same.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("desk:refreshed"));
}
