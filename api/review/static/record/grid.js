// The table of rows: arrow keys between cells, rows added and removed, cells pasted from a spreadsheet.

import { isValue } from "./desk.js";
import { send } from "./save.js";
import { focus } from "./walk.js";

const facts = document.getElementById("facts");
let here = null;

function cells() {
  return [...document.querySelectorAll("#grid tbody tr")].map((row) => [...row.querySelectorAll("input.value")]);
}

function place(input) {
  const rows = cells();
  const row = rows.findIndex((line) => line.includes(input));
  return row < 0 ? null : { row, column: rows[row].indexOf(input), rows };
}

function move(event) {
  const at = place(event.target);
  if (!at) return false;
  const input = event.target;
  const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const first = whole || (input.selectionStart === 0 && input.selectionEnd === 0);
  const last = whole || input.selectionStart === input.value.length;
  const wanted = {
    ArrowUp: () => at.rows[at.row - 1]?.[at.column],
    ArrowDown: () => at.rows[at.row + 1]?.[at.column],
    ArrowLeft: () => first && (at.rows[at.row][at.column - 1] || at.rows[at.row - 1]?.at(-1)),
    ArrowRight: () => last && (at.rows[at.row][at.column + 1] || at.rows[at.row + 1]?.[0]),
  }[event.key]?.();
  if (wanted) focus(wanted);
  return Boolean(wanted);
}

/** Adds an empty row below the one last worked in, or at the end. */
export async function addRow() {
  const at = (here ? here.row + 1 : cells().length) + 1;
  if (!(await send("POST", "/rows", { action: "add", at, rows: [{}] }, { said: `已在第 ${at} 行加入空行` }))) return;
  const added = cells()[at - 1]?.[0];
  if (added) focus(added);
}

export async function removeRow() {
  const rows = cells();
  if (!rows.length) return;
  const at = here ? here.row : rows.length - 1;
  if (!(await send("POST", "/rows", { action: "remove", at: at + 1, count: 1 }, { said: `已删除第 ${at + 1} 行，可撤销` }))) return;
  const left = cells();
  const near = left[Math.min(at, left.length - 1)]?.[0];
  if (near) focus(near);
}

function paste(event) {
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const at = isValue(event.target) && place(event.target);
  if (!at || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const count = text.split("\n").length;
  send("POST", "/rows", { action: "paste", at: at.row + 1, column: event.target.dataset.field, text }, { said: `已粘贴 ${count} 行，可撤销` });
}

export function watchGrid() {
  facts.addEventListener("focusin", (event) => {
    const at = isValue(event.target) && place(event.target);
    if (at) here = { row: at.row, column: at.column };
  });
  facts.addEventListener("keydown", (event) => {
    if (!event.target.closest("#grid") || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing) return;
    if (event.key.startsWith("Arrow") && move(event)) event.preventDefault();
  });
  facts.addEventListener("paste", paste);
}
