// A picture that moves stands in a frame of its own: it follows the page's theme and is as high as what is in it.
const frames = () => [...document.querySelectorAll("iframe.nnkit-live")];

function inside(frame) {
  // Opened from a disk, a page may not look into its frames; the picture then stays light, and scrolls.
  try { return frame.contentDocument; } catch { return null; }
}

function fit(frame) {
  const page = inside(frame);
  if (!page?.body || !page.querySelector("#widget > *")) return;
  page.documentElement.dataset.theme = document.documentElement.dataset.theme;
  page.body.style.background = "var(--nnkit-page)";
  page.body.style.margin = "12px";
  const measure = () => { frame.style.height = `${page.body.scrollHeight + 26}px`; };
  new frame.contentWindow.ResizeObserver(measure).observe(page.body);
  measure();
}

for (const frame of frames()) {
  frame.addEventListener("load", () => fit(frame));
  if (inside(frame)?.readyState === "complete") fit(frame);
}
new MutationObserver(() => {
  for (const frame of frames()) {
    const page = inside(frame);
    if (page?.documentElement) page.documentElement.dataset.theme = document.documentElement.dataset.theme;
  }
}).observe(document.documentElement, { attributeFilter: ["data-theme"] });

// What is wider than the page scrolls by itself, and has to be reached by the keyboard, too. The theme sees to code and
// tables, not to pictures and formulas.
const WIDE = ".nnkit-picture, mjx-container[display='true'], div.cell_output, div.cell_output pre, figure";

function reach() {
  for (const part of document.querySelectorAll(WIDE)) {
    const scrolls = part.scrollWidth > part.clientWidth && getComputedStyle(part).overflowX !== "visible";
    if (scrolls) part.tabIndex = 0;
    else if (part.tabIndex === 0) part.removeAttribute("tabindex");
  }
}

let waiting = 0;
new ResizeObserver(() => {
  clearTimeout(waiting);
  waiting = setTimeout(reach, 100);
}).observe(document.querySelector("main") || document.body);
