type Json = Readonly<Record<string, unknown>>;

/** Writes of one commit below the rules of `/w/{id}`, where `old` has `a: 1, b: "x"`. */
export interface WriteCase {
  /** Follows `allow`. */
  readonly rule: string;
  /** google.firestore.v1.Write in JSON. */
  readonly writes: readonly Json[];
  readonly allowed: boolean;
}

const ROOT = 'projects/demo-rules/databases/(default)/documents';
const OLD = '/databases/(default)/documents/w/old';
const set = (id: string): Json => ({
  update: { name: `${ROOT}/w/${id}`, fields: { a: { integerValue: '2' } } },
});
const create = set('new');
const replace = set('old');
const update = { ...replace, updateMask: { fieldPaths: ['a'] } };
const remove = { delete: `${ROOT}/w/old` };
const verify = { verify: `${ROOT}/w/old`, currentDocument: { exists: true } };
const transformed = {
  ...create,
  updateTransforms: [
    { fieldPath: 't', setToServerValue: 'REQUEST_TIME' },
    { fieldPath: 'n', increment: { integerValue: '3' } },
    { fieldPath: 'l', appendMissingElements: { values: [{ integerValue: '1' }] } },
  ],
};

/** A rule, and whether it allows a create, a replace, an update of a field and a delete. */
const SINGLE: readonly (readonly [string, boolean, boolean, boolean, boolean])[] = [
  ['create: if true', true, false, false, false],
  ['update: if true', false, true, true, false],
  ['delete: if true', false, false, false, true],
  ['write', true, true, true, true],
  ['create: if request.resource.data.a==2', true, false, false, false],
  ['update: if request.resource.data.b=="x"', false, false, true, false],
  ['update: if resource.data.a==1 && request.resource.data.a==2', false, true, true, false],
  ['delete: if request.resource == null', false, false, false, true],
  ['delete: if resource.data.a==1', false, false, false, true],
  ['create: if resource == null', true, false, false, false],
  ['write: if request.method=="update"', false, true, true, false],
  ['create: if request.resource.id=="new"', true, false, false, false],
  ['create: if request.resource.data.keys()==["a"]', true, false, false, false],
  [`update: if getAfter(${OLD}).data.a==2`, false, true, true, false],
  [`update: if get(${OLD}).data.a==1`, false, true, true, false],
  ['create: if existsAfter(request.path)', true, false, false, false],
  ['create: if exists(request.path)', false, false, false, false],
  ['delete: if existsAfter(request.path)', false, false, false, false],
  ['delete: if !existsAfter(request.path)', false, false, false, true],
  ['create: if request.path == request.resource.__name__', true, false, false, false],
  ['create: if getAfter(request.path).id == "new"', true, false, false, false],
  ['update: if resource.keys() == ["__name__","data","id"]', false, true, true, false],
  [
    'write: if request.resource.data.diff(resource.data).affectedKeys().hasOnly(["a"])',
    false,
    false,
    true,
    false,
  ],
  ['create: if true; allow update: if false; allow delete: if true', true, false, false, true],
];

const WITH_NEW = '/databases/(default)/documents/w/new';

export const WRITE_CASES: readonly WriteCase[] = [
  ...SINGLE.flatMap(([rule, ...allowed]) =>
    [create, replace, update, remove].map((write, index) => ({
      rule,
      writes: [write],
      allowed: allowed[index] ?? false,
    })),
  ),
  { rule: 'create: if request.resource.data.t == request.time', writes: [transformed], allowed: true },
  { rule: 'create: if request.resource.data.n == 3', writes: [transformed], allowed: true },
  { rule: 'create: if request.resource.data.l == [1]', writes: [transformed], allowed: true },
  { rule: 'create: if request.resource.data.size() == 4', writes: [transformed], allowed: true },
  { rule: 'create', writes: [create, replace], allowed: false },
  { rule: 'create, update', writes: [create, replace], allowed: true },
  { rule: `create; allow update: if existsAfter(${WITH_NEW})`, writes: [replace, create], allowed: true },
  { rule: `create; allow update: if exists(${WITH_NEW})`, writes: [create, replace], allowed: false },
  { rule: 'update', writes: [verify], allowed: false },
  { rule: 'get', writes: [verify], allowed: true },
  { rule: 'update: if false', writes: [{ ...create, currentDocument: { exists: true } }], allowed: false },
  { rule: 'create', writes: [{ ...create, currentDocument: { exists: true } }], allowed: false },
  { rule: 'update', writes: [{ ...replace, currentDocument: { exists: false } }], allowed: false },
  { rule: 'create; allow update: if resource.data.a == 2', writes: [create, create], allowed: true },
];
