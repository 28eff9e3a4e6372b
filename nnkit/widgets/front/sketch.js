// Uses axes.js.
// Points on empty axes, dragged up and down; the true curves come from Python when the reader has committed, and are
// nowhere on the page before.

const WIDE = 672;
const HIGH = 330;
const BOX = { left: 62, right: WIDE - 24, top: 14, bottom: HIGH - 50 };

function view(kit) {
  const { question, places, step, labels } = kit.material;
  const { low, high } = kit.fields.heights;
  const margin = 0.04 * (high - low);
  const svg = picture(WIDE, HIGH, question, { role: "group", "font-size": 14.5 });
  const { x, y, curves, points } = axesIn(svg, {
    box: BOX, x: [places[0] - 0.03 * (places.at(-1) - places[0]), places.at(-1)], y: [low - margin, high + margin],
    across: places, up: roundNumbers(low, high), labels,
  });
  const line = shape("path", { fill: "none", stroke: "var(--nnkit-input)", "stroke-width": 2.4, "aria-hidden": "true" });
  svg.append(line);
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

  const commit = button("Commit", () => { if (!kit.state.committed) kit.set({ committed: true }); });
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
      curves.append(shape("polyline", { points: points(curve.x, curve.y), ...look }));
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
      if (committed) attributesOf(commit, { "aria-disabled": "true", style: "opacity:0.6" }); // keeps the keyboard where it is
      const said = heights.map((height, index) => `${number(height)} at ${number(places[index])}`).join(", ");
      kit.say(truth ? truth.words : `The sketch: ${said}.`);
      if (!committed || truth) return null;
      if (!waiting) ask(heights);
      return "later";
    },
    again: () => "",
  };
}
