// Between picture and values: what has the focus is framed, and a click on the picture fills the value in hand.

import { isValue, markOf } from "./desk.js";
import { outline, within } from "./geometry.js";
import { fitting, textAt } from "./lines.js";
import { say } from "./say.js";
import { inHand } from "./values.js";
import { frame, recolour, showPage } from "./viewer.js";
import { focus } from "./walk.js";

const facts = document.getElementById("facts");
const figures = [...document.querySelectorAll(".figures figure")];

/** The smallest box at a place of a page; "" where there is none. */
function markAt(page, point) {
  const found = [...(figures[page - 1]?.querySelectorAll(".mark.value") || [])]
    .map((box) => ({
      mark: box.dataset.mark,
      quad: box.querySelector("polygon").getAttribute("points").split(" ").map((corner) => corner.split(",").map(Number)),
    }))
    .filter(({ quad }) => within(point, quad));
  const size = ({ quad }) => Math.abs((quad[2][0] - quad[0][0]) * (quad[2][1] - quad[0][1]));
  return found.sort((one, other) => size(one) - size(other))[0]?.mark || "";
}

function editorOf(mark) {
  return document.getElementById(`in-${mark}`) || document.getElementById(`cell-${mark}`);
}

/** With a value in hand the text goes there; otherwise, or with Ctrl, a click on a box leads to its value. */
export async function clicked(x, y, page, event) {
  const mark = markAt(page, [x, y]);
  const input = inHand();
  if (mark && (!input || event.ctrlKey || event.metaKey)) {
    const own = editorOf(mark);
    if (own) focus(own);
    return;
  }
  if (!input || input.readOnly) return;
  const text = (await textAt(page, [x, y])) || editorOf(mark)?.value || "";
  if (text) take(input, fitting(text, input.dataset.kind));
  else focus(input);
}

function take(input, text) {
  input.focus({ preventScroll: true });
  input.value = text;
  input.select();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  say(`已取用“${text}”，按 Enter 保存`);
}

/** Marks the place that has the focus on both sides. */
function follow(element) {
  for (const old of facts.querySelectorAll(".now")) old.classList.remove("now");
  const holder = element.closest("#facts [data-mark]");
  if (!holder || !holder.dataset.mark) return;
  holder.classList.add("now");
  const own = isValue(element) ? element.id.replace(/^(in|cell)-/, "") : "";
  frame(own && outline(figures, own) ? own : markOf(element));
}

export function watchPicture() {
  facts.addEventListener("focusin", (event) => follow(event.target));
  document.querySelector(".strip").addEventListener("click", (event) => {
    const button = event.target.closest("[data-page]");
    if (button) showPage(Number(button.dataset.page));
  });
  document.addEventListener("desk:refreshed", () => {
    recolour();
    follow(document.activeElement);
  });
}
