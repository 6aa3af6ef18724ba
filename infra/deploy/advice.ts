/** What Google's words mean for whoever deploys. The first that fits is given. */
const ADVICE: readonly { readonly words: RegExp; readonly advice: string }[] = [
  {
    words: /do(es)? not currently have an active account|gcloud auth login|Reauthentication|invalid_grant/i,
    advice: 'Sign in: gcloud auth login',
  },
  {
    words: /billing/i,
    advice:
      'Enable billing: https://console.cloud.google.com/billing/linkedaccount, or gcloud billing projects link PROJECT --billing-account=ACCOUNT',
  },
  {
    words: /SERVICE_DISABLED|has not been used in project|API .* is not enabled/i,
    advice: 'An API that was just enabled takes a minute or two to be seen everywhere: run the deploy again.',
  },
  {
    words: /iam\.serviceAccounts\.actAs/i,
    advice: 'Deploying needs the role Service Account User (roles/iam.serviceAccountUser) in the project.',
  },
  {
    words: /PERMISSION_DENIED|does not have permission|403/i,
    advice:
      'Deploying needs the role Owner, or Editor with Project IAM Admin, Security Admin and Secret Manager Admin, for the account that gcloud config get account names.',
  },
  {
    words: /Validation failed for trigger|Permission denied while using the Eventarc Service Agent/i,
    advice:
      'Eventarc’s own account takes some minutes to come to life in a new project: run the deploy again.',
  },
  {
    words: /QUOTA|RESOURCE_EXHAUSTED|rateLimitExceeded/i,
    advice:
      'A quota is used up: wait a minute and run the deploy again, or ask for more at https://console.cloud.google.com/iam-admin/quotas',
  },
  {
    words: /orgpolicy|constraints\/|organization policy/i,
    advice:
      'A policy of your organization forbids this; who administers it can make an exception for the project.',
  },
  {
    words: /(location|region) .*(not (supported|available|found|valid)|invalid)|invalid (location|region)/i,
    advice:
      'Not every service is in every region: see https://cloud.google.com/about/locations, and give another --region.',
  },
  {
    words: /ENOENT|not found: gcloud|command not found/i,
    advice: 'Install the Google Cloud CLI: https://cloud.google.com/sdk/docs/install',
  },
];

const OTHERWISE = 'Mend it and run the deploy again: it takes up where it stopped.';

/** What to do about a command's words on standard error. */
export function adviceOn(words: string): string {
  return ADVICE.find((each) => each.words.test(words))?.advice ?? OTHERWISE;
}
