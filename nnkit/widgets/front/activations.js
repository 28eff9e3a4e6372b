// Uses axes.js.
// One activation with its tangent at x, and beneath it its slope everywhere. Values and slopes were computed by the
// library, at every twentieth; the point is dragged along them.

const WIDE = 672;

function view(kit) {
  const { x: places, curves: table } = kit.material;
  const { low, high } = kit.fields.x;
  const svg = picture(WIDE, 440, "", { role: "group", "font-size": 14.5 });
  const across = [-6, -4, -2, 0, 2, 4, 6];
  const value = axesIn(svg, {
    box: { left: 62, right: WIDE - 24, top: 14, bottom: 226 }, x: [low, high], y: [-2.2, 2.8], across, up: [-2, -1, 0, 1, 2], labels: ["", "value"],
  });
  const slope = axesIn(svg, {
    box: { left: 62, right: WIDE - 24, top: 264, bottom: 392 }, x: [low, high], y: [-0.08, 1.15], across, up: [0, 0.25, 0.5, 1], labels: ["x", "slope"],
  });
  const curve = shape("polyline", { stroke: "var(--nnkit-input)" });
  const tangent = shape("line", { stroke: "var(--nnkit-gradient)", "stroke-dasharray": "9 4" });
  const steepness = shape("polyline", { stroke: "var(--nnkit-gradient)", "stroke-dasharray": "9 4" });
  value.curves.append(curve, tangent);
  slope.curves.append(steepness);
  const dot = (fill) => shape("circle", { r: 7, fill, stroke: "var(--nnkit-page)", "stroke-width": 1.5 });
  const handle = shape("g", {}, shape("circle", { r: 14, fill: "transparent" }), dot("var(--nnkit-input)"));
  const below = dot("var(--nnkit-gradient)");
  svg.append(below, handle);
  const twentieth = (x) => clamp(Number((Math.round(20 * x) / 20).toFixed(2)), low, high);
  const { show } = draggable(kit, handle, {
    name: "x on the curve", get: () => [kit.state.x], set: ([x]) => kit.set({ x: twentieth(x) }),
    from: (event) => [value.x.back(pointIn(svg, event)[0])], step: [0.1], bounds: [low, high],
  });
  kit.stage.append(svg);
  let drawn = null;
  return {
    draw({ name, x }) {
      if (x !== twentieth(x)) { // typed more finely than the table is
        kit.set({ x: twentieth(x) });
        return "later";
      }
      const at = Math.round((x - low) * 20);
      const [height, steep] = [table[name].value[at], table[name].slope[at]];
      if (name !== drawn) {
        curve.setAttribute("points", value.points(places, table[name].value));
        steepness.setAttribute("points", slope.points(places, table[name].slope));
      }
      drawn = name;
      const half = 2 / Math.hypot(1, steep); // the same length at every slope
      attributesOf(tangent, {
        x1: value.x(x - half), y1: value.y(height - steep * half), x2: value.x(x + half), y2: value.y(height + steep * half),
      });
      handle.setAttribute("transform", `translate(${value.x(x)} ${clamp(value.y(height), 14, 226)})`);
      // Beyond the plot the point stands at its edge, hollow.
      const beyond = height > 2.8 || height < -2.2;
      attributesOf(handle.lastChild, beyond ? { fill: "var(--nnkit-page)", stroke: "var(--nnkit-input)" } : { fill: "var(--nnkit-input)", stroke: "var(--nnkit-page)" });
      attributesOf(below, { cx: slope.x(x), cy: slope.y(steep) });
      show();
      const said = `${name} at x = ${number(x)}: value ${number(height)}, slope ${number(steep)}. A message is multiplied by ${number(steep)} here.`;
      svg.setAttribute("aria-label", `The activation ${name} with its tangent, and beneath it its slope. ${said}`);
      kit.say(said);
      return null;
    },
    again: ({ name, x }) => `${kit.material.call}(${pythonText(name)}, x=${pythonText(x)})`,
  };
}
