// What is shown on demand: help, the history of changes, the other records of the mail and the school.

import { record } from "./desk.js";

const help = document.getElementById("help");
const related = document.getElementById("related");
const history = document.getElementById("history"); // kept as it is when the facts are fetched anew
const single = document.getElementById("single-keys");
const REMEMBERED = "yinjian.single-keys";

/** Whether letters alone are keys when nothing is being typed. */
export function singleKeys() {
  return single.checked;
}

export function showHelp() {
  help.showModal();
}

export async function showRelated() {
  related.showModal();
  await window.htmx.ajax("GET", `/records/${record.id}/related`, { target: "#related-list", swap: "innerHTML" });
  related.querySelector("ul a")?.focus();
}

export function toggleHistory() {
  history.open = !history.open;
  if (history.open) history.querySelector("summary").focus();
}

function fetchHistory() {
  if (history.open) window.htmx.ajax("GET", `/records/${record.id}/history`, { target: "#history-list", swap: "innerHTML" });
}

function alongLinks(event) {
  const links = [...related.querySelectorAll("ul a")];
  const at = links.indexOf(document.activeElement);
  const numbered = related.querySelector(`a[data-number="${CSS.escape(event.key)}"]`);
  if (numbered) numbered.click();
  else if (event.key === "ArrowDown") links[at + 1]?.focus();
  else if (event.key === "ArrowUp") links[at - 1]?.focus();
  else return;
  event.preventDefault();
}

export function watchPanels() {
  single.checked = localStorage.getItem(REMEMBERED) !== "off";
  single.addEventListener("change", () => localStorage.setItem(REMEMBERED, single.checked ? "on" : "off"));
  history.addEventListener("toggle", fetchHistory);
  document.addEventListener("desk:refreshed", fetchHistory);
  related.addEventListener("keydown", alongLinks);
}
