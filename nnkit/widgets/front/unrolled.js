// A recurrent network drawn through time. Above its states, arrows bring the message back, as wide as it is large;
// beneath, its size at every state on a logarithmic axis, and the law of a power beside it.

function view(kit) {
  const LEFT = 62;
  const MIDDLE = 66; // of the row of states
  let width = 728; // follows the page, so that no text becomes small
  const { networks } = kit.material;
  const length = (vector) => Math.hypot(...vector);

  // ---- forward and back --------------------------------------------------------------------------------------------

  function passed({ network, seed, weight, loudness, steps, tanh }) {
    const { matrix, inputs, message, stretch } = networks[network][seed];
    const units = matrix.length;
    const along = (vector) => matrix.map((_, to) => weight * vector.reduce((sum, value, from) => sum + value * matrix[from][to], 0));
    const against = (vector) => matrix.map((line) => weight * line.reduce((sum, value, to) => sum + value * vector[to], 0));
    const states = [Array(units).fill(0)];
    const slopes = [];
    for (let t = 0; t < steps; t += 1) {
      const z = along(states[t]).map((value, unit) => value + loudness * inputs[t][unit]);
      states.push(tanh ? z.map(Math.tanh) : z);
      slopes.push(states[t + 1].map((h) => (tanh ? 1 - h * h : 1)));
    }
    const sizes = Array(steps + 1);
    const terms = Array(steps);
    const whole = matrix.map((line) => line.map(() => 0));
    let arriving = message;
    sizes[steps] = length(arriving);
    for (let t = steps - 1; t >= 0; t -= 1) {
      const delta = arriving.map((value, unit) => value * slopes[t][unit]);
      terms[t] = length(inputs[t]) * length(delta);
      inputs[t].forEach((x, from) => delta.forEach((d, to) => (whole[from][to] += x * d)));
      arriving = against(delta);
      sizes[t] = length(arriving);
    }
    return { states, slopes, sizes, terms, norm: length(whole.flat()), stretch: stretch * weight, units };
  }

  // ---- controls ----------------------------------------------------------------------------------------------------

  const gone = (state) => Math.min(state.back, state.steps);
  const steps = stepper({
    get state() { return { back: gone(kit.state) }; },
    set: ({ back }) => kit.set({ back }),
    whenGone: kit.whenGone,
  }, {
    name: "back", last: () => kit.state.steps, pause: 130, label: "steps back in time",
    words: (at) => `${at} of ${kit.state.steps} steps back`,
  });

  const shown = Object.fromEntries(["network", "weight", "tanh", "loudness", "steps", "seed", "terms", "clip", "limit"].map((name) => {
    const node = kit.show(name);
    kit.panel.append(node);
    return [name, node];
  }));

  // ---- the picture -------------------------------------------------------------------------------------------------

  const svg = picture(width, 400, "");
  const layer = () => svg.appendChild(shape("g"));
  const [grid, chain, curves, legend] = [layer(), layer(), layer(), layer()];
  const line = (x1, y1, x2, y2, look) => shape("line", { x1, y1, x2, y2, ...look });
  const text = (x, y, words, look = {}) => shape("text", { x, y, "font-size": 12.5, "text-anchor": "middle", ...look }, words);
  const colour = (role) => `var(--nnkit-${role})`;
  const power = (exponent) => (exponent === 0 ? "1" : `10${String(exponent).replace(/./g, (sign) => RAISED[sign])}`);
  const raised = (count) => String(count).replace(/./g, (sign) => RAISED[sign]);
  const lowered = (count) => String(count).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);

  const DECADES = [1, 2, 4, 8, 12, 20, 32, 64];

  function drawn(state, pass) {
    const { steps: last } = state;
    const RIGHT = width - 22;
    const clipped = state.clip && pass.norm > state.limit;
    const TOP = state.terms && (width < 700 || (pass.units > 1 && clipped)) ? 176 : 158; // of the axes; the legend takes a second line
    const BOTTOM = TOP + 208;
    attributesOf(svg, { viewBox: `0 0 ${width} ${BOTTOM + 44}`, style: `width:${width}px;max-width:100%;height:auto;display:block` });
    const at = last - gone(state); // the state that the message has reached
    const across = scale([0, last], [LEFT, RIGHT]);
    const apart = across(1) - across(0);
    const law = pass.sizes.map((_, t) => Math.abs(state.weight) ** (last - t));
    const bound = pass.sizes.map((_, t) => pass.stretch ** (last - t));
    const logs = [...pass.sizes, ...law].map(Math.log10).filter(Number.isFinite).map(Math.abs);
    const reach = DECADES.find((decades) => decades >= Math.max(...logs)) ?? 64;
    const up = scale([-reach, reach], [BOTTOM, TOP]);
    const y = (size) => clamp(size > 0 ? up(Math.log10(size)) : Infinity, TOP - 6, BOTTOM + 6);
    const seen = (size) => size > 0 && Math.abs(Math.log10(size)) <= reach * 1.02;

    grid.replaceChildren(
      line(LEFT, TOP, LEFT, BOTTOM, { stroke: colour("axis") }),
      line(LEFT, up(0), RIGHT, up(0), { stroke: colour("axis"), "stroke-width": 1.5 }),
      ...[-reach, -reach / 2, 0, reach / 2, reach].filter(Number.isInteger).flatMap((decade) => [
        line(LEFT - 4, up(decade), LEFT, up(decade), { stroke: colour("axis") }),
        text(LEFT - 8, up(decade) + 4, power(decade), { "text-anchor": "end" }),
      ]),
      line(across(at), TOP, across(at), BOTTOM, { stroke: colour("gradient"), "stroke-dasharray": "2 4" }),
    );

    // The states, with what each hears beneath it, and the arrows of the message above.
    const radius = clamp(apart * 0.34, 3, 16);
    const longest = Math.max(...pass.sizes.map((size) => number(size).length));
    const roomy = apart >= 7.4 * longest + 4; // so that the numbers above do not touch
    const parts = [];
    for (let t = 0; t <= last; t += 1) {
      const x = across(t);
      if (t > 0) {
        parts.push(line(across(t - 1) + radius, MIDDLE, x - radius, MIDDLE, { stroke: colour("axis"), "stroke-width": 1.5 }));
        const side = clamp(apart * 0.4, 4, 12);
        parts.push(
          line(x, MIDDLE + radius, x, MIDDLE + 28, { stroke: colour("axis") }),
          shape("rect", { x: x - side / 2, y: MIDDLE + 28, width: side, height: side, fill: colour("input"), "fill-opacity": 0.35, stroke: colour("input") }),
        );
      }
      const loud = Math.min(1, length(pass.states[t]) / Math.sqrt(pass.units));
      parts.push(shape("circle", {
        cx: x, cy: MIDDLE, r: radius, fill: colour("ink"), "fill-opacity": (0.5 * loud).toFixed(3),
        stroke: colour(t === at ? "gradient" : "ink"), "stroke-width": t === at ? 3 : 1.3,
      }));
      const every = apart >= 36 ? 1 : apart >= 20 ? 5 : 10;
      if (t % every === 0) parts.push(text(x, MIDDLE + 56, `h${lowered(t)}`));
      if (t < last && t >= at) parts.push(arrow(across(t + 1), x, pass.sizes[t], t === at));
      if (t >= at && roomy) parts.push(text(x, 14, number(pass.sizes[t]), { style: `fill:${colour("gradient")}` }));
    }
    chain.replaceChildren(...parts);

    // The curves.
    const course = (values) => {
      const points = values.map((size, t) => [t, size]).filter(([, size]) => seen(size));
      return points.map(([t, size], index) => `${index ? "L" : "M"}${across(t).toFixed(1)} ${y(size).toFixed(1)}`).join("");
    };
    const path = (values, look) => shape("path", { d: course(values) || "M0 0", fill: "none", ...look });
    const reached = pass.sizes.map((size, t) => (t >= at ? size : 0));
    const many = pass.units > 1;
    const factor = clipped ? state.limit / pass.norm : 1;
    curves.replaceChildren(
      ...(many ? [path(bound, { stroke: colour("axis"), "stroke-width": 2, "stroke-dasharray": "1.5 4" })] : []),
      path(reached, { stroke: colour("gradient"), "stroke-width": 2 }),
      path(law, { stroke: colour("second"), "stroke-width": 2, "stroke-dasharray": "7 4", class: "nnkit-law" }),
      ...reached.flatMap((size, t) => (seen(size) ? [shape("circle", { cx: across(t), cy: y(size), r: t === at ? 5.5 : 3, fill: colour("gradient"), class: "nnkit-size", "data-size": size })] : [])),
      ...(state.terms ? pass.terms.flatMap((term, t) => {
        const place = across(t + 1);
        if (t + 1 <= at) return [];
        const box = (size, look) => (seen(size) ? [shape("rect", { x: place - 3.5, y: y(size) - 3.5, width: 7, height: 7, stroke: colour("weight"), "stroke-width": 1.6, ...look })] : []);
        return factor === 1 ? box(term, { fill: colour("weight-area") })
          : [...box(term, { fill: "none" }), ...box(term * factor, { fill: colour("weight-area") })];
      }) : []),
    );

    // What is what, above the axes.
    const entries = [
      ["size of the message", { stroke: colour("gradient"), "stroke-width": 2 }, "circle"],
      [`${many ? "ρ" : "w"}ᵏ, k steps back`, { stroke: colour("second"), "stroke-width": 2, "stroke-dasharray": "7 4" }],
      ...(many ? [["σᵏ, at most", { stroke: colour("axis"), "stroke-width": 2, "stroke-dasharray": "1.5 4" }]] : []),
      ...(state.terms ? [[factor === 1 ? "term of dL/dwx" : "term of dL/dwx; filled: clipped", null, "rect"]] : []),
    ];
    let x = LEFT + 8;
    let level = TOP > 158 ? TOP - 33 : TOP - 15;
    legend.replaceChildren(...entries.flatMap(([words, look, mark]) => {
      const items = [];
      const room = 52 + 7 * words.length;
      if (x + room > width + 24) { x = LEFT + 8; level += 18; }
      if (look) items.push(line(x, level - 2, x + 26, level - 2, look));
      if (mark === "circle") items.push(shape("circle", { cx: x + 13, cy: level - 2, r: 3, fill: colour("gradient") }));
      if (mark === "rect") items.push(shape("rect", { x: x + 9, y: level - 5.5, width: 7, height: 7, fill: colour("weight-area"), stroke: colour("weight"), "stroke-width": 1.6 }));
      items.push(text(x + 32, level + 2, words, { "text-anchor": "start" }));
      x += room;
      return items;
    }), text((LEFT + RIGHT) / 2, BOTTOM + 36, "the way back in time goes from right to left"));
    for (let t = 0; t <= last; t += last > 20 ? 10 : last > 10 ? 5 : 1) {
      legend.append(line(across(t), BOTTOM, across(t), BOTTOM + 4, { stroke: colour("axis") }), text(across(t), BOTTOM + 18, String(t)));
    }
    return { at, law, factor };
  }

  // Wide where the message is large, a hair where it has vanished, and dotted below a thousandth.
  function arrow(from, to, size, first) {
    const decades = size > 0 ? Math.log10(size) : -99;
    const wide = clamp(5 + 2 * decades, 1, 20);
    const level = MIDDLE - 30;
    const look = { stroke: colour("gradient"), "stroke-width": wide.toFixed(2), "stroke-dasharray": decades < -3 ? "1.5 3" : false, class: "nnkit-message" };
    const band = line(from, level, to + (first ? 7 : 0), level, look);
    if (!first) return band;
    const tip = Math.max(5, wide / 2 + 3);
    return shape("g", {}, band, shape("path", { d: `M${to - 1} ${level}l9 ${-tip}v${2 * tip}z`, fill: colour("gradient") }));
  }

  const becomes = (size, count) => {
    const times = count === 1 ? "1 step" : `${count} steps`;
    if (size < 0.1) return `After ${times} ${number(size)} of 1 is left: the message vanishes.`;
    if (size > 10) return `After ${times} 1 has become ${number(size)}: the message explodes.`;
    const course = size <= 0.5 ? "shrinks" : size >= 2 ? "grows" : "stays";
    return `After ${times} 1 has become ${number(size)}: the message ${course}.`;
  };

  const clipping = element("p", { class: "nnkit-gradient", style: "margin:0.3em 0" });
  kit.stage.append(steps.node, svg, clipping);
  const watch = new ResizeObserver(() => {
    const room = clamp(kit.stage.clientWidth, 400, 728);
    if (room !== width) { width = room; kit.set({}); }
  });
  watch.observe(kit.stage);
  kit.whenGone(() => watch.disconnect());

  return {
    draw(state) {
      const pass = passed(state);
      const { at, law, factor } = drawn(state, pass);
      const many = pass.units > 1;
      const count = state.steps - at;
      const size = pass.sizes[at];
      const sign = many ? "ρ" : "w";
      const words = [];
      if (count === 0) words.push(`The message 1 arrives at the last state, h${lowered(state.steps)}. Nothing has gone back yet.`);
      else {
        const slope = pass.slopes[at].reduce((sum, one) => sum + one, 0) / pass.units;
        const before = pass.sizes[at + 1];
        words.push(many
          ? `From h${lowered(at + 1)} to h${lowered(at)}: ${number(before)} becomes ${number(size)}${before > 0 ? `, ${number(size / before)} times as large` : ""}; the mean slope is ${number(slope)}.`
          : `From h${lowered(at + 1)} to h${lowered(at)}: message ${number(before)} · slope ${number(slope)} · w ${number(state.weight)} = ${number(size)}.`);
        words.push(becomes(size, count));
        words.push(`The law ${number(state.weight)}${raised(count)} is ${number(law[at])}.`);
      }
      if (many) words.push(`Largest |λ| of Wh: ρ = ${number(state.weight)}; largest singular value: σ = ${number(pass.stretch)}.`);
      svg.setAttribute("aria-label", `A recurrent network of ${state.steps} steps, ${sign} = ${number(state.weight)}, and the size of a message that goes back. ${words.join(" ")}`);
      shown.clip.style.display = state.terms ? "" : "none";
      shown.limit.style.display = state.terms && state.clip ? "" : "none";
      clipping.hidden = !state.terms;
      if (state.terms) {
        const told = [`The gradient of the weight${many ? "s" : ""} wx is the sum of ${state.steps} terms, xₜδₜ; its norm is ${number(pass.norm)}.`];
        if (state.clip) told.push(factor < 1 ? `Clipped to ${number(state.limit)}: every term times ${number(factor)}.` : `That is within ${number(state.limit)}: clipping leaves it as it is.`);
        // Terms of opposite signs cancel, so one of them can be larger than the sum: then it is no share of it.
        const share = pass.terms[0] / pass.norm;
        const still = state.clip && factor < 1 ? ", before and after" : "";
        if (share > 1) told.push(`The first step's term is ${number(share)} times as large as the whole${still}: the others partly cancel it.`);
        else if (pass.norm > 0) told.push(`The first step's term is ${number(share)} of the whole${still}.`);
        clipping.textContent = told.join(" ");
      }
      steps.show(count);
      kit.say(words.join(" "));
    },
  };
}
