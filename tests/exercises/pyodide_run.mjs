// Runs a Python program in Pyodide, Python's build for browsers, with this repository's package and tests in it.
//   node pyodide_run.mjs FOLDER_OF_PYODIDE REPOSITORY PROGRAM
import { pathToFileURL } from "node:url";
import fs from "node:fs";

const [folder, repository, program] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const pyodide = await loadPyodide({ packageCacheDir: folder });
await pyodide.loadPackage(["numpy"], { messageCallback() {} });
for (const [name, place] of [["nnkit", "/lib/python3.12/site-packages/nnkit"], ["tests", "/home/pyodide/tests"]]) {
  pyodide.FS.mkdirTree(place);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: `${repository}/${name}` }, place);
}
pyodide.runPython(fs.readFileSync(program, "utf8"));
process.exit(0);
