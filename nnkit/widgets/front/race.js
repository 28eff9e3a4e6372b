// Uses plot.js and surfaces.js.
// The race: the reader's own rules, walked by Python, on a surface, played step by step, each inside the walk of nnkit.

const NEAR = 0.01; // of the lowest loss; who stays that near has arrived

function view(kit) {
  const { surfaces: places, steps, own, names, keys } = kit.material;
  kit.panel.append(kit.show("surface"), ...names.map((name) => kit.show(keys[name])));
  const map = axes({ width: 430, height: 350, xLabel: "x", yLabel: "y", top: 10 });
  const curve = axes({ width: 280, height: 350, xLabel: "step", yLabel: "loss above the lowest", yLog: true, xTicks: 4, left: 62 });
  curve.range([0, steps], [1e-6, 100]);
  const ground = shape("g");
  const paths = shape("g");
  const heads = shape("g");
  const handle = shape("circle", { r: 9, fill: "var(--nnkit-page)", "fill-opacity": 0.4, stroke: "var(--nnkit-ink)", "stroke-width": 2.4 });
  map.inside.append(ground, paths, heads);
  map.handles.append(handle);
  const goal = curve.Y(NEAR);
  const lines = shape("g");
  curve.inside.append(
    shape("line", { x1: curve.ends.x[0], x2: curve.ends.x[1], y1: goal, y2: goal, stroke: "var(--nnkit-axis)", "stroke-dasharray": "4 4" }),
    lines,
  );
  curve.over.append(label(curve.ends.x[0] + 4, goal + 16, "arrived"));
  const moves = stepper(kit, { name: "step", last: () => steps, pause: 0, label: "step of the race" });
  const row = element("div", { style: "display:flex;flex-wrap:wrap", "aria-hidden": "true" }, ...names.map((name) =>
    shape("svg", { viewBox: "0 0 124 22", style: "width:124px;height:22px" }, ...legend([name], 8, 11))));
  kit.stage.append(moves.node, row, beside(map.svg, curve.svg));
  const place = () => places[kit.state.surface];
  const drag = draggable(kit, handle, {
    name: "start",
    get: () => kit.state.start,
    set: (values) => kit.set({ start: startAt(values, place()) }),
    from: map.from,
    step: [0.05, 0.05],
  });

  let shown = null;
  let asked = "";
  let walks = []; // name, points of the reader (or of nnkit where there is no function), points of nnkit
  let told = {}; // what Python says of a rule of the reader
  const settings = (state) => JSON.stringify([state.surface, state.start, names.map((name) => state[keys[name]])]);
  const ask = kit.follow(() => ({ state: kit.state }), (answer) => {
    told = answer.told;
    walks = names.map((name) => {
      const right = walkOf(answer.state.surface, name, answer.state.start, answer.state[keys[name]], 0.9, steps);
      const flat = answer.walks[name];
      const mine = flat ? Array.from({ length: flat.size[0] }, (_, k) => [flat[2 * k], flat[2 * k + 1]]) : right;
      return [name, mine, right];
    });
    show(answer.state);
  });

  function show(of) {
    const { step } = kit.state;
    const at = onGround(map, of.surface, places[of.surface]);
    const until = (points) => points.slice(0, step + 1);
    paths.replaceChildren(...walks.flatMap(([name, mine, right]) => [
      ...(own.includes(name) ? tube(name, until(right).map(at)) : []),
      walkLine(name, until(mine).map(at)),
    ]));
    heads.replaceChildren(...walks.map(([name, mine]) => {
      const [x, y] = at(mine[Math.min(step, mine.length - 1)]);
      return shape("path", { d: marksPath(LOOKS[name][2], [[x, y]], 5.5), fill: `var(--nnkit-${LOOKS[name][0]})`, stroke: "var(--nnkit-page)" });
    }));
    const above = walks.map(([name, mine]) => [name, lossAbove(of.surface, places[of.surface], mine)]);
    lines.replaceChildren(...above.map(([name, values]) =>
      walkLine(name, until(values).map((value, t) => [curve.X(t), curve.Y(Math.max(value, 1e-9))]), { marked: false, thick: 2 })));
    const arrivals = above
      .map(([name, values]) => [name, arrival(values, steps)])
      .sort((a, b) => a[1] - b[1]);
    const there = arrivals.filter(([, t]) => t <= step);
    const words = [
      there.length ? `Arrived: ${there.map(([name, t]) => `${name} in step ${t}`).join(", ")}.`
        : step < steps ? `Nobody has arrived after ${step} steps.` : "",
      step === steps && there.length < arrivals.length
        ? `Not arrived after ${steps} steps: ${arrivals.slice(there.length).map(([name]) => name).join(", ")}.` : "",
      ...own.map((name) => told[name] ?? ""),
      own.length && own.every((name) => !told[name]) ? "Your rules step exactly as nnkit's." : "",
    ];
    kit.say(words.filter(Boolean).join(" "));
    map.tell(`A race on ${places[of.surface].formula}, after ${step} steps. ${words.filter(Boolean).join(" ")}`);
    curve.tell(`The loss of each above the lowest, over the steps. ${words[0]}`);
  }

  return {
    draw(state) {
      if (shown !== state.surface) {
        if (shown !== null) {
          kit.state = { ...kit.state, start: [...place().start], step: 0 };
          state = kit.state;
        }
        shown = state.surface;
        ground.replaceChildren(drawGround(map, shown, place()));
      }
      const [x, y] = onGround(map, shown, place())(state.start);
      attributesOf(handle, { cx: x, cy: y });
      drag.show();
      moves.show(state.step);
      if (asked !== settings(state)) {
        asked = settings(state);
        ask();
      } else if (walks.length) show(state);
    },
  };
}

// The walk of nnkit as a hollow line: the reader's runs inside of it as long as both are the same.
function tube(name, places) {
  const line = { points: linePath(places), fill: "none", "stroke-linejoin": "round", "stroke-linecap": "round" };
  return [
    shape("polyline", { ...line, stroke: `var(--nnkit-${LOOKS[name][0]})`, "stroke-width": 8, "data-nnkit": name }),
    shape("polyline", { ...line, stroke: "var(--nnkit-page)", "stroke-width": 5.6 }),
  ];
}

// The step from which on a walk stays near the lowest loss; ∞ if it does not.
function arrival(above, steps) {
  if (above.length <= steps) return Infinity;
  let t = above.length;
  while (t > 0 && above[t - 1] < NEAR) t -= 1;
  return t < above.length ? t : Infinity;
}
