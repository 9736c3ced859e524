// Boxes and values point at each other: what is under the pointer or has the focus lights up on both sides, and a
// click brings the other side into view. Without this file the links still lead there.
"use strict";

const reduced = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function marked(element) {
  const holder = element instanceof Element ? element.closest("[data-mark]") : null;
  return holder ? holder.dataset.mark : null;
}

function light(mark) {
  for (const element of document.querySelectorAll("[data-mark].on")) element.classList.remove("on");
  if (!mark) return;
  for (const element of document.querySelectorAll(`[data-mark="${CSS.escape(mark)}"]`)) element.classList.add("on");
}

function bring(id) {
  const target = document.getElementById(id);
  if (!target) return false;
  target.scrollIntoView({ block: "center", inline: "nearest", behavior: reduced ? "auto" : "smooth" });
  const link = target.matches("a") ? target : target.querySelector("a");
  (link || target).focus({ preventScroll: true });
  return true;
}

document.addEventListener("pointerover", (event) => light(marked(event.target)));
document.addEventListener("focusin", (event) => light(marked(event.target)));
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
  if (!link || link.classList.contains("skip")) return;
  const id = link.getAttribute("href").slice(1);
  if (bring(id)) event.preventDefault();
  light(marked(link));
});
