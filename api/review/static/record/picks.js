// Candidates, offered digits and other readings: picked by a click or by their number. Another entry of the register is
// found by typing.

import { isDirty, isTyping, isValue, questionOf } from "./desk.js";
import { keepAsItIs } from "./refresh.js";
import { findingPath, send } from "./save.js";
import { countAnswered, countOpen, goOn } from "./walk.js";

const facts = document.getElementById("facts");

async function pick(button) {
  const question = questionOf(button);
  if (question) {
    countAnswered(question);
    goOn(question);
  } else closeChoice(button.closest("details"));
  const done = await sendPick(button);
  if (!done) countOpen(question);
}

function closeChoice(details) {
  if (!details) return;
  details.open = false;
  keepAsItIs(details, false);
}

function sendPick(button) {
  const { pick: kind, key, name } = button.dataset;
  const said = { said: `已采用：${name}` };
  if (kind === "mark") {
    const { kind: what, place } = button.dataset;
    const told = what === "seal" ? { seal: Number(place), owner: key } : { signature: Number(place), state: key };
    return send("POST", "/marks", told, said);
  }
  if (kind === "offer") return send("POST", findingPath(JSON.parse(button.dataset.finding), "offer"), { choice: Number(key) }, said);
  if (kind === "reading") {
    const { field, row } = questionOf(button).querySelector("input.value").dataset;
    return send("PATCH", "/values", { changes: [{ field, row: row ? Number(row) : null, text: key }] }, said);
  }
  const { kind: what, row } = button.closest(".picks").dataset;
  return send("POST", "/matches", { kind: what, row: row ? Number(row) : null, key }, said);
}

/** Picks the first candidate of a question; false when it has none. */
export function pickFirst(question) {
  const first = question.querySelector("[data-pick=match]");
  if (first) pick(first);
  return Boolean(first);
}

function byNumber(event) {
  if (!/^Digit[1-9]$|^Numpad[1-9]$/.test(event.code) || event.ctrlKey || event.metaKey) return null;
  const holder = questionOf(event.target) || (event.target instanceof Element && event.target.closest("details.chosen[open]"));
  if (!holder) return null;
  const picks = [...holder.querySelectorAll(".picks [data-number]")];
  const wanted = picks.find((button) => button.dataset.number === event.code.at(-1)) || null;
  if (event.altKey || !isTyping(event.target)) return wanted;
  // In a text that nobody has touched yet a figure picks; where figures are written, they are written.
  const free = isValue(event.target) && event.target.dataset.kind === "text" && !isDirty(event.target);
  return free ? wanted : null;
}

// --- looking into the register ---------------------------------------------------------------------------------------

let asking = 0;

async function search(input) {
  const turn = ++asking;
  const box = input.closest(".picks");
  const query = new URLSearchParams({ kind: input.dataset.choices, q: input.value.trim() });
  const found = query.get("q") ? await fetch(`/api/choices?${query}`).then((answer) => answer.json()) : { items: [] };
  if (turn !== asking) return;
  for (const old of box.querySelectorAll(".found")) old.remove();
  for (const item of (found.items || []).slice(0, 8)) box.append(entry(item));
  input.setAttribute("aria-expanded", String(Boolean(found.items?.length)));
}

function entry(item) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "pick found";
  Object.assign(button.dataset, { pick: "match", key: item.key, name: item.name });
  const what = document.createElement("span");
  what.className = "what";
  what.textContent = item.name;
  const more = document.createElement("small");
  more.textContent = [item.current_name !== item.name ? item.current_name : "", item.city].filter(Boolean).join(" · ");
  what.append(" ", more);
  button.append(what);
  return button;
}

function among(event) {
  const buttons = [...event.target.closest(".picks").querySelectorAll("button.pick")];
  const at = buttons.indexOf(event.target);
  const next = buttons[at + (event.key === "ArrowDown" || event.key === "ArrowRight" ? 1 : -1)];
  if (next) next.focus();
  else if (at === 0) event.target.closest(".picks").querySelector("input")?.focus();
}

export function watchPicks() {
  const toggled = ({ target }) => target.matches("details.chosen") && keepAsItIs(target, target.open);
  facts.addEventListener("toggle", toggled, true); // it does not bubble
  facts.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pick]");
    if (button) pick(button);
  });
  facts.addEventListener("input", (event) => {
    if (event.target.matches("[data-choices]")) search(event.target);
  });
  facts.addEventListener("keydown", (event) => {
    const chosen = byNumber(event);
    if (chosen) {
      event.preventDefault();
      event.stopPropagation();
      pick(chosen);
    } else if (event.target.matches("button.pick") && event.key.startsWith("Arrow")) {
      event.preventDefault();
      among(event);
    } else if (event.target.matches("[data-choices]") && (event.key === "Enter" || event.key === "ArrowDown")) {
      event.preventDefault();
      const first = event.target.closest(".picks").querySelector(".found");
      if (first && event.key === "Enter") pick(first);
      else if (first) first.focus();
    }
  });
}
