// The plane of two inputs, and where its grid, its four points and the lines of two neurons are on their way through
// the hidden layer: first moved by the weights (z = xW₁ + b₁), then bent by the activation (h = φ(z)).

const SIDE = 350; // of each plane, in pixels
const EDGE = { left: 34, right: 6, top: 30, bottom: 34 };
const BENDS = {
  identity: (z) => z,
  step: (z) => (z > 0 ? 1 : 0),
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  ReLU: (z) => Math.max(0, z),
};
const CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]];
const WANTED = [false, true, true, false];
const LOOKS = [
  { stroke: "var(--nnkit-weight)", "stroke-width": 2.4 },
  { stroke: "var(--nnkit-second)", "stroke-width": 2.4, "stroke-dasharray": "9 4" },
];
const LAST = { stroke: "var(--nnkit-ink)", "stroke-width": 2.4, "stroke-dasharray": "9 3 2 3" };
const LENGTH = 90; // pixels of an arrow that is infinitely long

// ---- the network ----------------------------------------------------------------------------------------------------

const summed = ([x1, x2], { W1, b1 }) => [0, 1].map((m) => x1 * W1[0][m] + x2 * W1[1][m] + b1[m]);
const bent = (z, { activation }) => z.map(BENDS[activation]);
const answered = ([h1, h2], { W2, b2 }) => h1 * W2[0][0] + h2 * W2[1][0] + b2[0];
const between = (start, end, share) => start.map((value, index) => value + share * (end[index] - value));

function onTheWay(x, state, z = summed(x, state)) {
  return state.stage <= 1 ? between(x, z, state.stage) : between(z, bent(z, state), state.stage - 1);
}

// Whether a straight line separates the images: exactly if the join of the yeses does not meet that of the noes.
function separable([a, c, d, b]) {
  const distance = (point, start, end) => {
    const along = [end[0] - start[0], end[1] - start[1]];
    const length = along[0] ** 2 + along[1] ** 2;
    const off = [point[0] - start[0], point[1] - start[1]];
    const share = length ? clamp((off[0] * along[0] + off[1] * along[1]) / length, 0, 1) : 0;
    return Math.hypot(off[0] - share * along[0], off[1] - share * along[1]);
  };
  const side = (point, start, end) => (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0]);
  if (Math.min(distance(a, c, d), distance(b, c, d), distance(c, a, b), distance(d, a, b)) <= 1e-9) return false;
  return !(side(a, c, d) * side(b, c, d) < 0 && side(c, a, b) * side(d, a, b) < 0);
}

const listed = (words) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0]);
const named = ([x1, x2]) => `(${x1}, ${x2})`;

function sentence(state, images, outputs) {
  const wrong = [0, 1, 2, 3].filter((n) => (outputs[n] > 0.5) !== WANTED[n]);
  const said = `${4 - wrong.length} of 4 points are on the right side`;
  if (!wrong.length) return `${said}: in (h₁, h₂) one straight line separates the squares from the circles.`;
  const which = `${said}; ${listed(wrong.map((n) => named(CORNERS[n])))} ${wrong.length === 1 ? "is" : "are"} not: `
    + `ŷ = ${listed(wrong.map((n) => number(outputs[n])))}.`;
  if (separable(images)) return `${which} A straight line could separate these images.`;
  const flat = state.activation === "identity" ? "With the identity nothing folds, and no" : "No";
  return `${which} ${flat} straight line can separate these images.`;
}

// ---- planes ---------------------------------------------------------------------------------------------------------

