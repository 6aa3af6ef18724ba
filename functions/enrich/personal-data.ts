import { snakeCase } from './event-names.ts';

/** What becomes of a field that names a direct identifier. */
export type Treatment = 'pseudonym' | 'remove';

/** Identifiers that stay useful for joining once they are pseudonyms. */
const PSEUDONYMS =
  /(^|_)(e_?mails?|mail|e_?mail_address|phones?|phone_number|mobile_number|telephone|tel|msisdn|user_id|customer_id|account_id)$/;
/** Fields of a person that nothing downstream needs. */
const REMOVED =
  /(^|_)(first_?name|last_?name|full_?name|given_?name|family_?name|middle_?name|maiden_?name|sur_?name|nick_?name|user_?name|customer_?name|contact_?name|recipient_?name|display_?name|street|street_?address|address|address_?line_?\d?|zip|zip_?code|postal_?code|post_?code|birth_?day|birth_?date|date_?of_?birth|dob|ip|ip_?address|passport|passport_?number|ssn|tax_?id|national_?id|iban|bic|account_?number|credit_?card|card_?number|cvv|cvc|pass_?word|passwd|secret|token|authorization|api_?key|cookie|fingerprint)$|^name$/;

/** How a field is treated by its name, in whatever case it was sent; undefined: kept. */
export function treatmentOf(key: string): Treatment | undefined {
  const name = snakeCase(key);
  if (PSEUDONYMS.test(name)) return 'pseudonym';
  return REMOVED.test(name) ? 'remove' : undefined;
}

/** An e-mail address within text, its @ also percent-encoded. Each part is bounded, so that matching stays linear. */
const EMAIL =
  /[\p{L}\p{N}._%+-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,6}\.\p{L}{2,24}/gu;

/** The text with each e-mail address in it replaced by `[email]`. */
export function redactEmails(text: string): string {
  return text.includes('@') || text.includes('%40') ? text.replace(EMAIL, '[email]') : text;
}
