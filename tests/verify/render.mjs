// Fills a Questionnaire in with LForms, and writes the responses that it makes of the answers: node render.mjs JOB RESULTS
import { readFileSync, writeFileSync } from "node:fs";
import { lformsEngine } from "./lforms_engine.mjs";

const [, , jobFile, resultsFile] = process.argv;
const job = JSON.parse(readFileSync(jobFile, "utf8"));
console.log = () => {}; // LForms reports every run
const lforms = lformsEngine(job.questionnaire);
writeFileSync(resultsFile, JSON.stringify({ sent: job.responses.map((response) => lforms.sent(response)) }));
process.exit(0); // zone.js keeps timers
