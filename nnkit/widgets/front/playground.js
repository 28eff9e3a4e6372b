// A network to play with: what every neuron answers to every point, the weights between them, the regions, the losses.
// Python trains; this page asks for the next epoch when the last picture is drawn, and draws what comes back.

const NET = { width: 440, height: 372, margin: 30, nodes: [34, 52] };
const REGION = 270;
const CURVES = { width: 270, height: 124 };
const CLASSES = ["input", "second", "target"];
const BEYOND = 8e37; // what is larger travels as about this
const LOST = 3000; // milliseconds after which a question may be given up
const AT_ONCE = 3; // pictures that one question may bring while it plays
const INDEX = ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"];

const lowered = (count) => String(count).replace(/\d/g, (digit) => INDEX[digit]);

// The lines on which a map of size × size numbers is zero, as pairs of places between 0 and 1.
function zeroLines(values, size) {
  const lines = [];
  const at = (index) => (index + 0.5) / size;
  for (let row = 0; row + 1 < size; row += 1) {
    for (let column = 0; column + 1 < size; column += 1) {
      const start = row * size + column;
      const corners = [values[start], values[start + 1], values[start + size + 1], values[start + size]];
      const places = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]];
      const crossed = [];
      for (let side = 0; side < 4; side += 1) {
        const [one, other] = [corners[side], corners[(side + 1) % 4]];
        if (one > 0 === other > 0) continue;
        const share = one / (one - other);
        const [from, to] = [places[side], places[(side + 1) % 4]];
        crossed.push([at(from[0] + share * (to[0] - from[0])), at(from[1] + share * (to[1] - from[1]))]);
      }
      for (let index = 0; index + 1 < crossed.length; index += 2) lines.push([crossed[index], crossed[index + 1]]);
    }
  }
  return lines;
}

// A mark of a class around (x, y): circle, square, triangle.
function mark(kind, x, y, size) {
  if (kind === 0) return `M${x - size} ${y}a${size} ${size} 0 1 0 ${2 * size} 0a${size} ${size} 0 1 0 ${-2 * size} 0`;
  if (kind === 1) return `M${x - size} ${y - size}h${2 * size}v${2 * size}h${-2 * size}z`;
  return `M${x} ${y - 1.2 * size}l${1.2 * size} ${2.1 * size}h${-2.4 * size}z`;
}

function hexadecimal(text) {
  const digits = text.trim().replace("#", "");
  return [0, 2, 4].map((start) => parseInt(digits.slice(start, start + 2), 16));
}

// A canvas beneath a picture, in the picture's own coordinates at the screen's resolution.
function layered(width, height, words, attributes = {}) {
  const canvas = element("canvas", { "aria-hidden": "true" });
  const sharp = Math.min(2, window.devicePixelRatio || 1);
  canvas.width = width * sharp;
  canvas.height = height * sharp;
  const context = canvas.getContext("2d");
  context.scale(sharp, sharp);
  const svg = picture(width, height, words, attributes);
  return { node: element("div", { class: "nnkit-layered", style: `width:${width}px` }, canvas, svg), svg, context };
}