// Axes around a square piece of the plane, whose middle is (½, ½).
function plane(words) {
  const svg = picture(SIDE, SIDE, words, { role: "group", "font-size": 13 });
  const clip = newId();
  const inner = { x: EDGE.left, y: EDGE.top, width: SIDE - EDGE.left - EDGE.right, height: SIDE - EDGE.top - EDGE.bottom };
  svg.append(shape("clipPath", { id: clip }, shape("rect", inner)));
  const frame = shape("rect", { ...inner, fill: "none", stroke: "var(--nnkit-axis)" });
  const ticks = shape("g", { "aria-hidden": "true" });
  const title = shape("text", { x: (EDGE.left + SIDE - EDGE.right) / 2, y: 18, "text-anchor": "middle", "font-size": 14 });
  const across = shape("text", { x: (EDGE.left + SIDE - EDGE.right) / 2, y: SIDE - 2, "text-anchor": "middle" });
  const up = shape("text", { transform: `translate(12 ${(EDGE.top + SIDE - EDGE.bottom) / 2}) rotate(-90)`, "text-anchor": "middle" });
  const drawn = shape("g", { "clip-path": `url(#${clip})`, "aria-hidden": "true" });
  // Words stand on the page's colour, so that the lines beneath leave them readable.
  const words_ = shape("g", { "aria-hidden": "true", stroke: "var(--nnkit-page)", "stroke-width": 3.5, "stroke-linejoin": "round", "paint-order": "stroke" });
  const handles = shape("g");
  svg.append(frame, ticks, title, across, up, drawn, words_, handles);
  const made = { svg, drawn, words: words_, handles, inner };

  made.show = (half, { heading, names }) => {
    made.half = half;
    made.x = scale([0.5 - half, 0.5 + half], [inner.x, inner.x + inner.width]);
    made.y = scale([0.5 - half, 0.5 + half], [inner.y + inner.height, inner.y]);
    made.unit = inner.width / (2 * half);
    title.textContent = heading;
    [across.textContent, up.textContent] = names;
    const gap = [1, 2, 5, 10, 20].find((step) => half / step < 3.5) ?? 20;
    const marks = [];
    for (let at = Math.ceil((0.5 - half) / gap) * gap; at <= 0.5 + half; at += gap) {
      marks.push(
        shape("text", { x: made.x(at), y: SIDE - EDGE.bottom + 15, "text-anchor": "middle" }, number(at)),
        shape("text", { x: EDGE.left - 5, y: made.y(at) + 4, "text-anchor": "end" }, number(at)),
      );
    }
    ticks.replaceChildren(...marks);
  };
  made.path = (points) => `M${points.map(([x, y]) => `${made.x(x).toFixed(1)} ${made.y(y).toFixed(1)}`).join("L")}`;
  return made;
}

// Two far ends of the line w·x + b = 0, or null.
function farEnds(w, b) {
  const size = w[0] ** 2 + w[1] ** 2;
  if (size < 1e-12) return null;
  const foot = w.map((one) => (-b * one) / size);
  const along = [-w[1] / Math.sqrt(size), w[0] / Math.sqrt(size)];
  return [-60, 60].map((far) => [foot[0] + far * along[0], foot[1] + far * along[1]]);
}

// The part of the picture where w·x + b is above 0: its corners there, and where its edges are cut.
function halfPlane(made, w, b) {
  const [low, high] = [0.5 - made.half, 0.5 + made.half];
  const square = [[low, low], [high, low], [high, high], [low, high]];
  const value = (x) => w[0] * x[0] + w[1] * x[1] + b;
  const kept = square.flatMap((corner, index) => {
    const next = square[(index + 1) % 4];
    const [here, there] = [value(corner), value(next)];
    return [...(here > 0 ? [corner] : []), ...(here > 0 !== there > 0 ? [between(corner, next, here / (here - there))] : [])];
  });
  return kept.length ? `${made.path(kept)}z` : "";
}

// The part of the plane where f is above ½, in thin rows, and its border, cell by cell.
function region(made, f) {
  const { half } = made;
  const count = 72;
  const at = (index) => 0.5 - half + (2 * half * index) / count;
  const values = Array.from({ length: count + 1 }, (_, row) => Array.from({ length: count + 1 }, (__, column) => f([at(column), at(row)]) - 0.5));
  const crossing = (first, second) => first / (first - second);
  let area = "";
  const border = [];
  for (let row = 0; row < count; row += 1) {
    const middle = values[row].map((value, column) => (value + values[row + 1][column]) / 2);
    const top = made.y(at(row + 1));
    const height = made.y(at(row)) - top + 0.2;
    let from = middle[0] > 0 ? at(0) : null;
    for (let column = 0; column < count; column += 1) {
      const [left, right] = [middle[column], middle[column + 1]];
      if (left > 0 !== right > 0) {
        const place = at(column + crossing(left, right));
        if (from === null) from = place;
        else { area += bar(from, place); from = null; }
      }
      const corners = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]];
      const hits = [];
      corners.forEach((corner, index) => {
        const next = corners[(index + 1) % 4];
        const [a, b] = [values[corner[1]][corner[0]], values[next[1]][next[0]]];
        if (a > 0 !== b > 0) hits.push(between(corner, next, crossing(a, b)).map(at));
      });
      for (let hit = 0; hit + 1 < hits.length; hit += 2) border.push(made.path([hits[hit], hits[hit + 1]]));
    }
    if (from !== null) area += bar(from, at(count));
    function bar(start, end) {
      return `M${made.x(start).toFixed(1)} ${top.toFixed(1)}H${made.x(end).toFixed(1)}v${height.toFixed(1)}H${made.x(start).toFixed(1)}z`;
    }
  }
  return { area, border: border.join("") };
}

