import { type Context, createContext, runInContext } from 'node:vm';

/** The global names of ECMAScript 5.1, but for the errors: https://262.ecma-international.org/5.1/#sec-15.1 */
const GLOBALS = [
  'Array Boolean Date Function JSON Math NaN Infinity Number Object RegExp String undefined eval',
  'decodeURI decodeURIComponent encodeURI encodeURIComponent isFinite isNaN parseFloat parseInt escape unescape',
  // V8 itself works by symbols, and is no engine any more without.
  'Symbol',
  'Error EvalError RangeError ReferenceError SyntaxError TypeError URIError',
].join(' ');

/** The members of each of its objects, by expression. */
const MEMBERS: Readonly<Record<string, string>> = {
  Object:
    'length name prototype getPrototypeOf getOwnPropertyDescriptor getOwnPropertyNames getOwnPropertySymbols create defineProperty defineProperties seal freeze preventExtensions isSealed isFrozen isExtensible keys',
  'Object.prototype':
    'constructor toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable',
  'Function.prototype': 'length name arguments caller constructor toString apply call bind',
  Array: 'length name prototype isArray',
  'Array.prototype':
    'length constructor toString toLocaleString concat join pop push reverse shift slice sort splice unshift indexOf lastIndexOf every some forEach map filter reduce reduceRight',
  String: 'length name prototype fromCharCode',
  'String.prototype':
    'length constructor toString valueOf charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace search slice split substr substring toLowerCase toLocaleLowerCase toUpperCase toLocaleUpperCase trim',
  Number: 'length name prototype MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY',
  'Number.prototype': 'constructor toString toLocaleString valueOf toFixed toExponential toPrecision',
  Math: 'E LN10 LN2 LOG2E LOG10E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow random round sin sqrt tan',
  RegExp: 'length name prototype $_ $& $1 $2 $3 $4 $5 $6 $7 $8 $9',
  'RegExp.prototype': // The flags are read by V8's own split and replace.
    'constructor exec test toString source global ignoreCase multiline compile flags sticky unicode unicodeSets hasIndices dotAll',
  JSON: 'parse stringify',
};

const PREPARE = `(function (globals, members) {
  var Pattern = RegExp;
  function only(object, names) {
    Object.getOwnPropertyNames(object).forEach(function (name) {
      if (names.indexOf(name) < 0) delete object[name];
    });
  }
  var objects = Object.keys(members).map(function (path) { return [(0, eval)(path), members[path].split(' ')]; });
  objects.forEach(function (pair) { only(pair[0], pair[1]); });
  RegExp = function RegExp(pattern, flags) {
    if (flags !== undefined && /[^gim]/.test(flags)) throw new SyntaxError('Invalid flags ' + flags);
    return new Pattern(pattern, flags);
  };
  RegExp.prototype = Pattern.prototype;
  only(this, globals.split(' '));
})`;

/**
 * An engine that knows the built-ins of 2009: every later one but Symbol is gone, and patterns take no later flag. Its syntax is
 * still Node's; whoever runs a script here has its syntax checked elsewhere.
 */
export function makeEs5Engine(): Context {
  const engine = createContext({});
  const prepare = runInContext(PREPARE, engine) as (globals: string, members: object) => void;
  prepare.call(runInContext('this', engine), GLOBALS, runInContext(`(${JSON.stringify(MEMBERS)})`, engine));
  return engine;
}
