// What nnkit adds to the pages of JupyterLite, as an extension that needs no build: Run All goes on where a notebook
// allows a cell to fail, and ends cleanly where it does not; a downloaded file has its own name; headings are shown whole.
//
// JupyterLite (0.6) drops whatever waits for a kernel as soon as one cell fails. It does not ask whether the cell was
// allowed to (the tag `raises-exception`, which JupyterLab sends as `stop_on_error: false`), and what it drops gets no
// answer, so the page shows a busy kernel for ever. Here it is done as by Python's own kernel: a failure is final only
// where it should be, and what waited then is answered with "aborted".
(() => {
  const KERNELS = "@jupyterlite/kernel";
  const CORE = "CORE_OUTPUT"; // JupyterLite's own modules, not a copy that some extension brings

  function message(type, channel, parent, content) {
    const header = {
      date: new Date().toISOString(),
      msg_id: crypto.randomUUID?.() ?? `nnkit-${Math.random()}`, // only an encrypted page has the first
      msg_type: type,
      session: parent.session,
      username: "",
      version: "5.2",
    };
    return { buffers: [], channel, content, header, metadata: {}, parent_header: parent };
  }

  // The page gets what `toJSON` says, a failure; JupyterLite, which looks at the status itself, has nothing to drop.
  const kept = (content) => ({ ...content, status: "nnkit-error", toJSON: () => content });

  function answering(create) {
    return async (options) => {
      let stops = true;
      let failed = ""; // when a cell failed that may not; what was sent until then is not run
      const send = (sent) => {
        if (sent.header.msg_type !== "execute_reply" || sent.content.status !== "error") {
          return options.sendMessage(sent);
        }
        if (stops) failed = new Date().toISOString();
        return options.sendMessage({ ...sent, content: kept(sent.content) });
      };
      const kernel = await create({ ...options, sendMessage: send });
      const handle = kernel.handleMessage.bind(kernel);
      kernel.handleMessage = async (asked) => {
        if (asked.header.msg_type !== "execute_request") return handle(asked);
        if (asked.header.date <= failed) {
          send(message("execute_reply", "shell", asked.header, { status: "aborted" }));
          send(message("status", "iopub", asked.header, { execution_state: "idle" }));
          return undefined;
        }
        stops = asked.content.stop_on_error !== false;
        return handle(asked);
      };
      return kernel;
    };
  }

  function watch(specs) {
    const register = specs.register.bind(specs);
    specs.register = (kernel) => register({ ...kernel, create: answering(kernel.create) });
    for (const [name, create] of specs.factories) specs.factories.set(name, answering(create));
  }

  // A file in a folder would be called folder_file: a browser puts the path into the name.
  function named(event) {
    const link = event.target.closest?.("a[download]");
    if (link) link.download = link.download.split("/").pop();
  }

  // As nnkit/cli/page does it in JupyterLab: the table of contents shows headings whole.
  const sheet = `
    .jp-tocItem::part(content-region) { height: auto; min-height: 24px; }
    .jp-tocItem::part(positioning-region) { height: auto; }
    .jp-tocItem-content { white-space: normal; overflow-wrap: anywhere; line-height: 1.3; }
  `;

  let shared;
  const extension = async () => {
    const versions = Object.values(shared[KERNELS]);
    const module = (await (versions.find((one) => one.from.includes(CORE)) ?? versions[0]).get())();
    const plugin = {
      id: "nnkit-page:plugin",
      autoStart: true,
      requires: [module.IKernelSpecs],
      activate: (_, specs) => {
        watch(specs);
        document.head.append(Object.assign(document.createElement("style"), { textContent: sheet }));
        document.addEventListener("click", named, true);
      },
    };
    return () => ({ __esModule: true, default: plugin });
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["nnkit-page"] = {
    init: (scope) => { shared = scope; },
    get: extension,
  };
})();
