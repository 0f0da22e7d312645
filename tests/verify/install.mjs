// Installs the test tools beside this file: fhirpath.js and jsdom by the lock, LForms as packed files by its hash.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = JSON.parse(readFileSync(join(here, "lforms.json"), "utf8"));
const target = join(here, "node_modules", ".lforms");
const mark = join(here, "node_modules", ".installed");
const state = createHash("sha512")
  .update(readFileSync(join(here, "package-lock.json")))
  .update(wanted.integrity)
  .digest("hex");

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

function fetchLForms() {
  const folder = mkdtempSync(join(tmpdir(), "svarbro-lforms-"));
  try {
    run("npm", ["pack", "--silent", `lforms@${wanted.version}`, "--pack-destination", folder], here);
    const packed = join(folder, `lforms-${wanted.version}.tgz`);
    const found = `sha512-${createHash("sha512").update(readFileSync(packed)).digest("base64")}`;
    if (found !== wanted.integrity) throw new Error(`lforms ${wanted.version} has another hash: ${found}`);
    mkdirSync(target, { recursive: true });
    run("tar", ["-xzf", packed, "-C", target, "--strip-components=1"], here);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (!existsSync(mark) || readFileSync(mark, "utf8") !== state) {
  run("npm", ["ci", "--ignore-scripts", "--silent"], here);
  fetchLForms();
  writeFileSync(mark, state);
}
