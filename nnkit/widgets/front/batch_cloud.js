// Uses plot.js and chance.js.
// The gradients of many mini-batches around the exact one, and how their spread falls with the size of the batch.

const BATCHES = 500;
const WINDOW = [[-6.5, 2.5], [-4.5, 4.5]];

// At the weights w: the gradient of every sample, their mean, and σ, how far one is off.
function sampleGradients({ X, y }, w) {
  const each = X.map((row, k) => {
    const error = row[0] * w[0] + row[1] * w[1] - y[k];
    return [error * row[0], error * row[1]];
  });
  const exact = [0, 1].map((axis) => each.reduce((sum, g) => sum + g[axis], 0) / each.length);
  const squares = each.reduce((sum, g) => sum + (g[0] - exact[0]) ** 2 + (g[1] - exact[1]) ** 2, 0);
  return { each, exact, sigma: Math.sqrt(squares / each.length) };
}

// The gradients of batches, each of as many samples drawn without repetition, and their typical error.
function batchGradients({ each, exact }, size, seed) {
  const source = chance(seed);
  const order = each.map((_, k) => k);
  const found = [];
  let squares = 0;
  for (let b = 0; b < BATCHES; b += 1) {
    const sum = [0, 0];
    for (let k = 0; k < size; k += 1) {
      const other = k + source.below(each.length - k);
      [order[k], order[other]] = [order[other], order[k]];
      sum[0] += each[order[k]][0];
      sum[1] += each[order[k]][1];
    }
    const g = [sum[0] / size, sum[1] / size];
    found.push(g);
    squares += (g[0] - exact[0]) ** 2 + (g[1] - exact[1]) ** 2;
  }
  return { found, spread: Math.sqrt(squares / BATCHES) };
}

