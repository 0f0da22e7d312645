// Signs in by SMART Backend Services with openid-client, reads one resource, and writes what it got as JSON.
import { readFileSync } from "node:fs";
import * as client from "openid-client";

const job = JSON.parse(readFileSync(0, "utf8"));
const told = await (await fetch(job.discovery)).json();
const algorithm =
  job.jwk.kty === "EC" ? { name: "ECDSA", namedCurve: "P-384" } : { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" };
const key = await crypto.subtle.importKey("jwk", job.jwk, algorithm, false, ["sign"]);
const proof = client.PrivateKeyJwt(
  { key, kid: job.jwk.kid },
  {
    [client.modifyAssertion]: (_header, claims) => {
      claims.aud = told.token_endpoint; // SMART asks for the token address; the client's own habit is the issuer.
    },
  },
);
const server = { issuer: new URL(told.token_endpoint).origin, token_endpoint: told.token_endpoint };
const config = new client.Configuration(server, job.client, {}, proof);
client.allowInsecureRequests(config);

try {
  const tokens = await client.clientCredentialsGrant(config, { scope: job.scope });
  const read = async (path) =>
    (await client.fetchProtectedResource(config, tokens.access_token, new URL(path), "GET")).status;
  const { token_type, expires_in, scope } = tokens;
  console.log(JSON.stringify({ token_type, expires_in, scope, statuses: await Promise.all(job.resources.map(read)) }));
} catch (error) {
  console.log(JSON.stringify({ error: error.error, status: error.status }));
}
