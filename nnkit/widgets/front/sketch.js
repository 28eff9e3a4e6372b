// Points on empty axes, dragged up and down; the true curves come from Python when the reader has committed, and are
// nowhere on the page before.

const WIDE = 672;
const HIGH = 330;
const EDGE = { left: 62, right: 24, top: 14, bottom: 50 };

// A few round numbers between two, for an axis.
function roundNumbers(low, high, about = 5) {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const gap = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999);
  const numbers = [];
  for (let k = Math.ceil(low / gap - 1e-9); k * gap <= high + 1e-9 * gap; k += 1) numbers.push(Number((k * gap).toPrecision(10)));
  return numbers;
}

function view(kit) {
  const { question, places, step, labels } = kit.material;
  const { low, high } = kit.fields.heights;
  const margin = 0.04 * (high - low);
  const x = scale([places[0], places.at(-1)], [EDGE.left + 18, WIDE - EDGE.right]);
  const y = scale([low - margin, high + margin], [HIGH - EDGE.bottom, EDGE.top]);
  const svg = picture(WIDE, HIGH, question, { role: "group", "font-size": 14.5 });
  const clip = newId();
  svg.append(shape("clipPath", { id: clip }, shape("rect", {
    x: EDGE.left, y: EDGE.top, width: WIDE - EDGE.left - EDGE.right + 8, height: HIGH - EDGE.top - EDGE.bottom,
  })));

  const axes = shape("g", { "aria-hidden": "true", stroke: "var(--nnkit-axis)" });
  const word = (text, at) => axes.append(shape("text", { stroke: "none", ...at }, text));
  for (const value of roundNumbers(low, high)) {
    axes.append(shape("line", { x1: EDGE.left, x2: WIDE - EDGE.right, y1: y(value), y2: y(value), opacity: value ? 0.3 : 0.8 }));
    word(number(value), { x: EDGE.left - 8, y: y(value) + 5, "text-anchor": "end" });
  }
  for (const place of places) {
    axes.append(shape("line", { x1: x(place), x2: x(place), y1: EDGE.top, y2: HIGH - EDGE.bottom, opacity: 0.3 }));
    word(number(place), { x: x(place), y: HIGH - EDGE.bottom + 20, "text-anchor": "middle" });
  }
  axes.append(shape("path", { fill: "none", d: `M${EDGE.left} ${EDGE.top}V${HIGH - EDGE.bottom}H${WIDE - EDGE.right}` }));
  word(labels[0], { x: (EDGE.left + WIDE - EDGE.right) / 2, y: HIGH - 8, "text-anchor": "middle" });
  word(labels[1], { transform: `translate(15 ${(HIGH - EDGE.bottom) / 2}) rotate(-90)`, "text-anchor": "middle" });

  const curves = shape("g", { fill: "none", "stroke-width": 2.4, "clip-path": `url(#${clip})`, "aria-hidden": "true" });
  const line = shape("path", { fill: "none", stroke: "var(--nnkit-input)", "stroke-width": 2.4, "aria-hidden": "true" });
  svg.append(axes, curves, line);
  const handles = places.map((place, index) => {
    const node = shape(
      "g", {},
      shape("circle", { r: 14, fill: "transparent" }),
      shape("circle", { r: 7, fill: "var(--nnkit-input)", stroke: "var(--nnkit-page)", "stroke-width": 1.5 }),
    );
    svg.append(node);
    const { show } = draggable(kit, node, {
      name: `height at ${number(place)}`,
      get: () => [kit.state.heights[index]],
      set: ([height]) => {
        if (kit.state.committed) return;
        const round = clamp(Number((Math.round(height / step) * step).toPrecision(10)), low, high);
        kit.set({ heights: kit.state.heights.map((one, at) => (at === index ? round : one)) });
      },
      from: (event) => [y.back(pointIn(svg, event)[1])],
      step: [step], bounds: [low, high],
    });
    return { node, show };
  });

  const commit = button("Commit", () => kit.set({ committed: true }));
  const legend = element("div", { class: "nnkit-controls" });
  const asked = element("p", { style: "margin:0.3em 0" }, element("strong", {}, "My sketch:"), ` ${question}`);
  kit.stage.append(asked, svg, legend, commit);
  let truth = null;
  let waiting = false;

  // The true curves, over the sketch; each has its name, its colour and its dashes.
  const reveal = (answer) => {
    truth = answer;
    const key = (name, look) => legend.append(element(
      "span", { class: "nnkit-control" },
      shape("svg", { width: 44, height: 12, "aria-hidden": "true" }, shape("line", { x1: 2, x2: 42, y1: 6, y2: 6, "stroke-width": 2.4, ...look })),
      name,
    ));
    key("my sketch", { stroke: "var(--nnkit-input)" });
    for (const curve of truth.curves) {
      const look = { stroke: `var(--nnkit-${curve.role})`, "stroke-dasharray": curve.dashes };
      const points = [...curve.x].map((across, at) => [x(across), y(curve.y[at])]).filter((point) => point.every(Number.isFinite));
      curves.append(shape("polyline", { points: points.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join(" "), ...look }));
      key(curve.name, look);
    }
    kit.set({});
  };
  const ask = async (heights) => {
    waiting = true;
    const answer = await kit.ask({ commit: heights });
    if (answer.problem) kit.complain(answer.problem);
    else reveal(answer);
  };

  return {
    draw({ heights, committed }) {
      line.setAttribute("d", `M${heights.map((height, index) => `${x(places[index])} ${y(height)}`).join("L")}`);
      handles.forEach(({ node, show }, index) => {
        node.setAttribute("transform", `translate(${x(places[index])} ${y(heights[index])})`);
        if (committed) node.setAttribute("aria-disabled", "true");
        show();
      });
      commit.disabled = committed;
      const points = heights.map((height, index) => `${number(height)} at ${number(places[index])}`).join(", ");
      kit.say(truth ? truth.words : `The sketch: ${points}.`);
      if (!committed || truth) return null;
      if (!waiting) ask(heights);
      return "later";
    },
    again: () => "",
  };
}
