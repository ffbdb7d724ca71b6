// The passport's checks as bars: one runtime beside the other, on a logarithmic scale.
//
// Owns: the drawing. Never does: leave out a contestant because it is slow, or fast.

const kind = "passport";
const sort = "fresh";
const colours = ["#2f6f4f", "#3b6ea5", "#b3752d"];
const [left, width, bar, gap, top] = [250, 520, 12, 12, 56];

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const text = (x, y, words, more = "") => `<text x="${x}" y="${y}" ${more}>${escape(words)}</text>`;

/** From 10 ns to a millisecond. */
const along = (ns) => Math.max(2, Math.min(width, (width * Math.log10(ns / 10)) / 5));
const shown = (ns) => (ns < 10_000 ? `${Math.round(ns).toLocaleString("en")} ns` : `${Math.round(ns / 1000).toLocaleString("en")} µs`);

function bars(name, results, y) {
  const drawn = results.flatMap(({ rows }, place) => rows.filter((row) => row.name === name && row.kind === kind && row.sort === sort).map(({ ns }) => ({ ns, place })));
  const lines = drawn.map(({ ns, place }, index) => {
    const at = y + index * bar;
    return `<rect x="${left}" y="${at}" width="${along(ns).toFixed(1)}" height="${bar - 2}" fill="${colours[place]}"/>${text((left + along(ns) + 6).toFixed(1), at + 9, shown(ns), 'font-size="10"')}`;
  });
  return { height: Math.max(1, drawn.length) * bar + gap, lines: [text(left - 10, y + 9, name, 'text-anchor="end"'), ...lines] };
}

/** An SVG that stands by itself. */
export function chart(results) {
  const names = [...new Set(results.flatMap(({ rows }) => rows.filter((row) => row.kind === kind && row.sort === sort).map(({ name }) => name)))];
  const legend = results.map(({ runtime }, place) => `<rect x="${left + place * 175}" y="32" width="10" height="10" fill="${colours[place]}"/>${text(left + place * 175 + 15, 41, runtime)}`);
  const lines = [];
  let y = top;
  for (const name of names) {
    const part = bars(name, results, y);
    lines.push(...part.lines);
    y += part.height;
  }
  const size = `0 0 ${left + width + 90} ${y + 4}`;
  const title = "A passport's check on texts fresh from JSON.parse, 100 memberships (logarithmic)";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${size}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#222"><title>${title}</title><rect width="100%" height="100%" fill="#fff"/>${text(10, 20, title, 'font-size="14" font-weight="600"')}${[...legend, ...lines].join("")}</svg>\n`;
}
