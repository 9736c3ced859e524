// The list page by keyboard, with a selection and news of what comes in. Without this file all buttons still work.
import { keys } from "./keys.js";
import { news } from "./news.js";
import { selection } from "./selection.js";

const list = document.getElementById("list");
const picked = list ? selection(list) : null;
keys(list, picked);
news(() => !picked || (picked.count() === 0 && !picked.active()));

const summary = document.getElementById("batch");
if (summary) summary.focus({ preventScroll: true });
if (document.querySelector(".facet") && window.matchMedia("(max-width: 62rem)").matches) {
  for (const facet of document.querySelectorAll(".facet[open]:not(:has([aria-current]))")) facet.open = false;
}
