// Losses of one or two weights, their slopes, the rules of nnkit.optim, and maps on which walks are drawn. The formulas
// are those of nnkit/widgets/surfaces.py and nnkit/optim/optimizers.py; a test holds both walks side by side.

const SURFACES = {
  parabola: { loss: (x) => -2 * x + 4 * x * x, slope: (x) => [-2 + 8 * x, 0] },
  hilltop: { loss: (x) => x ** 4 / 4 - x * x + x / 2, slope: (x) => [x ** 3 - 2 * x + 0.5, 0] },
  bowl: { loss: (x, y) => 0.5 * (x * x + y * y), slope: (x, y) => [x, y] },
  valley: { loss: (x, y) => 0.5 * (x * x + 25 * y * y), slope: (x, y) => [x, 25 * y] },
  "bent valley": {
    loss: (x, y) => (1 - x) ** 2 + 10 * (y - x * x) ** 2,
    slope: (x, y) => [-2 * (1 - x) - 40 * x * (y - x * x), 20 * (y - x * x)],
  },
  saddle: { loss: (x, y) => 10 * x * x - 0.5 * y * y + 0.25 * y ** 4, slope: (x, y) => [20 * x, -y + y ** 3] },
  "two valleys": {
    loss: (x, y) => 0.25 * x ** 4 - 0.5 * x * x + 0.1 * x + 0.5 * y * y,
    slope: (x, y) => [x ** 3 - x + 0.1, y],
  },
};

// Colour, dashes and mark of each, whichever of them are shown together.
const LOOKS = {
  SGD: ["gradient", "", "o"],
  momentum: ["second", "7 4", "s"],
  AdaGrad: ["axis", "", "D"],
  RMSProp: ["input", "2 4", "v"],
  Adam: ["target", "9 4 2 4", "^"],
};

const FAR_OUT = 1e4; // a walk that is this far out has left for good
const KEPT_OF_SQUARES = { RMSProp: 0.9, Adam: 0.99 };

// One step for one weight; `kept` holds what the rule remembers of it.
const RULES = {
  SGD: (w, g, kept, t, rate) => w - g * rate,
  momentum: (w, g, kept, t, rate, mu) => {
    kept.d = t === 1 ? g : mu * kept.d + g;
    return w - kept.d * rate;
  },
  AdaGrad: (w, g, kept, t, rate) => {
    kept.s = (kept.s ?? 0) + g * g;
    return w - (g / (Math.sqrt(kept.s) + 1e-10)) * rate;
  },
  RMSProp: (w, g, kept, t, rate) => {
    const rho = KEPT_OF_SQUARES.RMSProp;
    kept.s = (kept.s ?? 0) * rho + g * g * (1 - rho);
    return w - (g / (Math.sqrt(kept.s) + 1e-8)) * rate;
  },
  Adam: (w, g, kept, t, rate, beta1) => {
    const beta2 = KEPT_OF_SQUARES.Adam;
    kept.m = (kept.m ?? 0) + (g - (kept.m ?? 0)) * (1 - beta1);
    kept.v = (kept.v ?? 0) * beta2 + g * g * (1 - beta2);
    const k = Math.sqrt(1 - beta2 ** t);
    return w - (kept.m / (Math.sqrt(kept.v) + k * 1e-8)) * ((rate * k) / (1 - beta1 ** t));
  },
};

// The points of a walk, the start among them; fewer if it leaves for good.
function walkOf(surface, optimizer, start, rate, momentum, steps) {
  const { slope } = SURFACES[surface];
  const rule = RULES[optimizer];
  const points = [[...start]];
  const kept = [{}, {}];
  for (let t = 1; t <= steps; t += 1) {
    const [x, y] = points[t - 1];
    if (!(Math.max(Math.abs(x), Math.abs(y)) < FAR_OUT)) break;
    const g = slope(x, y);
    points.push([rule(x, g[0], kept[0], t, rate, momentum), rule(y, g[1], kept[1], t, rate, momentum)]);
  }
  return points;
}

// ---- the map ---------------------------------------------------------------------------------------------------------

// Lines of equal height by marching squares, one path for each level.
function contourPaths(loss, x, y, levels, plot, cells = 90) {
  const at = ([low, high], k) => low + ((high - low) * k) / cells;
  const heights = [];
  for (let j = 0; j <= cells; j += 1) for (let i = 0; i <= cells; i += 1) heights.push(loss(at(x, i), at(y, j)));
  const height = (i, j) => heights[j * (cells + 1) + i];
  return levels.map((level) => {
    const text = [];
    for (let j = 0; j < cells; j += 1) {
      for (let i = 0; i < cells; i += 1) {
        const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
        const cuts = [];
        for (let k = 0; k < 4; k += 1) {
          const [a, b] = [corners[k], corners[(k + 1) % 4]];
          const [high, low] = [height(...a) - level, height(...b) - level];
          if (high > 0 === low > 0) continue;
          const share = high / (high - low);
          const px = plot.X(at(x, a[0] + share * (b[0] - a[0])));
          const py = plot.Y(at(y, a[1] + share * (b[1] - a[1])));
          cuts.push(`${px.toFixed(1)},${py.toFixed(1)}`);
        }
        for (let k = 0; k + 1 < cuts.length; k += 2) text.push(`M${cuts[k]}L${cuts[k + 1]}`);
      }
    }
    return text.join("");
  });
}

