// The page pictures (OpenSeadragon): one page at a time, its boxes laid over it, the place in hand framed.

import { calm, record } from "./desk.js";
import { closeUp, fractionAt, outline, topLeft } from "./geometry.js";

const { OpenSeadragon } = window;
const figures = [...document.querySelectorAll(".figures figure")];
const label = document.createElement("span");
label.className = "boxlabel";

let osd = null;
let page = 0;
let shown = ""; // the mark in hand
let overlays = new Map();

/** Shows the viewer in place of the plain pictures; clicked is called with (fraction x, y, page, event). */
export function openViewer(clicked) {
  const element = document.getElementById("viewer");
  if (!figures.some((figure) => figure.dataset.picture)) return;
  document.querySelector(".sheets").classList.add("live");
  for (const hidden of document.querySelectorAll(".tools, .viewer, .strip")) hidden.hidden = false;
  withoutInlineStyle();
  osd = new OpenSeadragon.Viewer({
    element,
    drawer: "canvas",
    showNavigationControl: false,
    animationTime: calm.matches ? 0 : 0.4,
    springStiffness: 9,
    immediateRender: true,
    visibilityRatio: 0.4,
    minZoomImageRatio: 0.7,
    maxZoomPixelRatio: 5,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: false },
    gestureSettingsTouch: { clickToZoom: false },
  });
  osd.canvas.setAttribute("role", "img");
  osd.canvas.setAttribute("aria-label", "页面图像，方向键移动");
  osd.addHandler("canvas-key", (event) => {
    event.preventDefaultAction = !event.originalEvent.key.startsWith("Arrow");
  });
  osd.addHandler("canvas-click", (event) => {
    if (event.quick) clicked(...pointAt(event.position), page, event.originalEvent);
  });
  osd.addHandler("open", opened);
  calm.addEventListener("change", () => (osd.viewport.centerSpringX.animationTime = calm.matches ? 0 : 0.4));
  showPage(Math.max(1, figures.findIndex((figure) => figure.dataset.picture) + 1));
}

/** OpenSeadragon would add a style element, which our policy forbids; it does not where it believes to have done so. */
function withoutInlineStyle() {
  const believed = document.createElementNS("urn:yinjian", "style");
  believed.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(believed);
}

export function showPage(number) {
  const figure = figures[number - 1];
  if (!osd || !figure || number === page) return;
  page = number;
  for (const button of document.querySelectorAll(".strip button")) {
    if (Number(button.dataset.page) === number) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  const counter = document.getElementById("page-number");
  if (counter) counter.textContent = String(number);
  document.getElementById("page-file").textContent = figure.dataset.file;
  overlays.clear();
  if (figure.dataset.picture) osd.open({ type: "image", url: figure.dataset.picture, buildPyramid: true });
  else osd.close();
  document.dispatchEvent(new CustomEvent("desk:page", { detail: number }));
}

export function turnPage(by) {
  showPage(page + by);
}

function ratio() {
  const size = osd.world.getItemAt(0).getContentSize();
  return size.y / size.x;
}

function opened() {
  osd.viewport.setRotation(Number(figures[page - 1].dataset.turn), true);
  osd.viewport.goHome(true);
  const svg = figures[page - 1].querySelector("svg");
  if (svg) {
    const holder = overlays.get(page) || document.createElement("div");
    holder.className = "boxes";
    holder.append(svg.cloneNode(true));
    for (const link of holder.querySelectorAll("a")) link.replaceWith(plain(link));
    holder.querySelector("svg").setAttribute("aria-hidden", "true");
    overlays.set(page, holder);
    osd.addOverlay({ element: holder, location: new OpenSeadragon.Rect(0, 0, 1, ratio()) });
  }
  if (shown) frame(shown);
}

/** A box without its link: beside it is its value, which the keyboard reaches. */
function plain(link) {
  const group = document.createElementNS(link.namespaceURI, "g");
  group.setAttribute("class", link.getAttribute("class"));
  group.dataset.mark = link.dataset.mark;
  group.append(...link.childNodes);
  return group;
}

/** Fractions of the page under a point of the viewer's element. */
function pointAt(position) {
  return fractionAt(osd.viewport.pointFromPixel(position), ratio());
}

/** Zooms to the place of a mark and frames it. Nothing moves when it is well in sight already. */
export function frame(mark) {
  shown = mark;
  if (!osd) return;
  const place = outline(figures, mark);
  if (!place) return light(mark);
  if (place.page !== page) return showPage(place.page); // comes back here once it is open
  if (!osd.world.getItemCount()) return;
  light(mark);
  name(place);
  const wanted = closeUp(place.box, ratio(), osd.viewport);
  if (wanted) osd.viewport.fitBounds(new OpenSeadragon.Rect(...wanted), calm.matches);
}

function light(mark) {
  for (const box of document.querySelectorAll(".boxes .mark, .figures .mark")) {
    const on = box.dataset.mark === mark || box.dataset.mark.startsWith(`${mark}-`);
    box.classList.toggle("now", Boolean(mark) && on);
  }
}

function name(place) {
  label.textContent = place.label;
  osd.removeOverlay(label);
  const [x, y] = topLeft(place.box, osd.viewport.getRotation());
  osd.addOverlay({
    element: label,
    location: new OpenSeadragon.Point(x, y * ratio()),
    placement: OpenSeadragon.Placement.BOTTOM_LEFT,
    rotationMode: OpenSeadragon.OverlayRotationMode.NO_ROTATION,
  });
}

/** Colours the boxes as the facts beside them are now. */
export function recolour() {
  for (const box of document.querySelectorAll(".boxes .mark")) {
    const mark = CSS.escape(box.dataset.mark);
    const holder = document.querySelector(`#facts .question[data-place="${mark}"], #facts .cell[data-mark="${mark}"]`);
    for (const severity of ["error", "warning"]) {
      box.classList.toggle(severity, Boolean(holder && holder.classList.contains(severity)));
    }
  }
}

export function zoom(factor) {
  if (osd) osd.viewport.zoomBy(factor, undefined, calm.matches).applyConstraints();
}

export function fit() {
  if (osd) osd.viewport.goHome(calm.matches);
}

export function turn(by) {
  if (osd) osd.viewport.setRotation(osd.viewport.getRotation() + by, true);
}

export function toggleBoxes() {
  const hidden = document.querySelector(".sheets").classList.toggle("bare");
  document.querySelector("[data-do=boxes]").setAttribute("aria-pressed", String(!hidden));
}

/** Has the next record's first page fetched while this one is worked on. */
export function preload() {
  if (!record.nextPicture) return;
  const fetchIt = () => (new Image().src = record.nextPicture);
  if ("requestIdleCallback" in window) requestIdleCallback(fetchIt, { timeout: 3000 });
  else setTimeout(fetchIt, 1500);
}
