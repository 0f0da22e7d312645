// Computes the items of a Questionnaire by their calculatedExpression with fhirpath.js, as SDC describes it.
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4/index.js";

const CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression";
const VARIABLE = "http://hl7.org/fhir/StructureDefinition/variable";

function expression(element, url) {
  return element.extension.filter((one) => one.url === url).map((one) => one.valueExpression);
}

export function fhirpathEngine(questionnaire) {
  const variables = expression(questionnaire, VARIABLE).map((one) => [one.name, fhirpath.compile(one.expression, r4)]);
  const items = questionnaire.item
    .filter((item) => item.extension?.some((one) => one.url === CALCULATED))
    .map((item) => [item.linkId, fhirpath.compile(expression(item, CALCULATED)[0].expression, r4)]);
  const weights = fhirpath.compile("%resource.item.select(answer.value.weight())", r4);

  return {
    scores(response) {
      const context = { resource: response, questionnaire, context: response };
      for (const [name, compute] of variables) context[name] = compute(response, context);
      return Object.fromEntries(items.map(([linkId, compute]) => [linkId, single(linkId, compute(response, context))]));
    },
    weights(response) {
      return weights(response, { resource: response, questionnaire, context: response });
    },
  };
}

function single(linkId, values) {
  if (values.length > 1) throw new Error(`${linkId} gave ${values.length} values`);
  return values.length === 0 ? null : values[0];
}
