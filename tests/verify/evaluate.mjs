// Reads a job from a file and writes what both engines make of each response: node evaluate.mjs JOB RESULTS
import { readFileSync, writeFileSync } from "node:fs";
import { fhirpathEngine } from "./fhirpath_engine.mjs";
import { lformsEngine } from "./lforms_engine.mjs";

const [, , jobFile, resultsFile] = process.argv;
const job = JSON.parse(readFileSync(jobFile, "utf8"));
console.log = () => {}; // LForms reports every run
const fhirpath = fhirpathEngine(job.questionnaire);
const lforms = lformsEngine(job.questionnaire);
const results = { fhirpath: [], lforms: [], weights: [], seconds: { fhirpath: 0, lforms: 0 } };

async function timed(name, work) {
  const begin = process.cpuUsage();
  results[name].push(await work());
  const spent = process.cpuUsage(begin);
  results.seconds[name] += (spent.user + spent.system) / 1e6;
}

for (const [place, response] of job.responses.entries()) {
  await timed("fhirpath", () => fhirpath.scores(response));
  if (place < job.lforms) await timed("lforms", () => lforms.scores(structuredClone(response)));
}
results.weights = job.weights.map((response) => fhirpath.weights(response));
writeFileSync(resultsFile, JSON.stringify(results));
process.exit(0); // zone.js keeps timers
