// A plot in SVG: a frame with ticks, straight or logarithmic, a place inside that clips, and marks as the course has them.

// Pictures that stand side by side where there is room, and beneath each other where there is not.
function beside(...pictures) {
  return element("div", { style: "display:flex;flex-wrap:wrap;gap:4px 18px;align-items:flex-start" }, ...pictures);
}

function powerOfTen(exponent) {
  if (exponent >= -2 && exponent <= 3) return number(10 ** exponent);
  return `10${String(exponent).replace(/./g, (sign) => RAISED[sign])}`;
}

// About `count` round numbers between two bounds.
function roundNumbers(low, high, count) {
  const rough = (high - low) / count;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * ten).find((one) => one >= rough * 0.999);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) found.push(Number((k * step).toPrecision(12)));
  return found;
}

// `range` sets the bounds of both axes and draws the ticks; X and Y lead to places in the picture, `from` an event back.
// What is drawn is one picture with words for whoever does not see it (`tell`); what can be dragged stands in `handles`,
// beside the picture and not in it, so that the keyboard and a screen reader find it.
function axes({ width, height, xLabel, yLabel, xLog = false, yLog = false, left = 56, right = 12, top = 10, bottom = 42, xTicks = 5, yTicks = 5, xNamed = null }) {
  const svg = attributesOf(picture(width, height, ""), { role: null, "aria-label": null });
  const clip = `nnkit-clip-${(controlNumber += 1)}`;
  const inside = shape("g", { "clip-path": `url(#${clip})` });
  const beneath = shape("g");
  const over = shape("g");
  const handles = shape("g");
  const drawing = shape("g", { role: "img", "aria-label": "" });
  const ends = { x: [left, width - right], y: [height - bottom, top] };
  svg.append(drawing, handles);
  drawing.append(
    shape("clipPath", { id: clip }, shape("rect", { x: left, y: top, width: width - left - right, height: height - top - bottom })),
    beneath,
    shape("rect", {
      x: left, y: top, width: width - left - right, height: height - top - bottom, fill: "none", stroke: "var(--nnkit-axis)",
    }),
    inside, over,
  );
  const plot = { svg, inside, over, handles, ends, tell: (words) => attributesOf(drawing, { "aria-label": words }) };
  const log = { x: xLog, y: yLog };
  const ticks = (axis, [low, high], count) => {
    if (!log[axis]) return roundNumbers(low, high, count).map((value) => [value, number(value)]);
    const exponents = [];
    for (let k = Math.ceil(Math.log10(low) - 1e-9); k <= Math.log10(high) + 1e-9; k += 1) exponents.push(k);
    const every = Math.ceil(exponents.length / (count + 1));
    return exponents.filter((k) => k % every === 0).map((k) => [10 ** k, powerOfTen(k)]);
  };
  plot.range = (x, y, xName = xLabel, yName = yLabel) => {
    const place = (axis, bounds) => {
      const inner = scale(log[axis] ? bounds.map(Math.log10) : bounds, ends[axis]);
      const to = (value) => inner(log[axis] ? Math.log10(Math.max(value, 1e-300)) : value);
      to.back = (at) => (log[axis] ? 10 ** inner.back(at) : inner.back(at));
      return to;
    };
    plot.X = place("x", x);
    plot.Y = place("y", y);
    plot.x = x;
    plot.y = y;
    const named = xNamed ? xNamed.map((value) => [value, number(value)]) : ticks("x", x, xTicks);
    beneath.replaceChildren(
      ...named.flatMap(([value, text]) => [
        shape("line", { x1: plot.X(value), x2: plot.X(value), y1: ends.y[0], y2: ends.y[0] + 4, stroke: "var(--nnkit-axis)" }),
        shape("text", { x: plot.X(value), y: ends.y[0] + 17, "text-anchor": "middle", "font-size": 12 }, text),
      ]),
      ...ticks("y", y, yTicks).flatMap(([value, text]) => [
        shape("line", { x1: left - 4, x2: left, y1: plot.Y(value), y2: plot.Y(value), stroke: "var(--nnkit-axis)" }),
        shape("text", { x: left - 7, y: plot.Y(value) + 4, "text-anchor": "end", "font-size": 12 }, text),
      ]),
      shape("text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle", "font-size": 13 }, xName),
      shape("text", {
        x: 13, y: (top + height - bottom) / 2, "text-anchor": "middle", "font-size": 13,
        transform: `rotate(-90 13 ${(top + height - bottom) / 2})`,
      }, yName),
    );
  };
  plot.from = (event) => {
    const [x, y] = pointIn(svg, event);
    return [plot.X.back(x), plot.Y.back(y)];
  };
  return plot;
}

// The points of a line as text; what is not finite ends it.
function linePath(points) {
  const text = [];
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) break;
    text.push(`${clamp(x, -1e5, 1e5).toFixed(2)},${clamp(y, -1e5, 1e5).toFixed(2)}`);
  }
  return text.join(" ");
}

// One path for many marks of a kind: o s D v ^, as matplotlib names them.
function marksPath(kind, points, size) {
  const one = {
    o: (x, y) => `M${x - size},${y}a${size},${size} 0 1 0 ${2 * size},0a${size},${size} 0 1 0 ${-2 * size},0`,
    s: (x, y) => `M${x - size},${y - size}h${2 * size}v${2 * size}h${-2 * size}z`,
    D: (x, y) => `M${x},${y - 1.3 * size}l${1.3 * size},${1.3 * size}l${-1.3 * size},${1.3 * size}l${-1.3 * size},${-1.3 * size}z`,
    v: (x, y) => `M${x - 1.2 * size},${y - size}h${2.4 * size}l${-1.2 * size},${2.1 * size}z`,
    "^": (x, y) => `M${x - 1.2 * size},${y + size}h${2.4 * size}l${-1.2 * size},${-2.1 * size}z`,
  }[kind];
  const round = (value) => Math.round(value * 100) / 100;
  return points
    .filter(([x, y]) => Math.abs(x) < 1e4 && Math.abs(y) < 1e4)
    .map(([x, y]) => one(round(x), round(y)))
    .join("");
}

function star(x, y, size = 9) {
  const corners = Array.from({ length: 10 }, (_, k) => {
    const [angle, radius] = [(k * Math.PI) / 5, k % 2 ? 0.42 * size : size];
    return `${(x + radius * Math.sin(angle)).toFixed(2)},${(y - radius * Math.cos(angle)).toFixed(2)}`;
  });
  return shape("polygon", { points: corners.join(" "), fill: "var(--nnkit-target)", stroke: "var(--nnkit-page)" });
}

// Text that is read on top of lines.
function label(x, y, text, attributes = {}) {
  return shape("text", {
    x, y, "font-size": 12, stroke: "var(--nnkit-page)", "stroke-width": 4, "paint-order": "stroke", "stroke-linejoin": "round",
    ...attributes,
  }, text);
}

function arrow(x1, y1, x2, y2, colour, thick = 2.4) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 0.5) return shape("circle", { cx: x1, cy: y1, r: 3, fill: colour });
  const [ex, ey] = [(x2 - x1) / length, (y2 - y1) / length];
  const head = Math.min(10, 0.6 * length);
  const [bx, by] = [x2 - head * ex, y2 - head * ey];
  const side = 0.45 * head;
  return shape("g", {},
    shape("line", { x1, y1, x2: bx, y2: by, stroke: colour, "stroke-width": thick }),
    shape("polygon", { points: `${x2},${y2} ${bx - side * ey},${by + side * ex} ${bx + side * ey},${by - side * ex}`, fill: colour }));
}