// ---- what is dragged ------------------------------------------------------------------------------------------------

const rounded = (value, step) => clamp(Number((Math.round(value / step) * step).toPrecision(10)), -8, 8);

// A straight line with two handles: one in the line, which shifts it (its bias), and one at the tip of its arrow, which
// turns it about the first and makes it steeper. `limit` is what the sum is compared with on the line.
function movedLine(kit, made, { name, look, label, near, limit, get, set }) {
  const arrow = shape("path", { ...look, "stroke-dasharray": null, fill: "none", "aria-hidden": "true" });
  const text = shape("text", { "text-anchor": "middle" }, label);
  const shift = shape("g", {}, shape("circle", { r: 13, fill: "transparent" }), shape("rect", {
    x: -6, y: -6, width: 12, height: 12, rx: 2, fill: "var(--nnkit-page)", stroke: look.stroke, "stroke-width": 2.4, transform: "rotate(45)",
  }));
  const tip = shape("g", {}, shape("circle", { r: 13, fill: "transparent" }), shape("circle", {
    r: 6, fill: look.stroke, stroke: "var(--nnkit-page)", "stroke-width": 1.5,
  }));
  made.words.append(text);
  made.handles.append(arrow, shift, tip);
  let anchor = null;

  // The point of the line that is nearest to where the handle was; inside the picture.
  const settle = ({ w, b }) => {
    const size = w[0] ** 2 + w[1] ** 2;
    const nearest = (point) => {
      if (size < 1e-12) return point;
      const off = (w[0] * point[0] + w[1] * point[1] + b - limit) / size;
      return [point[0] - off * w[0], point[1] - off * w[1]];
    };
    anchor = nearest(anchor ?? near);
    const outside = () => anchor.some((value) => Math.abs(value - 0.5) > 0.92 * made.half);
    if (outside()) anchor = nearest([0.5, 0.5]);
    if (outside()) anchor = anchor.map((value) => clamp(value, 0.5 - 0.92 * made.half, 0.5 + 0.92 * made.half));
  };
  const at = (event) => {
    const [x, y] = pointIn(made.svg, event);
    return [made.x.back(x), made.y.back(y)];
  };
  const shifted = draggable(kit, shift, {
    name: `bias of ${name}`,
    get: () => [get().b],
    set: ([b]) => set({ ...get(), b: rounded(b, 0.05) }),
    from: (event) => { const [p, { w }] = [at(event), get()]; return [-w[0] * p[0] - w[1] * p[1]]; },
    step: [0.1], bounds: [-8, 8],
  });
  const turned = draggable(kit, tip, {
    name: `weights of ${name}`,
    get: () => get().w,
    set: (wanted) => {
      const w = wanted.map((one) => rounded(one, 0.05));
      set({ w, b: rounded(limit - w[0] * anchor[0] - w[1] * anchor[1], 0.01) });
    },
    from: (event) => {
      const [x, y] = pointIn(made.svg, event);
      const way = [x - made.x(anchor[0]), made.y(anchor[1]) - y];
      const length = Math.min(Math.hypot(...way), 0.92 * LENGTH);
      const size = length / (LENGTH - length);
      return way.map((one) => (one / (Math.hypot(...way) || 1)) * size);
    },
    step: [0.1, 0.1], bounds: [-8, 8],
  });
  return {
    show(visible = true) {
      const value = get();
      settle(value);
      const size = Math.hypot(...value.w);
      const [x, y] = [made.x(anchor[0]), made.y(anchor[1])];
      const length = (LENGTH * size) / (1 + size);
      const way = size ? [value.w[0] / size, -value.w[1] / size] : [0, 0];
      const end = [x + length * way[0], y + length * way[1]];
      arrow.setAttribute("d", `M${x} ${y}L${end[0]} ${end[1]}`);
      attributesOf(text, { x: end[0] + 17 * (way[0] || 0.7), y: end[1] + 17 * (way[1] || -0.7) + 4 });
      shift.setAttribute("transform", `translate(${x} ${y})`);
      tip.setAttribute("transform", `translate(${end[0]} ${end[1]})`);
      for (const node of [arrow, text, shift, tip]) node.style.display = visible ? "" : "none";
      shifted.show();
      turned.show();
    },
  };
}

