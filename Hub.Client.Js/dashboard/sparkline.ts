const [width, height] = [240, 48];
const svg = "http://www.w3.org/2000/svg";

/** The course of a number, as a line. Beside it stands what it is now, so it is hidden from who does not see. */
export function sparkline(values: readonly (number | null)[]): SVGElement {
  const known = values.filter((value) => value !== null);
  const top = Math.max(...known, 1e-9);
  const points = values
    .map((value, index) =>
      value === null ? "" : `${(index * width) / Math.max(values.length - 1, 1)},${height - 2 - (value / top) * (height - 4)}`,
    )
    .filter((point) => point !== "");
  const drawing = document.createElementNS(svg, "svg");
  drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("class", "spark");
  const line = document.createElementNS(svg, "polyline");
  line.setAttribute("points", points.join(" "));
  drawing.append(line);
  return drawing;
}