function view(kit) {
  const { layers, units, drawn, largest, open, challenge } = kit.material;
  const may = (name) => open.includes(name);
  kit.root.classList.add("nnkit-playground");

  const losses = { training: [], validation: [] };
  let seen = null; // the picture that is drawn, as Python told it
  let points = null; // and its data
  let coming = []; // the pictures that are not drawn yet
  let committed = !challenge;

  // ---- questions: one at a time, the next when the last is drawn ----------------------------------------------------

  const wants = { begin: false, epochs: 0, others: [] };
  const settings = ({ epochs, edits, ...others }) => JSON.stringify(others);
  let begun = null; // the settings of which the last beginning was asked
  let run = -1;
  let onTheWay = 0; // since when a question is on its way; 0 if there is none
  let asking = 0; // its number
  let midway = false; // whether an epoch is under way in Python
  let gone = false;
  let answered = 0; // how many questions have led to a picture, for whoever measures
  let waiting = []; // who waits for the next picture

  async function send(question, then) {
    asking += 1;
    const mine = asking;
    const asked = performance.now();
    onTheWay = asked;
    const have = coming.length ? coming.at(-1).epochs + 1 : losses.training.length;
    const answer = await kit.ask({ run, have, ...question });
    if (gone || mine !== asking) return;
    onTheWay = 0;
    answer.asked = asked;
    if (answer.problem) {
      wants.epochs = 0;
      wants.others = [];
      play.end();
      kit.complain(answer.problem);
      kit.count();
      release(false);
      return;
    }
    delete kit.root.dataset.problem;
    if (then) then(answer);
    else take(answer);
    pump();
  }

  function take(answer) {
    const pictures = answer.pictures ?? [answer];
    if (pictures.length) pictures[0].asked = answer.asked;
    midway = Boolean(answer.busy);
    if (wants.begin) return; // what comes is of settings that are gone
    if (answer.run !== run) {
      run = answer.run;
      wants.epochs = 0;
      coming = [];
    }
    wants.epochs = Math.max(0, wants.epochs - (answer.pictures ? pictures.length : 0));
    coming.push(...pictures);
    if (coming.length) turn();
    else epoch.textContent = `epoch ${kit.state.epochs + 1}: ${Math.round(100 * answer.busy)} %`;
  }

  // The next picture is drawn with the next frame, together with the state that makes it again.
  function turn() {
    kit.set({ epochs: coming[0].epochs, edits: coming[0].edits });
  }

  function show(picture) {
    if (picture.points) points = { ...picture.points, low: picture.low, side: picture.side };
    for (const name of ["training", "validation"]) {
      losses[name].length = picture.have;
      losses[name].push(...picture[name].map((loss) => loss ?? NaN)); // JSON knows no infinity
    }
    seen = picture;
    if (challenge && picture.prediction !== null && !committed) commit(picture.prediction);
    paint();
    if (picture.asked) {
      answered += 1;
      attributesOf(kit.root, { "data-waited": performance.now() - picture.asked, "data-answered": answered });
    }
  }

  function pump() {
    if (gone || onTheWay) return;
    if (wants.begin) {
      wants.begin = false;
      wants.epochs = 0;
      wants.others = wants.others.filter(([question]) => question.do === "commit"); // the rest was about the old one
      if (verdict.textContent === "…") verdict.textContent = "";
      coming = [];
      send({ do: "begin", settings: { ...kit.state, epochs: 0, edits: [] } });
    } else if (wants.others.length && !midway) {
      if (coming.length) return;
      const [question, then] = wants.others.shift();
      send(question, then);
    } else if (midway || wants.epochs || play.running) {
      if (coming.length > 1) return;
      const many = play.running && pace.value === "many";
      send({ do: "train", epochs: many ? 1000 : 1, pictures: play.running && !many ? AT_ONCE : 1 });
    }
  }

  function release(more) {
    const released = waiting;
    waiting = [];
    released.forEach((go) => go(more));
  }

  // ---- play, step, start again --------------------------------------------------------------------------------------

  const play = player(kit, {
    forward: () => new Promise((go) => {
      waiting.push(go);
      pump();
    }),
  });
  const step = button("Step", () => {
    play.end();
    wants.epochs += 1;
    pump();
  }, { title: "one epoch" });
  const again = button("Start again", () => {
    wants.begin = true;
    if (performance.now() - onTheWay > LOST) onTheWay = 0; // the kernel was interrupted, and will not answer any more
    pump();
  });
  const pace = element("select", { "aria-label": "pace" },
    element("option", { value: "one" }, "1 epoch a picture"), element("option", { value: "many" }, "as many as fit"));
  const epoch = element("span", { class: "nnkit-told" });
  const judge = button("Judge it", () => {
    play.end();
    verdict.textContent = "…";
    ask({ do: "judge" }, judged);
  });
  const tell = button("Tell me", () => ask({ do: "tell" }, (answer) => { verdict.textContent = answer.known; }));
  tell.hidden = true;
  const buttons = element("div", { class: "nnkit-player", role: "group", "aria-label": "training" },
    again, play.node, step, pace, ...(challenge ? [judge, tell] : []), epoch);

  function ask(question, then) {
    wants.others.push([question, then]);
    pump();
  }

  // ---- the challenge ------------------------------------------------------------------------------------------------

  const verdict = element("p", { class: "nnkit-verdict", role: "status" });
  const question = element("fieldset");

  function judged(answer) {
    if ("busy" in answer) {
      ask({ do: "judge" }, judged);
      return;
    }
    const label = element("strong", {}, answer.met ? "Met. " : "Not yet. ");
    verdict.replaceChildren(label, `${answer.verdict} ${answer.known}`.trim());
    kit.root.dataset.met = answer.met;
    tell.hidden = answer.met;
    kit.count();
  }

  function commit(prediction) {
    committed = true;
    question.replaceChildren(element("legend", {}, challenge.question), `Your prediction: ${prediction}.`);
    enable();
  }

  function enable() {
    for (const one of [play.node, step, judge]) one.disabled = !committed;
    box.disabled = !committed || !may("edits");
  }

  function challengeBox() {
    const name = `nnkit-prediction-${Math.round(1e9 * Math.random())}`;
    const ready = () => ask({ do: "commit", prediction: typed() }, (answer) => {
      verdict.textContent = answer.said;
      if (answer.prediction !== null) {
        commit(answer.prediction);
        play.node.focus();
      }
      kit.count();
    });
    const box = element("input", {
      type: "text", size: 8, "aria-label": "my prediction", autocomplete: "off",
      onkeydown: (event) => { if (event.key === "Enter") ready(); },
    });
    const typed = () => (challenge.choices.length ? question.querySelector("input:checked")?.value ?? "" : box.value);
    const ways = challenge.choices.map((choice) =>
      element("label", {}, element("input", { type: "radio", name, value: choice }), ` ${choice}`));
    question.append(element("legend", {}, `${challenge.question} ${challenge.hint}`.trim()),
      ...(ways.length ? ways : [box]), " ", button("Commit", ready));
    const held = ["data", "samples", "noise", "hidden", "activation", "optimizer", "rate", "batch_size", "l1", "l2", "seed"];
    const words = { batch_size: "batch size", hidden: "hidden layers", l1: "L1 penalty", l2: "L2 penalty" };
    const value = (name) => [kit.state[name]].flat().map((one) => (typeof one === "number" ? number(one) : one)).join(" and ");
    const fixed = held.filter((name) => !may(name)).map((name) => `${words[name] ?? name} ${value(name)}`);
    return element("div", { class: "nnkit-challenge" }, element("strong", {}, challenge.title),
      element("p", {}, challenge.task), element("p", { class: "nnkit-beneath" }, `Given: ${fixed.join(", ")}.`), question, verdict);
  }

  // ---- the network --------------------------------------------------------------------------------------------------

  const net = layered(NET.width, NET.height, "the network", { class: "nnkit-net" });
  const sizes = element("div", { class: "nnkit-sizes", style: `width:${NET.width}px;max-width:100%` });
  const depth = sized("hidden layers", "nnkit-depth", () => kit.state.hidden.length, (count) => {
    const { hidden } = kit.state;
    kit.set({ hidden: Array.from({ length: count }, (_, index) => hidden[index] ?? hidden.at(-1) ?? 4) });
  }, [0, layers]);
  depth.node.prepend("hidden layers");
  const small = new Map(); // a canvas for each neuron's map
  let columns = []; // of each layer the places of its neurons
  let node = 0; // how large they are drawn
  let shape_ = ""; // of the network that is drawn
  let edges = [];
  let chosen = { layer: 1, neuron: 1, entry: 1 };
  let near = null; // the edge beneath the pointer
  const marks = shape("g");
  net.svg.append(marks);

  // Buttons that make a number smaller and larger, and a box that takes it typed.
  function sized(name, kind, get, set, [low, high]) {
    const less = button("−", () => set(get() - 1), { "aria-label": `${name}: fewer` });
    const more = button("+", () => set(get() + 1), { "aria-label": `${name}: more` });
    const typed = element("input", { type: "text", inputmode: "numeric", "aria-label": name, autocomplete: "off" });
    const show_ = () => {
      if (!typed.dataset.typing) typed.value = get();
      less.disabled = !may("hidden") || get() <= low;
      more.disabled = !may("hidden") || get() >= high;
      typed.disabled = !may("hidden");
    };
    const commit_ = () => {
      const value = typed.dataset.typing ? Math.round(typedNumber(typed.value)) : NaN;
      delete typed.dataset.typing;
      if (Number.isNaN(value)) show_();
      else set(clamp(value, low, high));
    };
    typed.addEventListener("input", () => (typed.dataset.typing = "yes"));
    typed.addEventListener("blur", commit_);
    typed.addEventListener("keydown", (event) => {
      if (event.key === "Enter") commit_();
      if (event.key === "Escape") { delete typed.dataset.typing; show_(); }
    });
    return { node: element("div", { class: kind, role: "group", "aria-label": name }, less, typed, more), show: show_ };
  }

  let counters = [];
  function buildSizes(hidden) {
    if (counters.length !== hidden.length) {
      counters = hidden.map((_, index) => sized(`neurons of hidden layer ${index + 1}`, "nnkit-size",
        () => kit.state.hidden[index], (count) => {
          kit.set({ hidden: kit.state.hidden.map((before, other) => (other === index ? count : before)) });
        }, [1, units]));
      sizes.replaceChildren(...counters.map(({ node }) => node));
    }
    counters.forEach(({ node, show }, index) => {
      node.style.left = `${(100 * across(index + 1, hidden.length)) / NET.width}%`;
      show();
    });
    depth.show();
  }

  function across(column, hidden) {
    return NET.margin + (column * (NET.width - 2 * NET.margin)) / (hidden + 1);
  }

  function build(counts) {
    const hidden = counts.length - 2;
    const most = Math.min(drawn, Math.max(3, ...counts));
    node = clamp((NET.height - 16) / most - 10, ...NET.nodes);
    if (hidden === layers) [node] = NET.nodes;
    columns = counts.map((count, column) => {
      const shown = Math.min(count, drawn);
      const named = column === 0 || column === counts.length - 1; // there is a name beneath each
      const gap = node + (named ? 32 : 10);
      return Array.from({ length: shown }, (_, index) => [
        across(column, hidden), (NET.height - 16) / 2 + (index - (shown - 1) / 2) * gap,
      ]);
    });
    const half = node / 2;
    edges = [];
    const lines = shape("g");
    for (let layer = 1; layer < counts.length; layer += 1) {
      columns[layer].forEach((to, neuron) => columns[layer - 1].forEach((from, entry) => {
        const line = shape("line", { x1: from[0] + half, y1: from[1], x2: to[0] - half, y2: to[1] });
        edges.push({ layer, neuron: neuron + 1, entry: entry + 1, line, from: [from[0] + half, from[1]], to: [to[0] - half, to[1]] });
        lines.append(line);
      }));
    }
    const frames = columns.flatMap((places, column) => places.map(([x, y], index) => shape("rect", {
      x: x - half, y: y - half, width: node, height: node, rx: 3, fill: "none", stroke: "var(--nnkit-axis)",
      "data-neuron": `${column},${index + 1}`,
    })));
    const names = columns[0].map(([x, y], index) => shape("text", {
      x, y: y + half + 14, "text-anchor": "middle", "font-size": 13,
    }, `x${lowered(index + 1)}`));
    const ends = columns.at(-1).map(([x, y], index) => shape("path", {
      d: mark(index, x, y + half + 9, 4), fill: `var(--nnkit-${CLASSES[index]})`,
    }));
    const more = counts.flatMap((count, column) => (count > drawn
      ? [shape("text", { x: across(column, hidden), y: NET.height - 2, "text-anchor": "middle", "font-size": 12 }, `+ ${count - drawn} more`)]
      : []));
    const bright = shape("line", { class: "nnkit-chosen", stroke: "var(--nnkit-ink)", "stroke-opacity": 0.55, "stroke-linecap": "round" });
    const ring = shape("rect", { width: node + 8, height: node + 8, rx: 5, fill: "none", stroke: "var(--nnkit-ink)", "stroke-width": 2.5 });
    marks.replaceChildren(bright, lines, ...frames, ring, ...names, ...ends, ...more);
    net.bright = bright;
    net.ring = ring;
  }

  const wide = (value) => Math.round(4 * clamp(0.5 + 1.6 * Math.abs(value), 0.5, 8)) / 4 || 0.5;

  function drawNet() {
    const counts = [2, ...seen.weights.map((weights) => weights.size[0])];
    if (String(counts) !== shape_) {
      shape_ = String(counts);
      build(counts);
      near = null;
      if (!exists(chosen)) chosen = { layer: 1, neuron: 1, entry: 1 };
      buildChoice(counts);
    }
    for (const edge of edges) {
      const value = weightOf(edge);
      const look = `${wide(value)}${value < 0 ? "−" : "+"}`;
      if (edge.look === look) continue;
      edge.look = look;
      attributesOf(edge.line, {
        "stroke-width": wide(value),
        stroke: value < 0 ? "var(--nnkit-second)" : "var(--nnkit-weight)",
        "stroke-dasharray": value < 0 ? "5 3" : null,
      });
    }
    const { context } = net;
    context.clearRect(0, 0, NET.width, NET.height);
    const half = node / 2;
    columns.forEach((places, column) => {
      const maps = column ? seen.maps[column - 1] : inputMaps();
      const each = maps.size[1] * maps.size[2];
      let most = 0;
      for (const value of maps) most = Math.max(most, Math.abs(value));
      places.forEach(([x, y], index) => {
        const name = `${column},${index}`;
        if (!small.has(name)) small.set(name, document.createElement("canvas"));
        heat(small.get(name), maps.subarray(index * each, (index + 1) * each), maps.size[2], maps.size[1], most);
        context.drawImage(small.get(name), x - half, y - half, node, node);
      });
    });
    drawChosen();
    net.svg.setAttribute("aria-label", `Network with ${counts.slice(1, -1).join(", ") || "no"} hidden neurons between two `
      + `inputs and ${counts.at(-1)} outputs; each neuron is a small map of its answers.`);
  }

  function inputMaps() {
    const side = seen.maps[0].size[1];
    const maps = Object.assign(new Float32Array(2 * side * side), { size: [2, side, side] });
    for (let row = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1) {
        maps[row * side + column] = points.low[0] + ((column + 0.5) / side) * points.side;
        maps[(side + row) * side + column] = points.low[1] + ((side - row - 0.5) / side) * points.side;
      }
    }
    return maps;
  }

  // ---- one weight: chosen in the picture or in the lists, typed into the box ------------------------------------------

  const exists = ({ layer, neuron, entry }) => {
    const weights = seen?.weights[layer - 1];
    return Boolean(weights) && neuron <= weights.size[0] && entry <= weights.size[1];
  };
  const weightOf = ({ layer, neuron, entry }) => {
    const weights = seen.weights[layer - 1];
    return entry ? weights[(neuron - 1) * weights.size[1] + entry - 1] : seen.biases[layer - 1][neuron - 1];
  };
  const lists = Object.fromEntries([["layer", "layer of the weight"], ["neuron", "into neuron"], ["entry", "from"]].map(([name, label]) =>
    [name, element("select", { "aria-label": label, onchange: () => choose({ ...chosen, [name]: Number(lists[name].value) }) })]));
  const box = element("input", { type: "text", inputmode: "decimal", size: 7, "aria-label": "value of the weight", autocomplete: "off" });
  const weight = element("div", { class: "nnkit-weight", role: "group", "aria-label": "one weight" },
    "Weight into", lists.layer, "neuron", lists.neuron, "from", lists.entry, "is", box);

  box.addEventListener("input", () => (box.dataset.typing = "yes"));
  box.addEventListener("blur", commitWeight);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") commitWeight();
    if (event.key === "Escape") { delete box.dataset.typing; drawChosen(); }
  });

  function commitWeight() {
    if (!box.dataset.typing) return;
    delete box.dataset.typing;
    const value = Number(clamp(typedNumber(box.value), -largest, largest).toPrecision(6));
    if (Number.isNaN(value)) { drawChosen(); return; }
    wants.others.push([{ do: "edit", edit: [chosen.layer, chosen.neuron, chosen.entry, value] }, null]);
    pump();
  }

  function options(list, entries, value) {
    const key = JSON.stringify(entries);
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      list.replaceChildren(...entries.map(([number_, words]) => element("option", { value: number_ }, words)));
    }
    list.value = value;
  }

  function buildChoice(counts) {
    const { layer, neuron, entry } = chosen;
    const count = (upTo) => Array.from({ length: upTo }, (_, index) => [index + 1, String(index + 1)]);
    options(lists.layer, counts.slice(1).map((_, index) =>
      [index + 1, index + 2 === counts.length ? "outputs" : `hidden layer ${index + 1}`]), layer);
    options(lists.neuron, count(counts[layer]), neuron);
    const inputs = layer === 1 ? [[1, "x₁"], [2, "x₂"]] : count(counts[layer - 1]).map(([one, words]) => [one, `neuron ${words}`]);
    options(lists.entry, [...inputs, [0, "its bias"]], entry);
  }

  function choose(wanted, typing = false) {
    const counts = [2, ...seen.weights.map((weights) => weights.size[0])];
    chosen = {
      layer: wanted.layer, neuron: Math.min(wanted.neuron, counts[wanted.layer]), entry: Math.min(wanted.entry, counts[wanted.layer - 1]),
    };
    delete box.dataset.typing;
    buildChoice(counts);
    drawChosen();
    kit.count();
    if (typing && !box.disabled) { box.focus(); box.select(); }
  }

  function drawChosen() {
    if (!seen) return;
    const value = weightOf(chosen);
    if (!box.dataset.typing) {
      const text = Math.abs(value) < BEYOND ? number(value) : value > 0 ? "> 8·10³⁷" : value < 0 ? "< −8·10³⁷" : "nan";
      if (box.value !== text) box.value = text;
    }
    const shown = near ?? chosen;
    const edge = edges.find((one) => one.layer === shown.layer && one.neuron === shown.neuron && one.entry === shown.entry);
    net.bright.style.display = edge ? "" : "none";
    if (edge) {
      attributesOf(net.bright, {
        x1: edge.from[0], y1: edge.from[1], x2: edge.to[0], y2: edge.to[1], "stroke-width": wide(weightOf(shown)) + 7,
      });
    }
    const place = shown.entry ? null : columns[shown.layer][shown.neuron - 1];
    net.ring.style.display = place ? "" : "none";
    if (place) attributesOf(net.ring, { x: place[0] - node / 2 - 4, y: place[1] - node / 2 - 4 });
  }

  // The neuron beneath a place, else the nearest edge.
  function beneath([x, y]) {
    const half = node / 2;
    for (let layer = 1; layer < columns.length; layer += 1) {
      const index = columns[layer].findIndex((place) => Math.abs(place[0] - x) <= half && Math.abs(place[1] - y) <= half);
      if (index >= 0) return { layer, neuron: index + 1, entry: 0 };
    }
    let best = null;
    let least = 8;
    for (const edge of edges) {
      if (x < edge.from[0] || x > edge.to[0]) continue;
      const [run_, rise] = [edge.to[0] - edge.from[0], edge.to[1] - edge.from[1]];
      const far = Math.abs((x - edge.from[0]) * rise - (y - edge.from[1]) * run_) / Math.hypot(run_, rise);
      if (far < least) { best = edge; least = far; }
    }
    return best && { layer: best.layer, neuron: best.neuron, entry: best.entry };
  }

  net.svg.addEventListener("pointermove", (event) => {
    if (!seen) return;
    near = beneath(pointIn(net.svg, event));
    drawChosen();
  });
  net.svg.addEventListener("pointerleave", () => { near = null; drawChosen(); });
  net.svg.addEventListener("click", (event) => {
    const found = seen && beneath(pointIn(net.svg, event));
    near = null;
    if (found) choose(found, true);
  });

  // ---- regions, points, losses ----------------------------------------------------------------------------------------

  const region = layered(REGION, REGION, "the regions");
  const dots = shape("g");
  region.svg.append(dots, shape("rect", { width: REGION, height: REGION, fill: "none", stroke: "var(--nnkit-axis)" }));
  const flat = document.createElement("canvas");
  let dotted = null;

  function drawRegion() {
    const { margins } = seen;
    const [count, size] = margins.size;
    const style_ = getComputedStyle(kit.root);
    const colours = CLASSES.map((name) => hexadecimal(style_.getPropertyValue(`--nnkit-${name}`)));
    flat.width = size;
    flat.height = size;
    const paint = flat.getContext("2d");
    const image = paint.createImageData(size, size);
    for (let place = 0; place < size * size; place += 1) {
      let label = count === 1 ? Number(margins[place] > 0) : 0;
      let lead = Math.abs(margins[place]);
      for (let other = 1; other < count; other += 1) {
        if (margins[other * size * size + place] > margins[label * size * size + place]) label = other;
        lead = margins[label * size * size + place];
      }
      const [red, green, blue] = colours[label];
      image.data.set([red, green, blue, 255 * (0.08 + 0.4 * Math.tanh(lead / 2))], 4 * place);
    }
    paint.putImageData(image, 0, 0);
    const { context } = region;
    context.clearRect(0, 0, REGION, REGION);
    context.drawImage(flat, 0, 0, REGION, REGION);
    context.strokeStyle = style_.getPropertyValue("--nnkit-ink");
    context.lineWidth = 1.5;
    context.beginPath();
    for (let label = 0; label < count; label += 1) {
      for (const [from, to] of zeroLines(margins.subarray(label * size * size, (label + 1) * size * size), size)) {
        context.moveTo(REGION * from[0], REGION * from[1]);
        context.lineTo(REGION * to[0], REGION * to[1]);
      }
    }
    context.stroke();
    if (dotted !== points) {
      dotted = points;
      drawPoints();
    }
    region.svg.setAttribute("aria-label", `Decision regions with ${points.training.y.length} training points, filled, and as `
      + `many validation points, hollow, of which ${Math.round(100 * seen.share)} % lie in the region of their own class.`);
  }

  function drawPoints() {
    const { low, side } = points;
    const size = points.training.y.length > 150 ? 2.2 : 3.1;
    dots.replaceChildren(...["validation", "training"].flatMap((set) => CLASSES.map((colour, label) => {
      const { X, y } = points[set];
      let path = "";
      y.forEach((own, index) => {
        if (own !== label) return;
        const x = (REGION * (X[2 * index] - low[0])) / side;
        const up = REGION - (REGION * (X[2 * index + 1] - low[1])) / side;
        path += mark(label, Number(x.toFixed(1)), Number(up.toFixed(1)), size);
      });
      return shape("path", set === "training"
        ? { d: path, fill: `var(--nnkit-${colour})`, stroke: "var(--nnkit-page)", "stroke-width": 0.8 }
        : { d: path, fill: "none", stroke: `var(--nnkit-${colour})`, "stroke-width": 1.3 });
    })));
  }

  const curves = picture(CURVES.width, CURVES.height, "the losses", { class: "nnkit-losses" });
  const lines = {
    training: shape("path", { fill: "none", stroke: "var(--nnkit-input)", "stroke-width": 2, "stroke-linecap": "round" }),
    validation: shape("path", { fill: "none", stroke: "var(--nnkit-gradient)", "stroke-width": 2, "stroke-dasharray": "6 3" }),
  };
  const frame = { left: 40, right: CURVES.width - 6, top: 22, bottom: CURVES.height - 18 };
  const told = Object.fromEntries(["top", "bottom", "last", "training", "validation"].map((name) => [name, shape("text", { "font-size": 12 })]));
  attributesOf(told.top, { x: frame.left - 5, y: frame.top + 6, "text-anchor": "end" });
  attributesOf(told.bottom, { x: frame.left - 5, y: frame.bottom + 3, "text-anchor": "end" });
  attributesOf(told.last, { x: frame.right, y: CURVES.height - 3, "text-anchor": "end" });
  attributesOf(told.training, { x: 22, y: 12 });
  attributesOf(told.validation, { x: 156, y: 12 });
  curves.append(
    shape("path", { d: `M${frame.left} ${frame.top}V${frame.bottom}H${frame.right}`, fill: "none", stroke: "var(--nnkit-axis)" }),
    lines.validation, lines.training,
    shape("path", { d: "M0 8h18", stroke: "var(--nnkit-input)", "stroke-width": 2 }),
    shape("path", { d: "M132 8h20", stroke: "var(--nnkit-gradient)", "stroke-width": 2, "stroke-dasharray": "6 3" }),
    ...Object.values(told),
  );

  function drawCurves() {
    let highest = 0;
    for (const name of ["training", "validation"]) {
      for (const loss of losses[name]) if (Number.isFinite(loss)) highest = Math.max(highest, loss);
    }
    // Losses that run away are drawn on powers of ten, others from 0 on.
    const powers = highest > 10;
    const least = powers ? 0.01 : 0;
    const top = powers ? 10 ** Math.ceil(Math.log10(highest)) : Math.ceil(highest * 5) / 5 || 1;
    const plain = (loss) => (powers ? Math.log10(Math.max(loss, least)) : loss);
    const up = scale([plain(least), plain(top)], [frame.bottom, frame.top]);
    const last = Math.max(losses.training.length - 1, 1);
    const along = scale([0, last], [frame.left, frame.right]);
    const every = Math.ceil(losses.training.length / 300);
    for (const name of ["training", "validation"]) {
      let path = "";
      const values = losses[name];
      values.forEach((loss, index) => {
        if (!Number.isFinite(loss) || (index % every && index !== values.length - 1)) return;
        path += `${path ? "L" : "M"}${along(index).toFixed(1)} ${up(plain(loss)).toFixed(1)}`;
      });
      lines[name].setAttribute("d", path && `${path}h0`); // a single loss is a dot
      told[name].textContent = `${name} ${number(values.at(-1))}`;
    }
    told.top.textContent = number(top);
    told.bottom.textContent = number(least);
    told.last.textContent = `epoch ${last}`;
    curves.setAttribute("aria-label", `Loss over ${losses.training.length - 1} epochs: training from ${number(losses.training[0])} to `
      + `${number(losses.training.at(-1))}, validation from ${number(losses.validation[0])} to ${number(losses.validation.at(-1))}.`);
  }

  // ---- all of it ------------------------------------------------------------------------------------------------------

  const legend = element("p", { class: "nnkit-beneath" },
    "Each map shows one neuron's answers: orange positive, purple negative. Lines are weights: as wide as large, solid "
    + `positive, dashed negative. ${may("edits") ? "Click a line, or a neuron for its bias, to change it." : ""}`);
  const left = element("div", { style: "max-width:100%" }, depth.node, sizes, net.node);
  const right = element("div", { class: "nnkit-seen" }, region.node, curves);
  if (challenge) kit.root.prepend(challengeBox());
  kit.stage.append(buttons, element("div", { class: "nnkit-both" }, left, right), legend, weight);
  enable();

  function paint() {
    if (!seen) return;
    drawNet();
    drawRegion();
    drawCurves();
    epoch.textContent = `epoch ${seen.epochs}`;
    kit.say(seen.words);
  }
  const themed = new MutationObserver(paint);
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });

  return {
    draw(state) {
      buildSizes(state.hidden);
      if (begun === null) {
        begun = settings(state);
        send({ do: "look", settings: state });
      } else if (begun !== settings(state)) {
        begun = settings(state);
        wants.begin = true;
        pump();
      }
      if (!coming.length) return "later"; // Python makes the picture
      show(coming.shift());
      if (coming.length) turn();
      release(!seen.finished);
      pump();
      return "now";
    },
    end() {
      gone = true;
      themed.disconnect();
      release(false);
    },
  };
}
