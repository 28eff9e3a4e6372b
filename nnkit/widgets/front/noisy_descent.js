// Uses plot.js, surfaces.js and chance.js.
// A hundred noisy walks begin at the lowest point of a shallow valley; played step by step one sees who gets out, and when.

const WALKS = 100;

// θ of every walk after every step: a list of Float64Arrays, and how many are in the deep valley after each.
function noisyWalks({ batch, rate, seed }, { steps, noise, start, ridge }) {
  const { slope } = SURFACES.hilltop;
  const source = chance(seed);
  const at = [new Float64Array(WALKS).fill(start)];
  for (let t = 1; t <= steps; t += 1) {
    at.push(at[t - 1].map((x) => x - rate * (slope(x)[0] + (noise / Math.sqrt(batch)) * source.normal())));
  }
  return { at, deep: at.map((row) => row.reduce((count, x) => count + (x < ridge), 0)) };
}

function view(kit) {
  const { place, steps, noise, ridge } = kit.material;
  const { loss } = SURFACES.hilltop;
  const valleys = axes({ width: 400, height: 350, xLabel: "θ", yLabel: "loss", top: 26 });
  const single = axes({ width: 310, height: 168, xLabel: "step", yLabel: "θ of one walk", yTicks: 4 });
  const count = axes({ width: 310, height: 178, xLabel: "step", yLabel: "in the deep valley", yTicks: 4 });
  valleys.inside.append(drawGround(valleys, "hilltop", place));
  single.range([0, steps], [-2.6, 2.6]);
  count.range([0, steps], [0, WALKS]);
  const hill = single.Y(ridge);
  single.over.append(
    shape("line", { x1: single.ends.x[0], x2: single.ends.x[1], y1: hill, y2: hill, stroke: "var(--nnkit-axis)", "stroke-dasharray": "4 4" }),
    label(single.ends.x[1] - 4, hill + 15, "hilltop", { "text-anchor": "end" }),
  );
  const dots = shape("path", { fill: "var(--nnkit-input)", class: "nnkit-dots" });
  const one = shape("circle", { r: 5.5, fill: "var(--nnkit-gradient)", stroke: "var(--nnkit-page)" });
  const here = [
    label(valleys.X(-1.53), valleys.ends.y[1] + 18, "", { "text-anchor": "middle", "font-size": 14, class: "nnkit-deep" }),
    label(valleys.X(1.27), valleys.ends.y[1] + 18, "", { "text-anchor": "middle", "font-size": 14 }),
  ];
  valleys.inside.append(dots, one);
  valleys.over.append(...here, label(valleys.X(ridge), valleys.Y(loss(ridge)) + 18, "hilltop", { "text-anchor": "middle" }));
  const trace = shape("polyline", { fill: "none", stroke: "var(--nnkit-gradient)", "stroke-width": 1.6 });
  const rise = shape("polyline", { fill: "none", stroke: "var(--nnkit-input)", "stroke-width": 2.2 });
  single.inside.append(trace);
  count.inside.append(rise);
  const moves = stepper(kit, { name: "step", last: () => steps, pause: 0, label: "step of the walks" });
  kit.stage.append(moves.node, beside(valleys.svg, element("div", {}, single.svg, count.svg)));

  let walks = null;
  let of = "";
  return {
    draw(state) {
      const key = `${state.batch} ${state.rate} ${state.seed}`;
      if (key !== of) walks = noisyWalks(state, kit.material);
      of = key;
      const { at, deep } = walks;
      const row = at[state.step];
      const piles = new Map();
      for (const x of row) piles.set(Math.round(x / 0.06), (piles.get(Math.round(x / 0.06)) ?? 0) + 1);
      const high = Math.min(5, 170 / Math.max(...piles.values()));
      piles.clear();
      const places = Array.from(row, (x) => {
        const pile = Math.round(x / 0.06);
        const below = piles.get(pile) ?? 0;
        piles.set(pile, below + 1);
        return [valleys.X(0.06 * pile), valleys.Y(loss(0.06 * pile)) - 3 - high * below];
      });
      dots.setAttribute("d", marksPath("o", places.slice(1), 2.4));
      attributesOf(one, { cx: places[0][0], cy: places[0][1] });
      here[0].textContent = `${deep[state.step]} here`;
      here[1].textContent = `${WALKS - deep[state.step]} here`;
      trace.setAttribute("points", linePath(at.slice(0, state.step + 1).map((all, t) => [single.X(t), single.Y(all[0])])));
      rise.setAttribute("points", linePath(deep.slice(0, state.step + 1).map((many, t) => [count.X(t), count.Y(many)])));
      moves.show(state.step);
      kit.say(
        `Batch of ${state.batch}: each gradient is off by ${number(noise / Math.sqrt(state.batch))} or so. After ${state.step} ${state.step === 1 ? "step" : "steps"} `
        + `${deep[state.step]} of ${WALKS} walks are in the deep valley.`,
      );
      valleys.tell(`Two valleys with a hilltop between them. ${deep[state.step]} of ${WALKS} walks are in the deep one.`);
      single.tell(`θ of one walk over the steps; it is at ${number(row[0])}.`);
      count.tell(`How many walks are in the deep valley, over the steps: ${deep[state.step]} after ${state.step}.`);
    },
  };
}
