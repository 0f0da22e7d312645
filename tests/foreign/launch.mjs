// Opens one patient's page as a practice system does: openid-client writes the address and changes the code.
import { readFileSync } from "node:fs";
import * as client from "openid-client";

const job = JSON.parse(readFileSync(0, "utf8"));
const told = await (await fetch(job.discovery)).json();
const key = await crypto.subtle.importKey("jwk", job.jwk, { name: "ECDSA", namedCurve: "P-384" }, false, ["sign"]);
const proof = client.PrivateKeyJwt(
  { key, kid: job.jwk.kid },
  {
    [client.modifyAssertion]: (_header, claims) => {
      claims.aud = told.token_endpoint;
    },
  },
);
const config = new client.Configuration(told, job.client, {}, proof);
client.allowInsecureRequests(config);

if (job.step === "begin") {
  const tokens = await client.clientCredentialsGrant(config, { scope: "system/Patient.r" });
  const answer = await client.fetchProtectedResource(
    config,
    tokens.access_token,
    new URL(job.launches),
    "POST",
    JSON.stringify(job.order),
    new Headers({ "content-type": "application/json" }),
  );
  const prepared = await answer.json();
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: job.back,
    scope: "launch",
    state,
    aud: job.fhir,
    launch: prepared.launch,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  console.log(JSON.stringify({ address: address.href, verifier, state, patient: prepared.patient }));
} else {
  try {
    const tokens = await client.authorizationCodeGrant(config, new URL(job.returned), {
      pkceCodeVerifier: job.verifier,
      expectedState: job.state,
    });
    console.log(JSON.stringify({ page: tokens.page, patient: tokens.patient, scope: tokens.scope }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.error ?? error.code, status: error.status }));
  }
}
