// Computes the hidden items of a Questionnaire with LForms, headless: the form is filled and its calculations are run.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { JSDOM } from "jsdom";

const CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression";
const DIST = join(dirname(fileURLToPath(import.meta.url)), "node_modules", ".lforms", "dist", "lforms");
const FILES = ["webcomponent/assets/lib/zone.min.js", "webcomponent/lhc-forms.js", "fhir/R4/lformsFHIR.min.js"];

function load() {
  const dom = new JSDOM("<!doctype html><html><body></body></html>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    url: "http://localhost/",
  });
  dom.window.console.log = () => {}; // it reports every run
  for (const file of FILES) dom.window.eval(readFileSync(join(DIST, file), "utf8"));
  return dom.window.LForms;
}

export function lformsEngine(questionnaire) {
  const LForms = load();
  const text = JSON.stringify(questionnaire);
  const calculated = questionnaire.item
    .filter((item) => item.extension?.some((one) => one.url === CALCULATED))
    .map((item) => item.linkId);

  return {
    async scores(response) {
      const form = LForms.Util.convertFHIRQuestionnaireToLForms(JSON.parse(text), "R4");
      const filled = new LForms.LFormsData(
        LForms.Util.mergeFHIRDataIntoLForms("QuestionnaireResponse", response, form, "R4"),
      );
      filled.hasSavedData = false; // else the totals of the response, which are not there, count as typed by a person
      await filled._expressionProcessor.runCalculations(true);
      const items = LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4", filled).item ?? [];
      const answers = new Map(items.map((item) => [item.linkId, item.answer?.[0]]));
      return Object.fromEntries(calculated.map((linkId) => [linkId, value(answers.get(linkId))]));
    },
    // What a person who fills in the form on LForms' own pages would send.
    sent(response) {
      const form = LForms.Util.convertFHIRQuestionnaireToLForms(JSON.parse(text), "R4");
      const filled = new LForms.LFormsData(
        LForms.Util.mergeFHIRDataIntoLForms("QuestionnaireResponse", response, form, "R4"),
      );
      return LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4", filled);
    },
  };
}

function value(answer) {
  if (answer === undefined) return null;
  return answer.valueDecimal ?? answer.valueInteger ?? answer.valueString ?? null;
}
