// Axes of a plot inside an SVG picture: where numbers lie, their marks and lines, and a clip that keeps curves inside.

// A few round numbers between two, for an axis.
function roundNumbers(low, high, about = 5) {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const gap = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999);
  const numbers = [];
  for (let k = Math.ceil(low / gap - 1e-9); k * gap <= high + 1e-9 * gap; k += 1) numbers.push(Number((k * gap).toPrecision(10)));
  return numbers;
}

// `box` holds the edges in pixels, `x` and `y` what lies at them, `across` and `up` the numbers with a mark, `labels`
// the names beneath and beside.
function axesIn(svg, { box: { left, right, top, bottom }, x: [x0, x1], y: [y0, y1], across, up, labels }) {
  const x = scale([x0, x1], [left, right]);
  const y = scale([y0, y1], [bottom, top]);
  const clip = newId();
  svg.append(shape("clipPath", { id: clip }, shape("rect", { x: left, y: top, width: right - left + 8, height: bottom - top })));
  const lines = shape("g", { "aria-hidden": "true", stroke: "var(--nnkit-axis)" });
  const word = (text, at) => lines.append(shape("text", { stroke: "none", ...at }, text));
  for (const value of up) {
    lines.append(shape("line", { x1: left, x2: right, y1: y(value), y2: y(value), opacity: value ? 0.3 : 0.8 }));
    word(number(value), { x: left - 8, y: y(value) + 5, "text-anchor": "end" });
  }
  for (const value of across) {
    lines.append(shape("line", { x1: x(value), x2: x(value), y1: top, y2: bottom, opacity: 0.3 }));
    word(number(value), { x: x(value), y: bottom + 20, "text-anchor": "middle" });
  }
  lines.append(shape("path", { fill: "none", d: `M${left} ${top}V${bottom}H${right}` }));
  word(labels[0], { x: (left + right) / 2, y: bottom + 42, "text-anchor": "middle" });
  word(labels[1], { transform: `translate(15 ${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" });
  const curves = shape("g", { fill: "none", "stroke-width": 2.4, "clip-path": `url(#${clip})`, "aria-hidden": "true" });
  svg.append(lines, curves);
  const points = (xs, ys) => [...xs].map((one, at) => [x(one), y(ys[at])]).filter((place) => place.every(Number.isFinite))
    .map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join(" ");
  return { x, y, curves, points };
}
