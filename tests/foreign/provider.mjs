// An OpenID provider that is not ours, with accounts of a job: writes its issuer when it listens.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const job = JSON.parse(readFileSync(process.argv[2], "utf8"));
const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "svarbro",
      redirect_uris: job.redirects,
      post_logout_redirect_uris: [job.home],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: job.algorithm,
      id_token_signed_response_alg: "RS256",
      jwks: { keys: [job.jwk] },
    },
  ],
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...job.accounts[id] }),
  }),
  claims: { openid: ["sub", "name", "sor", "ydernummer", "roles", "nsis_loa", "cpr"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["of a test"] },
});
server.on("request", provider.callback());
console.log(issuer);
