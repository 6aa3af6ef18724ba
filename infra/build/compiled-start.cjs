const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script, constants } = require('node:vm');
const { crc32 } = require('node:zlib');

/**
 * What a deployed function is started by: runs function.cjs, beside it, with the code that V8 made of it when the function was
 * built. Run as a program, by `npm run gcp-build`, it makes that code: https://nodejs.org/api/vm.html#scriptcreatecacheddata.
 * Where there is none, or another release of V8 made it, function.cjs is compiled as any file is.
 */
const filename = join(__dirname, 'function.cjs');
const source = readFileSync(filename);
// V8 itself tells sources apart by no more than their length. Of bytes the sum takes a tenth of what it takes of text.
const compiled = join(__dirname, `function.${crc32(source).toString(16)}.v8`);
const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
  filename,
  cachedData: readIfThere(compiled),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
const run = () => script.runInThisContext()(exports, require, module, filename, __dirname);

if (require.main === module) compile();
else run();

/** The code of what a start runs is made by running it, up to where it misses its configuration. */
function compile() {
  try {
    run();
  } catch {
    // Without configuration a function does not start; what it was to say of that is for where it is deployed.
  }
  const code = script.createCachedData();
  writeFileSync(compiled, code);
  process.stdout.write(`function.cjs is compiled: ${code.length} bytes.\n`, () => process.exit());
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
