// Uses plot.js and surfaces.js.
// The map of rate and momentum on a parabola: where a walk creeps, rings, jumps or explodes, and the walk of the point.

const STEPS = 40;
const KINDS = ["creeping", "ringing", "jumping", "exploding"];
const AREAS = { creeping: ["input", 0.12], ringing: ["target", 0.2], jumping: ["second", 0.2], exploding: ["gradient", 0.3] };

// Two steps in a row obey x₊ = (1 + μ − αλ) x − μ x₋, whose factors are the roots of r² − (1 + μ − αλ) r + μ = 0.
function kindOf(rate, momentum, curvature) {
  const middle = (1 + momentum - rate * curvature) / 2;
  const under = middle * middle - momentum;
  if (under < 0) return { kind: "ringing", size: Math.sqrt(momentum), factor: null };
  const factor = middle < 0 ? middle - Math.sqrt(under) : middle + Math.sqrt(under);
  if (Math.abs(factor) > 1) return { kind: "exploding", size: Math.abs(factor), factor };
  return { kind: factor < 0 ? "jumping" : "creeping", size: Math.abs(factor), factor };
}

// The rates at which one kind of walk ends and the next begins.
function bordersOf(momentum, curvature) {
  const root = Math.sqrt(momentum);
  return [(1 - root) ** 2 / curvature, (1 + root) ** 2 / curvature, (2 * (1 + momentum)) / curvature];
}

function quadraticWalk(rate, momentum, curvature) {
  const points = [1];
  const kept = {};
  for (let t = 1; t <= STEPS; t += 1) {
    const x = points[t - 1];
    if (!(Math.abs(x) < FAR_OUT)) break;
    points.push(RULES.momentum(x, curvature * x, kept, t, rate, momentum));
  }
  return points;
}

