// Builds the third-party browser files that are committed with the project, and their manifest.
// Run through `make vendor`: `npm ci --ignore-scripts && node build.mjs`. No user of Muster needs it.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const project = resolve(here, "../../..");
const bundles = resolve(here, "../static/web/vendor");
const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8"));
const manifest = [];

const COPIES = [
  ["axe-core", "axe.min.js", "tests/browser/vendor/axe.min.js"],
  ["idiomorph", "dist/idiomorph-ext.min.js", "backend/web/static/web/vendor/idiomorph.js"],
  ...["Regular", "SemiBold", "Bold"].flatMap((weight) => [
    ["@uswds/uswds", `dist/fonts/public-sans/PublicSans-${weight}.woff2`, `backend/web/static/web/fonts/PublicSans-${weight}.woff2`],
    ["@uswds/uswds", `dist/fonts/public-sans/PublicSans-${weight}.ttf`, `backend/web/fonts/PublicSans-${weight}.ttf`],
  ]),
];
const LICENSES_OF_COPIES = { "@uswds/uswds": "OFL-1.1" };
const BUNDLES = ["ol", "prosemirror"];

function packageOf(name) {
  const entry = lock.packages[`node_modules/${name}`];
  return { name, version: entry.version, license: entry.license };
}

function record(path, packages) {
  const bytes = readFileSync(path);
  manifest.push({
    file: relative(project, path),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: bytes.length,
    packages,
  });
}

function licenseText(name) {
  const folder = join(here, "node_modules", name);
  const file = readdirSync(folder).find((entry) => /^(licen[sc]e|copying)/i.test(entry));
  if (file) return readFileSync(join(folder, file), "utf8").trim();
  return `Licence named by the package: ${lock.packages[`node_modules/${name}`].license}.`;
}

function namesIn(metafile) {
  const names = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (match) names.add(match[1]);
  }
  return [...names].sort();
}

async function bundle(name) {
  const path = join(bundles, `${name}.js`);
  const result = await build({
    absWorkingDir: here,
    entryPoints: [`src/${name}.js`],
    outfile: path,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    alias: { entities: "./src/entities.js" },
  });
  const names = namesIn(result.metafile);
  const notice = names.map((n) => `${n} ${packageOf(n).version}\n\n${licenseText(n)}\n`);
  writeFileSync(join(bundles, `${name}.LICENSES.txt`), notice.join(`\n${"-".repeat(72)}\n\n`));
  record(path, names.map(packageOf));
}

mkdirSync(bundles, { recursive: true });
for (const name of BUNDLES) await bundle(name);
writeFileSync(join(bundles, "idiomorph.LICENSES.txt"), `idiomorph ${packageOf("idiomorph").version}\n\n${licenseText("idiomorph")}\n`);
for (const [name, from, to] of COPIES) {
  const target = join(project, to);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(here, "node_modules", name, from), target);
  record(target, [{ ...packageOf(name), license: LICENSES_OF_COPIES[name] ?? packageOf(name).license }]);
}
if (!existsSync(join(project, "backend/web/fonts/OFL.txt"))) {
  throw new Error("backend/web/fonts/OFL.txt is missing: the fonts may not be passed on without it");
}
manifest.sort((a, b) => (a.file < b.file ? -1 : 1));
writeFileSync(join(bundles, "manifest.json"), `${JSON.stringify({ files: manifest }, null, 2)}\n`);