function view(kit) {
  const { sizes, best } = kit.material;
  const cloud = axes({ width: 370, height: 362, xLabel: "∂L/∂w₁", yLabel: "∂L/∂w₂", right: 8 });
  const law = axes({
    width: 340, height: 362, xLabel: "batch size B", yLabel: "typical error", xLog: true, yLog: true, xNamed: sizes, right: 14,
  });
  cloud.range(...WINDOW);
  law.range([0.8, 320], [0.03, 10]);
  const dots = shape("path", { fill: "var(--nnkit-gradient)", "fill-opacity": 0.75, class: "nnkit-dots" });
  const wrong = shape("path", { stroke: "var(--nnkit-second)", "stroke-width": 1.8, fill: "none" });
  const border = shape("line", { stroke: "var(--nnkit-axis)", "stroke-dasharray": "5 4" });
  const ring = shape("circle", { fill: "none", stroke: "var(--nnkit-ink)", "stroke-width": 1.6, "stroke-dasharray": "3 3" });
  const needle = shape("g");
  cloud.inside.append(border, dots, wrong, ring, needle);
  const line = shape("polyline", { fill: "none", stroke: "var(--nnkit-axis)", "stroke-width": 1.6, "stroke-dasharray": "6 4" });
  const measured = shape("path", { fill: "var(--nnkit-gradient)" });
  const exactLine = shape("line", { stroke: "var(--nnkit-input)", "stroke-width": 1.8, "stroke-dasharray": "2 4" });
  const exactName = label(law.ends.x[1] - 4, 0, "length of the exact gradient", { "text-anchor": "end" });
  const lawName = label(0, 0, "σ/√B");
  law.inside.append(line, exactLine, measured);
  law.over.append(exactName, lawName);
  const handle = shape("circle", { r: 10, fill: "var(--nnkit-page)", "fill-opacity": 0.3, stroke: "var(--nnkit-ink)", "stroke-width": 2.4 });
  law.handles.append(handle);
  kit.stage.append(beside(cloud.svg, law.svg));

  const nearest = (size) => sizes.reduce((a, b) => (Math.abs(Math.log(b / size)) < Math.abs(Math.log(a / size)) ? b : a));
  const drag = draggable(kit, handle, {
    name: "batch size",
    get: () => [Math.log2(kit.state.batch)],
    set: ([power]) => kit.set({ batch: nearest(2 ** power) }),
    from: (event) => [Math.log2(Math.max(law.from(event)[0], 0.5))],
    step: [1],
    bounds: [0, Math.log2(sizes[sizes.length - 1])],
  });

  let of = "";
  let samples = null;
  let all = null;
  return {
    draw(state) {
      const key = `${state.way} ${state.seed}`;
      if (key !== of) {
        samples = sampleGradients(kit.material, best.map((one) => one * state.way));
        all = new Map(sizes.map((size) => [size, batchGradients(samples, size, state.seed)]));
        of = key;
      }
      const { exact, sigma } = samples;
      const { found, spread } = all.get(state.batch);
      const size = Math.hypot(...exact);
      const at = ([x, y]) => [cloud.X(x), cloud.Y(y)];
      const arrived = size < 1e-9;
      const uphill = arrived ? [] : found.filter((g) => g[0] * exact[0] + g[1] * exact[1] < 0);
      const outside = found.filter((g) => g.some((part, axis) => clamp(part, ...WINDOW[axis]) !== part)).length;
      dots.setAttribute("d", marksPath("o", found.filter((g) => !uphill.includes(g)).map(at), 2.6));
      wrong.setAttribute("d", uphill.map(at).map(([x, y]) => `M${x - 3},${y - 3}l6,6M${x - 3},${y + 3}l6,-6`).join(""));
      const [cx, cy] = at(exact);
      attributesOf(ring, { cx, cy, r: cloud.X(spread) - cloud.X(0) });
      const [ox, oy] = at([0, 0]);
      needle.replaceChildren(arrow(ox, oy, cx, cy, "var(--nnkit-input)", 3));
      const side = !arrived ? [(-exact[1] / size) * 20, (exact[0] / size) * 20] : [0, 0];
      const [[x1, y1], [x2, y2]] = [at(side), at(side.map((one) => -one))];
      attributesOf(border, { x1, y1, x2, y2 });

      line.setAttribute("points", linePath([0.8, 320].map((B) => [law.X(B), law.Y(sigma / Math.sqrt(B))])));
      measured.setAttribute("d", marksPath("o", sizes.map((B) => [law.X(B), law.Y(all.get(B).spread)]), 4));
      attributesOf(exactLine, { x1: law.ends.x[0], x2: law.ends.x[1], y1: law.Y(size), y2: law.Y(size) });
      exactName.style.display = size < 0.04 ? "none" : "";
      exactName.setAttribute("y", law.Y(size) - 6);
      attributesOf(lawName, { x: law.X(1.4), y: law.Y(sigma / Math.sqrt(1.4)) - 10 });
      attributesOf(handle, { cx: law.X(state.batch), cy: law.Y(spread) });
      drag.show();
      handle.setAttribute("aria-valuetext", `batch of ${state.batch}`);

      const count = kit.material.y.length;
      const fewer = state.batch < 64 ? "" : `, a little less for batches in which no sample comes twice: ${number(
        (sigma / Math.sqrt(state.batch)) * Math.sqrt((count - state.batch) / (count - 1)))}`;
      const exactly = arrived
        ? "The exact gradient is 0 here: all that is left is noise."
        : `The exact gradient has length ${number(size)}; ${uphill.length} of the ${BATCHES} lead uphill (crosses).`;
      const told = `${BATCHES} batches of ${state.batch}: typical error ${number(spread)}. The law says σ/√B = ${number(sigma)}/√${state.batch} = ${number(sigma / Math.sqrt(state.batch))}${fewer}. `
        + exactly;
      kit.say(told + (outside ? ` ${outside} lie outside the picture.` : ""));
      cloud.tell(`The gradients of ${BATCHES} batches around the exact one, an arrow. ${told}`);
      law.tell(`The typical error over the size of the batch, both logarithmic: points along a line that falls by half for four times as many samples.`);
    },
  };
}
