// Uses plot.js and surfaces.js.
// Descent in your hand: drag the start, turn rate and momentum, and the walk follows; beside it the loss over the steps.

function view(kit) {
  const places = kit.material.surfaces;
  const map = axes({ width: 430, height: 350, xLabel: "x", yLabel: "y", top: 26 });
  const curve = axes({
    width: 280, height: 350, xLabel: "step", yLabel: "loss above the lowest", yLog: true, top: 26, xTicks: 4, left: 62,
  });
  kit.panel.append(...["surface", "optimizer", "beside", "rate"].map(kit.show));
  const momentum = kit.show("momentum");
  kit.panel.append(momentum, kit.show("steps"));
  const ground = shape("g");
  const paths = shape("g");
  const names = shape("g");
  const handle = shape("circle", { r: 9, fill: "var(--nnkit-page)", "fill-opacity": 0.4, stroke: "var(--nnkit-ink)", "stroke-width": 2.4 });
  map.inside.append(ground, paths);
  map.over.append(names);
  map.handles.append(handle);
  const lines = shape("g");
  curve.inside.append(lines);
  kit.stage.append(beside(map.svg, curve.svg));

  let shown = null; // the surface whose ground is drawn
  const place = () => places[kit.state.surface];
  const drag = draggable(kit, handle, {
    name: "start",
    get: () => kit.state.start.slice(0, place().weights),
    set: (values) => kit.set({ start: startAt(values, place()) }),
    from: map.from,
    step: [0.05, 0.05],
  });

  return {
    draw(state) {
      if (shown !== state.surface) {
        if (shown !== null) { // the start of one surface is nothing for the next
          kit.state = { ...kit.state, start: [...place().start] };
          state = kit.state;
        }
        shown = state.surface;
        ground.replaceChildren(drawGround(map, shown, place()));
      }
      const { start, rate, momentum: mu, steps } = state;
      const used = [state.optimizer, state.beside].filter((name, k, all) => name !== "none" && all.indexOf(name) === k);
      momentum.hidden = !used.some((name) => name === "momentum" || name === "Adam");
      momentum.style.display = momentum.hidden ? "none" : "";
      const at = onGround(map, shown, place());
      const walks = used.map((name) => [name, walkOf(shown, name, start, rate, mu, steps)]);
      paths.replaceChildren(...walks.map(([name, points]) => walkLine(name, points.map(at))));
      names.replaceChildren(...legend(used, map.ends.x[0], 13));
      const [hx, hy] = at(start);
      attributesOf(handle, { cx: hx, cy: hy });
      drag.show();

      const above = walks.map(([name, points]) => [name, lossAbove(shown, place(), points)]);
      curve.range([0, steps], [1e-6, Math.max(100, 2 * above[0][1][0])]);
      lines.replaceChildren(...above.map(([name, values]) =>
        walkLine(name, values.map((value, k) => [curve.X(k), curve.Y(Math.max(value, 1e-9))]), { marked: false, thick: 2 })));

      const told = walks.map(([name, points]) => outcome(name, points, state, place()));
      const from = place().weights === 1 ? number(start[0]) : `(${start.map(number).join(", ")})`;
      kit.say(`${told.join(" ")} ${factors(state, place(), used)}`.trim());
      map.tell(`${place().formula}: ${used.join(" and ")} from ${from}. ${told.join(" ")}`);
      curve.tell(`The loss above the lowest over ${steps} steps. ${told.join(" ")}`);
    },
  };
}

function outcome(name, points, { surface, steps }, place) {
  const [x, y] = points[points.length - 1];
  if (points.length <= steps || !(Math.max(Math.abs(x), Math.abs(y)) < FAR_OUT)) {
    return `${name} leaves for good in step ${points.length - 1}.`;
  }
  const loss = number(SURFACES[surface].loss(x, y));
  const where = place.ridge === null ? "" : `, in the ${x < place.ridge ? "deep" : "shallow"} valley`;
  return `${name}: loss ${loss} after ${steps} step${steps === 1 ? "" : "s"}${where}.`;
}

// On a parabola each step of plain descent multiplies the way to the lowest point by one number for each axis.
function factors({ rate }, { curvatures }, used) {
  if (!curvatures.length || !used.includes("SGD")) return "";
  const named = curvatures.map((one, k) => `1 − ${one === 1 ? "" : number(one)}α = ${number(1 - one * rate)}${curvatures.length > 1 ? ` along ${"xy"[k]}` : ""}`);
  return `A step of SGD multiplies the way to the lowest point by ${named.join(", by ")}.`;
}
