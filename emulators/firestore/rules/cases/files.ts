/** Whole files that Google's compiler takes, and what a `get` of `a/x` by nobody answers under them. */
export const FILES: readonly (readonly [source: string, allowed: boolean])[] = [
  ['service cloud.firestore { match /databases/{d}/documents { match /{a=**} { allow read; } } }', true],
  [
    "rules_version = '2' service cloud.firestore { match /databases/{d}/documents { match /{a=**} { allow read } } }",
    true,
  ],
  [v2('match /{a=**}/a/{b} { allow read: if b == "x"; }'), true],
  [v2('match /a/{b=**} { allow read: if string(b) == "/x"; }'), true],
  [v2('match /a/{b=*} { allow read: if b == "x"; }'), true],
  [v2('match /{a}/{b} { allow write; allow list: if true; }'), false],
  [v2('match /a/{b} { allow read, write: if true; allow read: if false; }'), true],
  [v2('match /a/{b} { allow read:if(true); }'), true],
  [v2('match /a/x { allow get; }'), true],
  [v2('match /a/y { allow get; }'), false],
  [v2('match /a/{b}/c/{d} { allow get; }'), false],
  [v2('match /a/{b} { match /{c=**} { allow get; } }'), true],
  [v2('match /a/{b} { match /c/{d} { allow get; } }'), false],
  [
    v2('match /a/{b} { function f(x) { let y = x + 1; let z = y * 2; return z > 3; } allow get: if f(1); }'),
    true,
  ],
  [v2('match /a/{b} { function f(x) { return x } allow get: if f(true) ; }'), true],
  [
    v2('match /a/{b} { function f() { return g(); } function g() { return b == "x"; } allow get: if f() }'),
    true,
  ],
  [
    v2('function f(a) { return a == b(); } function b() { return 1; } match /a/{b} { allow get: if f(1); }'),
    true,
  ],
  [v2('match /a/{b} { function f(b) { return b == 1; } allow get: if f(1); }'), true],
  [v2('match /a/{b} { function f(request) { return request.foo; } allow get: if f({"foo": true}); }'), true],
  [v2('match /a/{b} { function f(x) { return true || x; } allow get: if f(request.auth.uid == 1); }'), true],
  [v2('match /a/{b} { function f() { let x = request.auth.uid; return true; } allow get: if f(); }'), true],
  [v2('match /a/{request} { allow get: if request == "x"; }'), true],
  [v2('match /a/{b} { allow get: if true /* x */; // y\n }'), true],
];

/** Whole files that Google's compiler refuses. */
export const REFUSED_FILES: readonly string[] = [
  "rules_version = '1'; service cloud.firestore { match /databases/{d}/documents { match /{a=**}/b { allow read; } } }",
  "rules_version = '3'; service cloud.firestore { match /databases/{d}/documents { match /a/{b} { allow read; } } }",
  "rules_version = '2'; service cloud.firestore { }",
  'service cloud.firestore { match /a { allow read; } } service cloud.firestore { match /b { allow read; } }',
  v2('match /a/{b} { allow: if true; }'),
  v2('match /a/{b} { allow read if true; }'),
  v2('match /a/{b} { deny read: if true; }'),
  v2('match a/{b} { allow read: if true; }'),
  v2('match /a b/{b} { allow read: if true; }'),
  v2('match /a/{if} { allow read: if true; }'),
  v2('match /a/{b}/ { allow read: if true; }'),
  v2('match / { allow read: if true; }'),
  v2("match /a/{b} { allow read: if b == 'x' ; ; }"),
  v2('match /a/{b} { }'),
  v2('match /a/{b} { function f() { return true; return false; } allow read: if f(); }'),
  v2('match /a/{b} { function f() { let a = true; } allow read: if f(); }'),
  v2('match /a/{b} { function f(a,b,c,d,e,f1,g,h) { return true; } allow read: if f(1,2,3,4,5,6,7,8); }'),
  ...[
    ...[
      '1.2.3',
      "'abc",
      '"a\nb" == "x"',
      'math == 1',
      'if == 1',
      '9.9e5 == 1',
      'true & false',
      'true and false',
    ],
    ...['true === false', 'b = 1', 'string(1e20) == "x"', '1/0 == 1', '9223372036854775808 == 1', '1 is foo'],
    ...["'a\\.b' == 'a.b'", '0x10 == 16', '--1 == 1', '/a/b == /a/b/', "'abc'.matches('(?=a)abc')"],
    ...["'aa'.matches('(a)\\\\1')", "'abc'.matches('[')", '-1.abs() == 1'],
  ].map((condition) => v2(`match /a/{b} { allow read: if ${condition}; }`)),
];

/** Files that Google's compiler takes with a warning only, and whose rules then allow nothing. */
export const WARNED_FILES: readonly string[] = [
  ...[
    'bool("true")',
    'undefined',
    'math.foo(1)',
    'request.foo(1)',
    'resource.data.x.foo(1)',
    'exists()',
    'g()',
  ],
  ...['request.foo == null', "{'a':1}.get('b') == null", '{a: 1} == {"a": 1}', 'request.writeFields == null'],
].map((condition) => v2(`match /a/{b} { allow get: if ${condition}; }`));

/** Calls 21 functions deep are taken, 22 are not. */
export function nestedCalls(functions: number): string {
  const chain = Array.from({ length: functions }, (_, index) => {
    const result = index + 1 < functions ? `f${index + 1}()` : 'true';
    return `function f${index}() { return ${result}; }`;
  });
  return v2(`${chain.join(' ')} match /a/{b} { allow get: if f0(); }`);
}

/** Looks up documents that do not exist. */
export function lookups(documents: number): string {
  const each = Array.from(
    { length: documents },
    (_, index) => `!exists(/databases/(default)/documents/z/d${index})`,
  );
  return v2(`match /a/{b} { allow get: if ${each.join(' && ')}; }`);
}

/** Rules below the documents of a database. */
export function v2(body: string): string {
  return `rules_version = '2';\nservice cloud.firestore { match /databases/{database}/documents {\n${body}\n} }`;
}
