/**
 * Charts number their axes in the browser's language as soon as they are loaded. A browser without a desktop may call it
 * `en-US@posix`, which is no language tag (https://www.rfc-editor.org/rfc/rfc5646) and would end the page.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en' });
}

export {};
