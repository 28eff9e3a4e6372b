// A glider turned in space and the answers of networks beside it; below, their errors on the full turn.

const WIDE = 236;
const HIGH = 236;
const SIZE = 80; // pixels for a length of 1
const LOOKS = [["gradient", ""], ["target", "7 4"], ["second", "2 4"]]; // colour and dashes of each network

function view(kit) {
  const { names, step, faces, view: eye } = kit.material;
  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const times = (R, v) => [dot(R.slice(0, 3), v), dot(R.slice(3, 6), v), dot(R.slice(6, 9), v)];
  const paper = (v) => [WIDE / 2 + SIZE * dot(v, eye.right), HIGH / 2 + 14 - SIZE * dot(v, eye.up)];
  const path = (corners) => corners.map((corner) => paper(corner).map((x) => x.toFixed(1)).join(",")).join(" ");

  // The matrix of a turn about the axis of a state, row by row (Rodrigues).
  const axisOf = ({ height, heading }) => {
    const [up, around] = [(height * Math.PI) / 180, (heading * Math.PI) / 180];
    return [Math.cos(up) * Math.cos(around), Math.cos(up) * Math.sin(around), Math.sin(up)];
  };
  const matrix = (state) => {
    const [a, b, c] = axisOf(state);
    const [cos, sin] = [Math.cos((state.turn * Math.PI) / 180), Math.sin((state.turn * Math.PI) / 180)];
    const rest = 1 - cos;
    return [
      cos + a * a * rest, a * b * rest - c * sin, a * c * rest + b * sin,
      a * b * rest + c * sin, cos + b * b * rest, b * c * rest - a * sin,
      a * c * rest - b * sin, b * c * rest + a * sin, cos + c * c * rest,
    ];
  };

  const fills = { "left wing": "var(--nnkit-input)", "right wing": "var(--nnkit-weight-area)", fin: "var(--nnkit-axis)" };
  function stand(title, attributes = {}) {
    const svg = picture(WIDE, HIGH, title, attributes);
    const words = shape("text", { x: WIDE / 2, y: 16, "text-anchor": "middle", "font-size": 14 }, title);
    const body = shape("g");
    svg.append(words, body);
    return { svg, words, body };
  }
  const glider = (R, truth) => {
    const drawn = faces.map(({ name, corners }) => {
      const there = corners.map((corner) => times(R, corner));
      const near = there.reduce((sum, corner) => sum + dot(corner, eye.towards), 0) / there.length;
      return [near, shape("polygon", { points: path(there), fill: fills[name], "fill-opacity": 0.9, stroke: "var(--nnkit-ink)", "stroke-width": 1 }),
        name === "right wing" ? shape("polyline", { // a second edge: the wings differ by more than colour
          points: path([[-0.55, -0.05, 0], [-0.55, -0.62, 0]].map((corner) => times(R, corner))), fill: "none", stroke: "var(--nnkit-ink)", "stroke-width": 2,
        }) : null];
    });
    drawn.sort((one, other) => one[0] - other[0]);
    const axes = ["x", "y", "z"].map((name, index) => {
      const tip = times(R, [0, 1, 2].map((entry) => (entry === index ? 1.2 : 0)));
      const [x, y] = paper(tip);
      const [far, high] = paper(tip.map((entry) => 1.18 * entry));
      return shape("g", {},
        shape("line", { x1: paper([0, 0, 0])[0], y1: paper([0, 0, 0])[1], x2: x, y2: y, stroke: "var(--nnkit-ink)", "stroke-width": 1.3, "stroke-dasharray": dot(tip, eye.towards) < 0 ? "2 3" : null }),
        shape("text", { x: far, y: high + 5, "text-anchor": "middle", "font-size": 14, "font-style": "italic", stroke: "var(--nnkit-page)", "stroke-width": 4, "paint-order": "stroke" }, name));
    });
    const outline = truth ? faces.map(({ corners }) => shape("polygon", {
      points: path(corners.map((corner) => times(truth, corner))), fill: "none", stroke: "var(--nnkit-target)", "stroke-width": 2, "stroke-dasharray": "6 4",
    })) : [];
    return [...axes, ...drawn.flatMap((face) => face.slice(1).filter(Boolean)), ...outline];
  };

  const truthStand = stand("truth", { role: "group" }); // it holds the axis, which can be moved
  const stands = names.map((name) => stand(name));
  const row = element("div", { style: "display:flex;flex-wrap:wrap" }, truthStand.svg, ...stands.map(({ svg }) => svg));

  // The axis is an arrow whose tip can be taken hold of.
  const axisLine = shape("line", { stroke: "var(--nnkit-weight)", "stroke-width": 3 });
  const axisTip = shape("circle", { r: 8, fill: "var(--nnkit-weight)", stroke: "var(--nnkit-page)", "stroke-width": 2 });
  truthStand.svg.append(axisLine, axisTip);
  const REACH = 1; // short of the letters at the ends of the body's own axes
  const held = draggable(kit, axisTip, {
    name: "axis of the turn: heading and height",
    get: () => [kit.state.heading, kit.state.height],
    set: ([heading, height]) => kit.set({ heading: clamp(Math.round(heading), -180, 180), height: clamp(Math.round(height), -90, 90) }),
    // Where on the near half of a ball the pointer is.
    from: (event) => {
      const [x, y] = pointIn(truthStand.svg, event);
      let [right, up] = [(x - WIDE / 2) / SIZE / REACH, (HIGH / 2 + 14 - y) / SIZE / REACH];
      const far = Math.hypot(right, up);
      if (far > 1) { right /= far; up /= far; }
      const near = Math.sqrt(Math.max(0, 1 - right * right - up * up));
      const v = [0, 1, 2].map((i) => right * eye.right[i] + up * eye.up[i] + near * eye.towards[i]);
      return [(Math.atan2(v[1], v[0]) * 180) / Math.PI, (Math.asin(clamp(v[2], -1, 1)) * 180) / Math.PI];
    },
    step: [2, 2],
    bounds: [-180, 180],
  });

  // The errors on the full turn.
  const chart = picture(3 * WIDE, 190, "");
  const across = scale([0, 360], [46, 3 * WIDE - 150]);
  const up = scale([0, 180], [158, 12]);
  for (const degrees of [0, 90, 180]) {
    chart.append(
      shape("line", { x1: across(0), x2: across(360), y1: up(degrees), y2: up(degrees), stroke: "var(--nnkit-axis)", "stroke-width": degrees ? 0.5 : 1.2 }),
      shape("text", { x: across(0) - 6, y: up(degrees) + 4, "text-anchor": "end", "font-size": 12 }, `${degrees}°`));
  }
  for (const degrees of [0, 90, 180, 270, 360]) {
    chart.append(shape("text", { x: across(degrees), y: 174, "text-anchor": "middle", "font-size": 12 }, `${degrees}°`));
  }
  chart.append(shape("text", { x: across(180), y: 188, "text-anchor": "middle", "font-size": 12 }, "turned by; upwards: how far the answer is off"));
  const now = shape("line", { y1: up(0), y2: up(180), stroke: "var(--nnkit-ink)", "stroke-width": 1.5, "stroke-dasharray": "4 3" });
  const curves = names.map((name, index) => {
    const [role, dashes] = LOOKS[index];
    const curve = shape("polyline", { fill: "none", stroke: `var(--nnkit-${role})`, "stroke-width": 2.2, "stroke-dasharray": dashes });
    const mark = shape("circle", { r: 4, fill: `var(--nnkit-${role})` });
    const words = shape("text", { x: 3 * WIDE - 100, y: 34 + 22 * index, "font-size": 13 }, name);
    const sample = shape("line", { x1: 3 * WIDE - 136, x2: 3 * WIDE - 106, y1: 30 + 22 * index, y2: 30 + 22 * index, stroke: `var(--nnkit-${role})`, "stroke-width": 2.2, "stroke-dasharray": dashes });
    chart.append(curve, mark, words, sample);
    return { curve, mark };
  });
  chart.append(now);

  const play = player(kit, {
    pause: 25,
    play: "Turn",
    forward: () => {
      kit.set({ turn: kit.state.turn >= 360 ? 0 : Math.min(360, (Math.floor(kit.state.turn / step) + 1) * step) });
      return kit.state.turn < 360;
    },
  });
  for (const name of ["turn", "height", "heading"]) kit.panel.append(kit.show(name));
  kit.panel.append(play.node);
  kit.stage.append(row, chart);

  let known = null; // the answers, and the axis that they belong to
  const axisName = (state) => `${state.height} ${state.heading}`;
  let asked = null;
  const ask = kit.follow(() => { asked = { ...kit.state }; return asked; }, (found) => {
    known = { ...found, axis: axisName(asked) };
    curves.forEach(({ curve }, index) => {
      const points = Array.from(found.errors[index], (degrees, place) => `${across(place * step).toFixed(1)},${up(degrees).toFixed(1)}`);
      curve.setAttribute("points", points.join(" "));
    });
    show(kit.state);
  });

  function show(state) {
    const truth = matrix(state);
    truthStand.body.replaceChildren(...glider(truth, null));
    const tip = paper(axisOf(state).map((entry) => REACH * entry));
    const centre = paper([0, 0, 0]);
    attributesOf(axisLine, { x1: centre[0], y1: centre[1], x2: tip[0], y2: tip[1] });
    attributesOf(axisTip, { cx: tip[0], cy: tip[1] });
    held.show();
    attributesOf(now, { x1: across(state.turn), x2: across(state.turn) });
    truthStand.svg.setAttribute("aria-label", `The glider, turned by ${number(state.turn)}° about an axis ${number(state.height)}° above the horizon, heading ${number(state.heading)}°`);
    if (!known || known.axis !== axisName(state)) return;
    const place = Math.round(state.turn / step);
    const told = names.map((name, index) => {
      const answer = Array.from(known.answers[index].slice(9 * place, 9 * place + 9));
      const off = known.errors[index][place];
      const { svg, words, body } = stands[index];
      words.textContent = `${name}: ${off.toFixed(0)}° off`;
      svg.setAttribute("aria-label", `Where ${name} has the glider, ${off.toFixed(0)}° from the truth, which is dashed`);
      body.replaceChildren(...glider(answer, truth));
      attributesOf(curves[index].mark, { cx: across(place * step), cy: up(off) });
      return `${name} is ${off.toFixed(0)}° off`;
    });
    const worst = names.map((name, index) => {
      const errors = Array.from(known.errors[index]);
      const largest = Math.max(...errors);
      return `${name} ${largest.toFixed(0)}° at ${errors.indexOf(largest) * step}°`;
    });
    chart.setAttribute("aria-label", `Errors over the full turn; the largest: ${worst.join("; ")}`);
    kit.say(`Turned by ${number(state.turn)}°: ${told.join("; ")}. The largest errors of the whole turn: ${worst.join("; ")}.`);
  }

  return {
    draw(state) {
      const turn = step * Math.round(state.turn / step);
      if (state.turn !== turn) { // typed more finely than the networks were asked
        kit.set({ turn });
        return "later";
      }
      show(state);
      if (!known || known.axis !== axisName(state)) ask();
      return null;
    },
  };
}
