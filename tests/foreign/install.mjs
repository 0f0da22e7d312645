// Installs the test tools beside this file by the lock: a client and a provider that are not ours.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const mark = join(here, "node_modules", ".installed");
const state = createHash("sha512")
  .update(readFileSync(join(here, "package-lock.json")))
  .digest("hex");

if (!existsSync(mark) || readFileSync(mark, "utf8") !== state) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--silent"], { cwd: here, stdio: ["ignore", "inherit", "inherit"] });
  writeFileSync(mark, state);
}
