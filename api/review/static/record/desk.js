// What every part of the record page asks of the page: which record, which version, what has the focus.

const root = document.getElementById("record");

export const record = {
  id: root.dataset.id,
  list: root.dataset.list,
  next: root.dataset.next || "",
  before: root.dataset.before || "",
  after: root.dataset.after || "",
  nextPicture: root.dataset.nextPicture || "",
  path: `/api/records/${root.dataset.id}`,
};

export const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

export function version() {
  return Number(document.getElementById("state").dataset.version);
}

export function setVersion(number) {
  document.getElementById("state").dataset.version = String(number);
}

/** The mark (`f-total`, `r2-level`, `s1`) of the place that an element belongs to; "" for none. */
export function markOf(element) {
  const holder = element instanceof Element ? element.closest("[data-mark]") : null;
  return holder ? holder.dataset.mark : "";
}

export function isValue(element) {
  return element instanceof HTMLInputElement && element.classList.contains("value");
}

export function isDirty(input) {
  return input.value !== input.defaultValue;
}

export function isTyping(element) {
  return element instanceof Element && element.matches("input:not([type=checkbox]), textarea, select");
}

export function questionOf(element) {
  return element instanceof Element ? element.closest(".question") : null;
}