// Where lines of equal height are named: along the way from the lowest point to a corner, not too close to each other.
function contourNames(loss, place, levels, plot) {
  const names = [];
  let last = -Infinity;
  const end = [place.x[1], place.y[1]];
  let before = loss(...place.minimum);
  for (let k = 1; k <= 400; k += 1) {
    const [x, y] = place.minimum.map((low, axis) => low + ((end[axis] - low) * k) / 400);
    const height = loss(x, y);
    const level = levels.find((one) => before < one && height >= one);
    before = height;
    const [px, py] = [plot.X(x), plot.Y(y)];
    const far = Math.hypot(px - plot.X(place.minimum[0]), py - plot.Y(place.minimum[1]));
    if (level === undefined || far < 24 || far - last < 34 || py < plot.ends.y[1] + 12 || px > plot.ends.x[1] - 16) continue;
    last = far;
    names.push(label(px, py + 4, number(level), { "text-anchor": "middle" }));
  }
  return names;
}

// The ground on which walks are drawn: a map of two weights, or the curve of one.
function drawGround(plot, surface, place) {
  const { loss } = SURFACES[surface];
  plot.range(place.x, place.y, ...(place.weights === 1 ? ["θ", "loss"] : ["x", "y"]));
  const ground = shape("g", { class: "nnkit-ground" });
  if (place.weights === 1) {
    const points = Array.from({ length: 241 }, (_, k) => place.x[0] + ((place.x[1] - place.x[0]) * k) / 240);
    ground.append(shape("polyline", {
      points: linePath(points.map((x) => [plot.X(x), plot.Y(loss(x))])), fill: "none", stroke: "var(--nnkit-axis)", "stroke-width": 1.6,
    }));
    ground.append(star(plot.X(place.minimum[0]), plot.Y(loss(place.minimum[0]))));
    return ground;
  }
  for (const path of contourPaths(loss, place.x, place.y, place.levels, plot)) {
    ground.append(shape("path", { d: path, fill: "none", stroke: "var(--nnkit-axis)", "stroke-width": 1 }));
  }
  ground.append(...contourNames(loss, place, place.levels, plot), star(plot.X(place.minimum[0]), plot.Y(place.minimum[1])));
  return ground;
}

// A start that was dragged, inside of the picture, in thousandths: short in the dictionary that makes it again.
function startAt([x, y], place) {
  const tidy = (value, bounds) => Number(clamp(value, ...bounds).toFixed(3));
  return [tidy(x, place.x), place.weights === 1 ? 0 : tidy(y, place.y)];
}

// Where a point of a walk stands in the picture.
function onGround(plot, surface, place) {
  const { loss } = SURFACES[surface];
  return place.weights === 1 ? ([x]) => [plot.X(x), plot.Y(loss(x))] : ([x, y]) => [plot.X(x), plot.Y(y)];
}

// A walk as a line with a mark at every step.
function walkLine(name, places, { marked = true, thick = 1.8, extra = {} } = {}) {
  const [role, dashes, mark] = LOOKS[name];
  const colour = `var(--nnkit-${role})`;
  const group = shape("g", { "data-walk": name, ...extra });
  group.append(shape("polyline", {
    points: linePath(places), fill: "none", stroke: colour, "stroke-width": thick, "stroke-dasharray": dashes || false,
  }));
  if (marked) group.append(shape("path", { d: marksPath(mark, places, places.length > 80 ? 1.6 : 2.6), fill: colour }));
  return group;
}

// Names beside a piece of their line, in a row.
function legend(names, x, y, wide = 124) {
  return names.map((name, k) => {
    const [role, dashes, mark] = LOOKS[name];
    const at = x + k * wide;
    const colour = `var(--nnkit-${role})`;
    return shape("g", {},
      shape("line", { x1: at, x2: at + 26, y1: y, y2: y, stroke: colour, "stroke-width": 2, "stroke-dasharray": dashes || false }),
      shape("path", { d: marksPath(mark, [[at + 13, y]], 3), fill: colour }),
      shape("text", { x: at + 32, y: y + 4, "font-size": 13 }, name));
  });
}

function lossAbove(surface, place, points) {
  const { loss } = SURFACES[surface];
  const lowest = loss(...place.minimum);
  return points.map(([x, y]) => loss(x, y) - lowest);
}
