// One unit that reads a single 1 and then zeros. Left its states over time; right the curve tanh(wh h + b) and the
// diagonal, between which the states climb their stairs. Two handles on the curve set b (at h = 0) and wh (at h = 1).

function view(kit) {
  const { steps: count } = kit.material;
  const HIGH = 250;
  const TOP = 16;
  const BOTTOM = TOP + HIGH;
  const colour = (role) => `var(--nnkit-${role})`;
  const text = (x, y, words, look = {}) => shape("text", { x, y, "font-size": 12.5, "text-anchor": "middle", ...look }, words);
  const line = (x1, y1, x2, y2, look) => shape("line", { x1, y1, x2, y2, ...look });
  const up = scale([-1.1, 1.1], [BOTTOM, TOP]);
  const over = scale([1, count], [52, 396]);
  const along = scale([-1.1, 1.1], [462, 462 + HIGH]);
  const lowered = (t) => String(t).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);

  const factor = (value) => (value < 0 ? `(${number(value)})` : number(value));

  function states({ wh, b }, first) {
    const found = [Math.tanh(first + b)];
    while (found.length < count) found.push(Math.tanh(wh * found[found.length - 1] + b));
    return found;
  }

  const steps = stepper({
    get state() { return { step: kit.state.step - 1 }; },
    set: ({ step }) => kit.set({ step: step + 1 }),
    whenGone: kit.whenGone,
  }, { name: "step", last: () => count - 1, pause: 350, label: "step of the unit", words: (at) => `step ${at + 1} of ${count}` });

  // Two pictures side by side, or one beneath the other where the page is narrow.
  const left = picture(412, BOTTOM + 46, "");
  const right = shape("svg", {
    viewBox: `440 0 296 ${BOTTOM + 46}`, role: "group", "aria-label": "the curve of the unit, with a handle for b and one for wh",
    style: "width:296px;max-width:100%;height:auto;display:block",
  });
  left.append(
    line(over(1) - 10, up(0), over(count) + 10, up(0), { stroke: colour("axis") }),
    ...[-1, 0, 1].map((value) => text(over(1) - 16, up(value) + 4, number(value), { "text-anchor": "end" })),
    ...[1, 5, 10, 15, 20].map((t) => text(over(t), BOTTOM + 16, String(t))),
    text(over((count + 1) / 2), BOTTOM + 36, "step t: the state hₜ"),
    text(over(1), TOP - 4, "● after a 1", { "text-anchor": "start", style: `fill:${colour("input")}` }),
    text(over(1) + 110, TOP - 4, "■ without it", { "text-anchor": "start", style: `fill:${colour("second")}` }),
  );
  right.append(
    line(along(-1.1), up(0), along(1.1), up(0), { stroke: colour("axis") }),
    line(along(0), up(-1.1), along(0), up(1.1), { stroke: colour("axis") }),
    line(along(-1.1), up(-1.1), along(1.1), up(1.1), { stroke: colour("axis"), "stroke-width": 1.5 }),
    ...[-1, 0, 1].map((value) => text(along(value), BOTTOM + 16, number(value))),
    text(along(0), BOTTOM + 36, "hₜ → hₜ₊₁ = tanh(wh·hₜ + b)"),
  );
  const course = left.appendChild(shape("g"));
  const climbing = right.appendChild(shape("g"));

  // The handles; what they set keeps the other number as it is.
  const inverse = (value) => Math.atanh(clamp(value, -0.999, 0.999));
  const rounded = (value, field) => clamp(Math.round(value * 100) / 100, field.low, field.high);
  const setB = ([value]) => kit.set({ b: rounded(value, kit.fields.b) });
  const setWh = ([value]) => kit.set({ wh: rounded(value, kit.fields.wh) });
  const handle = (name, role, get, set, read) => {
    const node = shape("circle", { r: 8, fill: colour(role), stroke: colour("ink"), "stroke-width": 2 });
    right.append(node);
    // A pointer speaks of heights on the curve, a key of the number itself.
    const field = kit.fields[name];
    const made = draggable(kit, node, { name: `${name}, on the curve`, get, set, from: (event) => [read(up.back(pointIn(right, event)[1]))], step: [field.step], bounds: [field.low, field.high] });
    return { node, ...made };
  };
  const bias = handle("b", "second", () => [kit.state.b], setB, inverse);
  const weight = handle("wh", "weight-area", () => [kit.state.wh], setWh, (height) => inverse(height) - kit.state.b);
  const path = (points, look) => shape("path", { d: points.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("") || "M0 0", fill: "none", ...look });

  kit.stage.append(steps.node, element("div", { style: "display:flex;flex-wrap:wrap;gap:4px 16px" }, left, right));
  return {
    draw(state) {
      const kept = states(state, 1);
      const without = states(state, 0);
      const shown = kept.slice(0, state.step);
      const curve = Array.from({ length: 89 }, (_, index) => -1.1 + index * 0.025);
      const stairs = [];
      shown.forEach((h, index) => {
        if (index) stairs.push([along(shown[index - 1]), up(h)]);
        stairs.push([along(h), up(h)]);
      });
      const [last, otherwise] = [shown[shown.length - 1], without[state.step - 1]];
      course.replaceChildren(
        path(without.slice(0, state.step).map((h, t) => [over(t + 1), up(h)]), { stroke: colour("second"), "stroke-width": 2, "stroke-dasharray": "5 4" }),
        ...without.slice(0, state.step).map((h, t) => shape("rect", { x: over(t + 1) - 3, y: up(h) - 3, width: 6, height: 6, fill: colour("second") })),
        path(shown.map((h, t) => [over(t + 1), up(h)]), { stroke: colour("input"), "stroke-width": 2 }),
        ...shown.map((h, t) => shape("circle", { cx: over(t + 1), cy: up(h), r: t === state.step - 1 ? 6 : 4, fill: colour("input"), class: "nnkit-state", "data-state": h })),
      );
      climbing.replaceChildren(
        path(curve.map((h) => [along(h), up(Math.tanh(state.wh * h + state.b))]), { stroke: colour("ink"), "stroke-width": 2 }),
        path(stairs, { stroke: colour("input"), "stroke-width": 1.8 }),
        shape("circle", { cx: along(last), cy: up(last), r: 5, fill: colour("input") }),
        text(along(0) + 22, up(Math.tanh(state.b)) + 4, "b"),
        text(along(1) + 22, up(Math.tanh(state.wh + state.b)) + 20, "wh"),
      );
      attributesOf(bias.node, { cx: along(0), cy: up(Math.tanh(state.b)) });
      attributesOf(weight.node, { cx: along(1), cy: up(Math.tanh(state.wh + state.b)) });
      bias.show();
      weight.show();
      const after = state.step === 1 ? "1 step" : `${state.step} steps`;
      const before = state.step > 1 ? `h${lowered(state.step)} = tanh(${number(state.wh)} · ${factor(shown[state.step - 2])} ${state.b < 0 ? "−" : "+"} ${number(Math.abs(state.b))}) = ${number(last)}. ` : "";
      const words = `${before}After ${after} the state is ${number(last)}; without the 1 it would be ${number(otherwise)}. ${Math.abs(last - otherwise) > 0.05 ? "It still remembers." : "It has forgotten."}`;
      left.setAttribute("aria-label", `The states of one unit over ${after}, wh = ${number(state.wh)}, b = ${number(state.b)}, and the curve of the unit. ${words}`);
      steps.show(state.step - 1);
      kit.say(words);
    },
  };
}
