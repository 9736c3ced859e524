// Where things lie: boxes in fractions of the page, views in OpenSeadragon's units (the picture's width is 1). Pure.

/** The bounds of a mark's boxes (of all cells, for a row), their page and what they show; null when it has none. */
export function outline(figures, mark) {
  for (const figure of figures) {
    const boxes = [...figure.querySelectorAll(".mark")].filter(
      (box) => box.dataset.mark === mark || (mark && box.dataset.mark.startsWith(`${mark}-`)),
    );
    if (!boxes.length) continue;
    const points = boxes.flatMap((box) =>
      box.querySelector("polygon").getAttribute("points").split(" ").map((point) => point.split(",").map(Number)),
    );
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const label = boxes.length === 1 ? boxes[0].getAttribute("aria-label").split("：")[0] : "";
    return { page: Number(figure.dataset.page), box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], label };
  }
  return null;
}

/** How much of the page's width is seen around a value: half of it, more where there is much room. */
function leastWidth(viewport) {
  return Math.min(0.8, Math.max(0.5, viewport.getContainerSize().x / 2900));
}

/** The view [x, y, width, height] that shows a box at reading size; null when the present view does so well enough. */
export function closeUp([x0, y0, x1, y1], ratio, viewport) {
  const width = Math.min(1.04, Math.max(leastWidth(viewport), (x1 - x0) * 1.5));
  const height = Math.max((y1 - y0) * ratio * 1.8, 0.06);
  const bounds = viewport.getBounds(false);
  const span = Math.max(width, (height * bounds.width) / bounds.height);
  if (seenWell([x0, y0 * ratio, x1, y1 * ratio], bounds, span)) return null;
  const middle = (x0 + x1) / 2;
  const left = Math.max(-0.02, Math.min(middle - span / 2, 1.02 - span));
  const tall = (span * bounds.height) / bounds.width;
  return [left, ((y0 + y1) / 2) * ratio - tall / 2, span, tall];
}

function seenWell([x0, y0, x1, y1], bounds, span) {
  const scale = bounds.width / span;
  const edge = 0.08;
  return (
    scale > 0.6 && scale < 1.45 &&
    x0 > bounds.x + edge * bounds.width && x1 < bounds.x + (1 - edge) * bounds.width &&
    y0 > bounds.y + edge * bounds.height && y1 < bounds.y + (1 - edge) * bounds.height
  );
}

/** The corner of a box that is top left once the page is turned clockwise. */
export function topLeft([x0, y0, x1, y1], degrees) {
  return { 90: [x0, y1], 180: [x1, y1], 270: [x1, y0] }[((degrees % 360) + 360) % 360] || [x0, y0];
}

export function fractionAt(point, ratio) {
  return [point.x, point.y / ratio];
}

/** Whether a point lies in a convex quadrilateral. */
export function within([x, y], quad) {
  let side = 0;
  for (let i = 0; i < 4; i += 1) {
    const [ax, ay] = quad[i];
    const [bx, by] = quad[(i + 1) % 4];
    const cross = Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
    if (cross && side && cross !== side) return false;
    side = side || cross;
  }
  return true;
}