// A box for one of the nine numbers: typed, or moved by the arrow keys.
function weightBox(kit, words, get, set) {
  const box = element("input", {
    type: "text", inputmode: "decimal", size: 4, role: "spinbutton", "aria-label": words, autocomplete: "off",
    "aria-valuemin": -8, "aria-valuemax": 8, style: "text-align:right",
  });
  const own = { set: (change) => ("value" in change ? set(change.value) : kit.set({})) };
  typedInto(box, own, { name: "value" }, (text) => (Number.isNaN(typedNumber(text)) ? undefined : clamp(typedNumber(text), -8, 8)));
  box.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 0.1, ArrowDown: -0.1 }[event.key];
    if (!way) return;
    event.preventDefault();
    delete box.dataset.typing;
    set(rounded(get() + way * (event.shiftKey ? 10 : 1), 0.01));
  });
  const show = () => {
    attributesOf(box, { "aria-valuenow": get(), "aria-valuetext": number(get()) });
    if (document.activeElement !== box || !box.dataset.typing) box.value = number(get());
  };
  return { box, show };
}

// ---- the widget -----------------------------------------------------------------------------------------------------

function view(kit) {
  const entry = (name, ...place) => ({
    get: () => place.reduce((inner, index) => inner[index], kit.state[name]),
    set: (value) => {
      const copy = structuredClone(kit.state[name]);
      const last = place.slice(0, -1).reduce((inner, index) => inner[index], copy);
      last[place.at(-1)] = value;
      kit.set({ [name]: copy });
    },
  });
  const boxes = [];
  const boxOf = (words, name, ...place) => {
    const { get, set } = entry(name, ...place);
    boxes.push(weightBox(kit, words, get, set));
    return boxes.at(-1).box;
  };
  const bends = [];
  const bend = () => bends[bends.push(element("span")) - 1];
  const swatch = (look) => shape("svg", { width: 34, height: 10, "aria-hidden": "true" }, shape("line", { x1: 1, x2: 33, y1: 5, y2: 5, ...look }));
  const equation = (look, ...parts) => element("div", { class: "nnkit-control", style: "flex-wrap:wrap" }, swatch(look), ...parts);
  const neuron = (m) => equation(
    LOOKS[m], `${["h₁", "h₂"][m]} = `, bend(), "(", boxOf(`weight from x₁ to ${["h₁", "h₂"][m]}`, "W1", 0, m), "x₁ +",
    boxOf(`weight from x₂ to ${["h₁", "h₂"][m]}`, "W1", 1, m), "x₂ +", boxOf(`bias of ${["h₁", "h₂"][m]}`, "b1", m), ")",
  );
  const equations = element(
    "div", { role: "group", "aria-label": "the nine numbers" }, neuron(0), neuron(1),
    equation(
      LAST, "ŷ = ", boxOf("weight from h₁ to ŷ", "W2", 0, 0), "h₁ +", boxOf("weight from h₂ to ŷ", "W2", 1, 0), "h₂ +",
      boxOf("bias of ŷ", "b2", 0), "yes if above ½",
    ),
  );

  const starts = element("div", { class: "nnkit-player", role: "group", "aria-label": "starts that fail" }, "Begin with:");
  for (const [name, start] of Object.entries(kit.material.starts)) {
    starts.append(button(name, () => { play.end(); kit.set({ ...structuredClone(start), stage: 2 }); }));
  }

  // From x by z to h in three seconds.
  let before = null;
  const play = player(kit, {
    forward: () => {
      const now = performance.now();
      const stage = Math.min(2, kit.state.stage + (before === null ? 0 : Math.min(now - before, 100)) / 1500);
      before = now;
      kit.set({ stage });
      return stage < 2;
    },
  });
  play.node.addEventListener("click", () => {
    before = null;
    if (!play.running && kit.state.stage >= 2) kit.set({ stage: 0 });
  }, true);
  const way = element("input", {
    type: "range", min: 0, max: 2, step: 0.02, "aria-label": "from x by z to h",
    oninput: () => { play.end(); kit.set({ stage: Number(way.value) }); },
  });
  const folding = element("div", { class: "nnkit-player", role: "group", "aria-label": "the plane on its way" }, play.node, "x → z → h", way);

  const inputs = plane("The plane of the inputs");
  const behind = plane("The plane behind the hidden layer");
  const planes = element("div", { style: "display:flex;flex-wrap:wrap;gap:6px 12px" }, inputs.svg, behind.svg);
  const key = element(
    "p", { style: "margin:0.2em 0;font-size:90%" },
    "Squares should get a yes, circles a no; a dashed ring marks who is on the wrong side, the shade where the network says yes. ",
    "Right, dots join what belongs together: where the two joins meet, no straight line can separate.",
  );
  kit.stage.append(element("div", { class: "nnkit-controls" }, kit.show("activation"), starts), equations, folding, planes, key);

  const fill = { fill: "var(--nnkit-target)", "fill-opacity": 0.16 };
  const paths = (made, looks) => looks.map((look) => {
    const path = shape("path", { fill: "none", ...look });
    made.drawn.append(path);
    return path;
  });
  const thin = { stroke: "var(--nnkit-axis)", "stroke-width": 0.8 };
  const joins = [{ stroke: "var(--nnkit-input)", "stroke-width": 1.6, "stroke-dasharray": "2 3" }, { stroke: "var(--nnkit-target)", "stroke-width": 1.6, "stroke-dasharray": "2 3" }];
  const [inputsArea, inputsGrid, inputsBorder, ...inputsLines] = paths(inputs, [fill, thin, { ...LAST, "stroke-dasharray": null, "stroke-width": 1.4 }, ...LOOKS]);
  const [behindArea, behindGrid, behindNo, behindYes, behindLast, ...behindLines] = paths(behind, [fill, thin, ...joins, LAST, ...LOOKS]);

  // Squares for yes, circles for no; a ring of dashes around who is on the wrong side.
  const markers = (made) => CORNERS.map((corner, n) => {
    const ring = shape("circle", { r: 13, fill: "none", stroke: "var(--nnkit-gradient)", "stroke-width": 2, "stroke-dasharray": "3 3" });
    const edge = { stroke: "var(--nnkit-page)", "stroke-width": 1.5 };
    const mark = WANTED[n]
      ? shape("rect", { x: -6.5, y: -6.5, width: 13, height: 13, fill: "var(--nnkit-target)", ...edge })
      : shape("circle", { r: 7, fill: "var(--nnkit-input)", ...edge });
    const node = shape("g", { "data-point": named(corner) }, ring, mark);
    const text = shape("text", {}, named(corner));
    made.drawn.append(node);
    made.words.append(text);
    return { node, ring, text };
  });
  const marks = [markers(inputs), markers(behind)];
  const place = (made, all, places, wrong) => all.forEach(({ node, ring, text }, n) => {
    const spot = ([x, y]) => [made.x(x), made.y(y)];
    const [x, y] = spot(places[n]);
    node.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    ring.style.display = wrong[n] ? "" : "none";
    // Points that land in one place share a label.
    const near = places.map((other, index) => index).filter((index) => Math.hypot(spot(places[index])[0] - x, spot(places[index])[1] - y) < 22);
    text.textContent = near[0] === n ? near.map((index) => named(CORNERS[index])).join(" ") : "";
    const right = x > SIDE - 30 - 34 * near.length;
    attributesOf(text, { x: x + (right ? -12 : 11), y: y > EDGE.top + 26 ? y - 12 : y + 24, "text-anchor": right ? "end" : "start" });
  });

  const lines = [0, 1].map((m) => movedLine(kit, inputs, {
    name: ["h₁", "h₂"][m], label: ["h₁", "h₂"][m], look: LOOKS[m], near: [[-0.24, -0.4], [-0.4, -0.24]][m], limit: 0,
    get: () => ({ w: [kit.state.W1[0][m], kit.state.W1[1][m]], b: kit.state.b1[m] }),
    set: ({ w, b }) => {
      const W1 = kit.state.W1.map((old, d) => old.map((value, column) => (column === m ? w[d] : value)));
      kit.set({ W1, b1: kit.state.b1.map((old, column) => (column === m ? b : old)) });
    },
  }));
  const last = movedLine(kit, behind, {
    name: "ŷ", label: "ŷ", look: LAST, near: [-0.3, 1.3], limit: 0.5,
    get: () => ({ w: [kit.state.W2[0][0], kit.state.W2[1][0]], b: kit.state.b2[0] }),
    set: ({ w, b }) => kit.set({ W2: [[w[0]], [w[1]]], b2: [b] }),
  });

  const along = Array.from({ length: 41 }, (_, index) => -0.5 + index / 20);
  const grid = Array.from({ length: 9 }, (_, index) => -0.5 + index / 4).flatMap((at) => [along.map((one) => [one, at]), along.map((one) => [at, one])]);
  const heading = ({ stage, activation }) => {
    if (stage === 0) return "x: nothing has moved yet";
    if (stage < 1) return "from x to z = xW₁ + b₁";
    if (stage === 1) return "z = xW₁ + b₁: moved, still flat";
    if (stage < 2) return `from z to h = ${activation}(z)`;
    return activation === "identity" ? "h = z: moved, still flat" : `h = ${activation}(z)`;
  };

  let weights = null; // of the map on the left, which does not follow the stage
  return {
    draw(state) {
      const images = CORNERS.map((corner) => bent(summed(corner, state), state));
      const outputs = images.map((image) => answered(image, state));
      const wrong = outputs.map((value, n) => value > 0.5 !== WANTED[n]);
      const places = CORNERS.map((corner) => onTheWay(corner, state));
      const arrived = state.stage === 2;
      const said = sentence(state, images, outputs);

      inputs.show(1.25, { heading: "the plane of the inputs", names: ["x₁", "x₂"] });
      const half = Math.max(1.25, 1.14 * Math.max(...places.flat().map((value) => Math.abs(value - 0.5))));
      const letter = state.stage === 0 ? "x" : state.stage === 1 ? "z" : state.stage === 2 ? "h" : "";
      behind.show(half, { heading: heading(state), names: letter ? [`${letter}₁`, `${letter}₂`] : ["", ""] });

      const now = JSON.stringify({ ...state, stage: 0 });
      if (now !== weights) {
        weights = now;
        const { area, border } = region(inputs, (x) => answered(bent(summed(x, state), state), state));
        inputsArea.setAttribute("d", area);
        inputsBorder.setAttribute("d", border);
        inputsGrid.setAttribute("d", grid.map(inputs.path).join(""));
      }
      behindGrid.setAttribute("d", grid.map((line) => behind.path(line.map((x) => onTheWay(x, state)))).join(""));
      behindNo.setAttribute("d", behind.path([places[0], places[3]]));
      behindYes.setAttribute("d", behind.path([places[1], places[2]]));
      [0, 1].forEach((m) => {
        const ends = farEnds([state.W1[0][m], state.W1[1][m]], state.b1[m]);
        inputsLines[m].setAttribute("d", ends ? inputs.path(ends) : "");
        // On the line the neuron's own sum is 0, whatever the rounding.
        const piece = ends ? along.map((_, index) => between(ends[0], ends[1], index / 40)) : [];
        const image = piece.map((x) => onTheWay(x, state, summed(x, state).map((z, other) => (other === m ? 0 : z))));
        behindLines[m].setAttribute("d", ends ? behind.path(image) : "");
      });
      const ends = arrived && farEnds([state.W2[0][0], state.W2[1][0]], state.b2[0] - 0.5);
      behindLast.setAttribute("d", ends ? behind.path(ends) : "");
      behindArea.setAttribute("d", arrived ? halfPlane(behind, [state.W2[0][0], state.W2[1][0]], state.b2[0] - 0.5) : "");

      place(inputs, marks[0], CORNERS, wrong);
      place(behind, marks[1], places, wrong);
      marks[1].forEach(({ node }, n) => attributesOf(node, { "data-h": images[n].join(" "), "data-output": outputs[n] }));
      lines.forEach((line) => line.show());
      last.show(arrived);
      boxes.forEach(({ show }) => show());
      bends.forEach((node) => {
        node.textContent = state.activation;
        node.hidden = state.activation === "identity";
      });
      way.value = state.stage;
      way.setAttribute("aria-valuetext", heading(state));
      behind.svg.setAttribute("aria-label", `The plane behind the hidden layer, ${heading(state)}. ${said}`);
      inputs.svg.setAttribute("aria-label", "The plane of the inputs, shaded where the network says yes, with the lines of h₁ and h₂.");
      kit.say(said);
    },
  };
}
