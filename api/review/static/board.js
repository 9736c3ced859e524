// Draws the table of days as bars, with the programme's windows shaded behind. Without this file the table remains.
const table = document.getElementById("days");
const holder = document.querySelector("[data-chart='days']");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const shade = {
  id: "windows",
  beforeDatasetsDraw(chart, _, options) {
    const { ctx, chartArea, scales } = chart;
    const step = scales.x.width / Math.max(1, options.open.length);
    ctx.fillStyle = colour("--green-soft");
    options.open.forEach((open, n) => {
      if (open) ctx.fillRect(scales.x.left + n * step, chartArea.top, step + 1, chartArea.height);
    });
  },
};

if (table && holder && window.Chart) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  const canvas = document.createElement("canvas");
  holder.append(canvas);
  const bars = (label, at, name) => ({ label, data: rows.map((row) => Number(row[at])), backgroundColor: colour(name) });
  new window.Chart(canvas, {
    type: "bar",
    data: { labels: rows.map((row) => row[0].slice(5)), datasets: [bars("收到", 1, "--link"), bars("审结", 2, "--seal")] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: { x: { grid: { display: false } }, y: { beginAtZero: true, ticks: { precision: 0 } } },
      plugins: { legend: { position: "top", align: "end" }, windows: { open: rows.map((row) => row[3] !== "") } },
    },
    plugins: [shade],
  });
}
