const DENIED = 'permission-denied';

/** What each scenario of the page gives, on any emulator. */
export const EXPECTED: Readonly<Record<string, unknown>> = {
  values: {
    same: true,
    keys: 8,
    notANumber: true,
    time: { seconds: 1, nanoseconds: 123_456_000, type: 'firestore/timestamp/1.0' },
    point: [1.5, -2],
    bytes: [0, 255],
    path: 'open/values',
    vector: [1, 2.5],
    missing: false,
  },
  updates: {
    data: { a: 3.5, map: { x: 10, y: 2 }, list: [2, 3], merged: true },
    at: true,
    missing: 'not-found',
    deleted: false,
  },
  batches: { failed: 'not-found', left: 5 },
  transactions: { total: 4, given: 'mine' },
  queries: {
    odd: 'i9 i7 i5',
    range: 'i3 i4 i5',
    tags: 'i0 i3 i6 i9',
    among: 'i1 i8',
    after: 'i7 i8',
    group: ['items/i9', 'open/parent/items/below'],
    totals: { count: 5, sum: 25, average: 5 },
  },
  watching: ['a | added a', 'a b | added b', 'b a | modified a', 'a | removed b', ' | removed a'],
  ownWrites: [
    ['', false, false],
    ['a', false, true],
    ['a', false, false],
  ],
  windows: [
    'c b | added c, added b',
    'd c | removed b, added d',
    'd b | removed c, added b',
    'd a | removed b, added a',
  ],
  offline: { cached: 1, later: 2 },
  bulk: [30, 31],
  longPolling: 'a b c',
  reset: ['added a', 'removed a', 'added b'],
  denials: {
    listen: [DENIED],
    get: DENIED,
    set: DENIED,
    batch: DENIED,
    transaction: DENIED,
    own: 'ok',
    others: DENIED,
    updateMissing: DENIED,
    all: DENIED,
    filtered: 'ok',
    after: 'ok',
  },
  signIn: { before: DENIED, log: ['n 1', DENIED], after: DENIED },
};

/** Scenarios of what only ours has. */
export const EXPECTED_OF_OURS: Readonly<Record<string, unknown>> = {
  faults: 'added b',
};
