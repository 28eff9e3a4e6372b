// The table of contents shows headings whole, in two lines where one is too short: an exercise is known by the end of
// its name. An extension of JupyterLab that needs no build; nnkit/lite/page does the same in the browser.
(() => {
  const sheet = `
    .jp-tocItem::part(content-region) { height: auto; min-height: 24px; }
    .jp-tocItem::part(positioning-region) { height: auto; }
    .jp-tocItem-content { white-space: normal; overflow-wrap: anywhere; line-height: 1.3; }
  `;
  const plugin = {
    id: "nnkit-headings:plugin",
    autoStart: true,
    activate: () => document.head.append(Object.assign(document.createElement("style"), { textContent: sheet })),
  };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["nnkit-headings"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
