// Scores stored responses with fhirpath.js: JSON.parse and one compiled expression each; tells microseconds of CPU.
const fs = require("node:fs");
const { createRequire } = require("node:module");

const [, , modules, file, expression] = process.argv;
const from = createRequire(`${modules}/x.js`);
const fhirpath = from("fhirpath");
const r4 = from("fhirpath/fhir-context/r4");
const score = fhirpath.compile(expression, r4);
const lines = fs.readFileSync(file, "utf8").split("\n");

const round = () => lines.map((line) => score(JSON.parse(line))[0]);
round(); // The compiler of V8 has seen everything before the clock starts.
const begin = process.cpuUsage();
const totals = round();
const used = process.cpuUsage(begin);
console.log(JSON.stringify({ us: (used.user + used.system) / lines.length, totals, version: from("fhirpath/package.json").version }));
