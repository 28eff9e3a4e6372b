// A walk through a graph: a picture made in advance for each step, a sentence, and what is stepped through as a row of
// buttons. A prediction comes before each step, so an entry says what it is only when its step has been shown; until
// then it has its number. On a step forward a dot runs along the edges at work, from the end that sends to the end that
// receives.

const RUN = 450; // milliseconds that the dot is on its way
const AT_WORK = 'path.edge[stroke-width="2.4"]:not([stroke-dasharray])'; // the edges of this step's messages
const LEAST = 0.93; // the smallest share of its size at which a picture's letters have 12 pixels

function view(kit) {
  const { walks, row } = kit.material;
  const now = () => walks[kit.state.graph ?? Object.keys(walks)[0]];
  const steps = stepper(kit, { name: "step", last: () => now().pictures.length - 1, label: "step of the walk" });
  const place = element("div", { class: "nnkit-picture" });
  const entries = element("div", { class: "nnkit-row", role: "group", "aria-label": row });
  kit.stage.append(steps.node, place, entries);
  let at = null;
  let graph;
  let begun = false;
  let running = null;
  const furthest = new Map(); // the last step that was shown of each graph

  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  function run() {
    const paths = [...place.querySelectorAll(AT_WORK)];
    const dots = paths.map((path) => {
      const dot = shape("circle", { r: 6, fill: "var(--nnkit-gradient)", stroke: "var(--nnkit-page)", "stroke-width": 1.5 });
      path.parentNode.append(dot);
      return { dot, path, length: path.getTotalLength() };
    });
    const begun = performance.now();
    const move = (time) => {
      const share = clamp((time - begun) / RUN, 0, 1);
      for (const { dot, path, length } of dots) {
        const { x, y } = path.getPointAtLength(length * (1 - share));
        attributesOf(dot, { cx: x, cy: y });
      }
      if (share < 1) running = requestAnimationFrame(move);
      else dots.forEach(({ dot }) => dot.remove());
    };
    if (dots.length) move(begun);
  }

  // A picture shrinks with the page as long as its letters can be read; then it scrolls, by the arrow keys, too.
  function keepReadable() {
    const svg = place.querySelector("svg");
    if (!svg) return;
    svg.style.minWidth = `${Math.ceil(LEAST * svg.getAttribute("width"))}px`;
    const frame = svg.parentNode;
    const scrolls = frame.scrollWidth > frame.clientWidth + 1;
    attributesOf(frame, { tabindex: scrolls ? 0 : null, role: scrolls ? "group" : null, "aria-label": scrolls ? "graph" : null });
  }

  // Where a picture scrolls, what is at work comes into view, and nothing else moves. At the end the verdicts do: they
  // stand where the graph begins.
  function lookAt(seen, isEnd) {
    const frame = place.firstElementChild;
    frame.scrollLeft = isEnd ? 0 : seen;
    const work = place.querySelector(AT_WORK) ?? place.querySelector('rect[stroke-width="4"]');
    if (!work || frame.scrollWidth <= frame.clientWidth) return;
    const [here, whole] = [work.getBoundingClientRect(), frame.getBoundingClientRect()];
    if (here.left < whole.left || here.right > whole.right) {
      frame.scrollLeft += (here.left + here.right - whole.left - whole.right) / 2;
    }
  }

  const watch = new ResizeObserver(keepReadable);
  watch.observe(place);

  function list() {
    entries.replaceChildren(...now().row.map((_, index) => button(
      "", () => { steps.play.end(); kit.set({ step: index + 1 }); },
    )));
    entries.hidden = now().row.length === 0;
  }

  return {
    draw(state) {
      const { pictures, sentences } = now();
      const isNew = !begun || graph !== state.graph;
      if (begun && isNew) {
        steps.play.end();
        kit.state = { ...state, step: 0 };
      }
      const step = clamp(kit.state.step, 0, pictures.length - 1);
      if (step !== kit.state.step) kit.state = { ...kit.state, step };
      if (isNew) list();
      if (isNew || at !== step) {
        cancelAnimationFrame(running);
        const seen = place.firstElementChild?.scrollLeft ?? 0;
        place.innerHTML = pictures[step];
        keepReadable();
        lookAt(seen, step === pictures.length - 1);
        if (!isNew && at === step - 1 && !still.matches) run();
      }
      graph = state.graph;
      begun = true;
      at = step;
      furthest.set(graph, Math.max(step, furthest.get(graph) ?? 0));
      [...entries.children].forEach((entry, index) => {
        const { text, mark } = now().row[index];
        const isShown = index < furthest.get(state.graph);
        entry.textContent = isShown ? (mark === "wrong" ? `✗ ${text}` : text) : `${index + 1}`;
        attributesOf(entry, {
          class: `nnkit-entry nnkit-${isShown ? mark : "ahead"}`,
          "aria-label": isShown ? null : `step ${index + 1}`,
          "aria-current": index === step - 1 ? "step" : null,
        });
      });
      steps.show(step);
      kit.say(sentences[step]);
    },
    end() {
      cancelAnimationFrame(running);
      watch.disconnect();
    },
  };
}
