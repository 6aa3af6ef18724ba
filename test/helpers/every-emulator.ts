/** Whether what takes minutes with Google's emulators and gcloud is asked for as well, as `npm run test:emulators` does. */
export const EVERY_EMULATOR = process.env.EMULATOR_TESTS === 'all';
