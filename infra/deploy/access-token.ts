import { execFileSync } from 'node:child_process';
import { OAuth2Client } from 'google-auth-library';

/** A client with the token of whoever is signed in to gcloud, so that a deploy needs no second sign-in. */
export function gcloudAuth(): OAuth2Client {
  const token = execFileSync('gcloud', ['auth', 'print-access-token'], { encoding: 'utf8' }).trim();
  const client = new OAuth2Client();
  client.setCredentials({ access_token: token });
  return client;
}