function view(kit) {
  const map = axes({ width: 400, height: 350, xLabel: "rate α", yLabel: "momentum μ", top: 12 });
  const side = axes({ width: 310, height: 350, xLabel: "step", yLabel: "way to the lowest point", top: 26, right: 8 });
  side.range([0, STEPS], [-1.6, 1.6]);
  const ground = shape("g");
  const names = shape("g");
  map.inside.append(ground, names);
  const handle = shape("circle", { r: 8, fill: "var(--nnkit-page)", "fill-opacity": 0.5, stroke: "var(--nnkit-ink)", "stroke-width": 2.6 });
  map.handles.append(handle);
  const lines = shape("g");
  const legendOfSide = shape("g");
  side.inside.append(
    shape("line", { x1: side.ends.x[0], x2: side.ends.x[1], y1: side.Y(0), y2: side.Y(0), stroke: "var(--nnkit-axis)", "stroke-width": 0.8 }),
    lines,
  );
  side.over.append(legendOfSide);
  kit.stage.append(beside(map.svg, side.svg));
  const { rate: rates, momentum: momenta } = kit.fields;
  const drag = draggable(kit, handle, {
    name: "rate and momentum",
    get: () => [kit.state.rate, kit.state.momentum],
    set: ([rate, momentum]) => kit.set({
      rate: Number(clamp(rate, rates.low, Math.min(rates.high, map.x[1])).toPrecision(3)),
      momentum: Number(clamp(momentum, momenta.low, momenta.high).toFixed(3)),
    }),
    from: map.from,
    get step() { return [Number((0.05 / kit.state.curvature).toPrecision(3)), 0.01]; },
  });

  const levels = Array.from({ length: 81 }, (_, k) => (k / 80) ** 2); // √μ evenly: the borders are round at μ = 0
  function drawMap(curvature, flat) {
    map.range([0, 4.6 / curvature], [0, 1]);
    const at = (which, mu) => `${map.X(bordersOf(mu, curvature)[which]).toFixed(1)},${map.Y(mu).toFixed(1)}`;
    const back = [...levels].reverse();
    const [left, right] = map.ends.x;
    const rim = [`${left},${map.ends.y[0]}`, `${left},${map.ends.y[1]}`];
    const edge = [`${right},${map.ends.y[1]}`, `${right},${map.ends.y[0]}`];
    const areas = {
      creeping: [...rim, ...back.map((mu) => at(0, mu))],
      ringing: [...levels.map((mu) => at(0, mu)), ...back.map((mu) => at(1, mu))],
      jumping: [...levels.map((mu) => at(1, mu)), ...back.map((mu) => at(2, mu))],
      exploding: [...levels.map((mu) => at(2, mu)), ...edge],
    };
    ground.replaceChildren(...KINDS.map((kind) => {
      const [role, share] = AREAS[kind];
      return shape("polygon", { points: areas[kind].join(" "), fill: `var(--nnkit-${role})`, "fill-opacity": share });
    }));
    ["", "7 3", "2 3"].forEach((dashes, which) => ground.append(shape("polyline", {
      points: levels.map((mu) => at(which, mu)).join(" "), fill: "none", stroke: "var(--nnkit-ink)", "stroke-width": 1.5,
      "stroke-dasharray": dashes || false,
    })));
    if (flat) {
      [0, 1, 2].forEach((which) => ground.append(shape("polyline", {
        points: levels.map((mu) => `${map.X(bordersOf(mu, 1)[which]).toFixed(1)},${map.Y(mu).toFixed(1)}`).join(" "),
        fill: "none", stroke: "var(--nnkit-second)", "stroke-width": 2.2, "stroke-dasharray": "5 4",
      })));
    }
    const X = (product) => map.X(product / curvature);
    names.replaceChildren(
      label(X(1.45), map.Y(0.7), "ringing", { "text-anchor": "middle" }),
      label(X(3.6), map.Y(0.3), "exploding", { "text-anchor": "middle" }),
    );
    // Two regions are narrower than their names: these stand beside, with a line to a dot inside.
    [["creeping", 0.75, 0.16, 0.3, 0.08], ["jumping", 2.7, 0.06, 1.9, 0.1]].forEach(([kind, x, mu, product, inside]) => names.append(
      shape("line", { x1: X(x) - 3, y1: map.Y(mu), x2: X(product), y2: map.Y(inside), stroke: "var(--nnkit-ink)", "stroke-width": 1.2 }),
      shape("circle", { cx: X(product), cy: map.Y(inside), r: 2.4, fill: "var(--nnkit-ink)" }),
      label(X(x), map.Y(mu) + 4, kind),
    ));
    if (flat) names.append(label(X(2.6), map.Y(0.93), "dashed: borders of the flat axis", { "text-anchor": "middle" }));
  }

  let of = "";
  return {
    draw({ rate, momentum, curvature, flat }) {
      if (of !== `${curvature} ${flat}`) drawMap(curvature, flat);
      of = `${curvature} ${flat}`;
      attributesOf(handle, { cx: map.X(Math.min(rate, map.x[1])), cy: map.Y(momentum) });
      drag.show();
      const axesShown = flat ? [["steep axis", "SGD", curvature], ["flat axis", "momentum", 1]] : [["", "SGD", curvature]];
      const walks = axesShown.map(([, look, one]) => [look, quadraticWalk(rate, momentum, one)]);
      lines.replaceChildren(...walks.map(([look, points]) => walkLine(look, points.map((x, t) => [side.X(t), side.Y(x)]))));
      legendOfSide.replaceChildren(...(flat ? axesShown.map(([name, look], k) => shape("g", {},
        shape("path", { d: marksPath(LOOKS[look][2], [[side.ends.x[0] + 8 + 120 * k, 13]], 3.4), fill: `var(--nnkit-${LOOKS[look][0]})` }),
        shape("text", { x: side.ends.x[0] + 16 + 120 * k, y: 17, "font-size": 13 }, name))) : []));
      const told = axesShown.map(([name, , one], k) => sentenceOf(name, kindOf(rate, momentum, one), walks[k][1]));
      kit.say(told.join(" "));
      map.tell(`A map of rate and momentum with the regions ${KINDS.join(", ")} for curvature ${number(curvature)}; the point stands at rate ${number(rate)}, momentum ${number(momentum)}. ${told.join(" ")}`);
      side.tell(`The way to the lowest point over ${STEPS} steps. ${told.join(" ")}`);
    },
  };
}

function sentenceOf(name, { kind, size, factor }, points) {
  const begin = name ? `On the ${name}: ${kind}` : `${kind[0].toUpperCase()}${kind.slice(1)}`;
  if (kind === "exploding") {
    const leaves = Math.abs(points[points.length - 1]) < FAR_OUT ? "" : ` It leaves for good in step ${points.length - 1}.`;
    return `${begin}. In the end each step multiplies by ${number(factor)}.${leaves}`;
  }
  if (kind === "ringing") {
    return `${begin}. The roots are complex, of size √μ = ${number(size)}, whatever the rate: of the swing each step keeps that share.`;
  }
  return `${begin}. In the end each step multiplies the way by ${number(factor)}.`;
}
