// Operations as bars: the contenders beside each other, on a logarithmic scale; the own part is the darker piece.
//
// Owns: the drawing. Never does: leave out a contender because it is slow, or fast.

const colours = ["#8a8f98", "#b3752d", "#3b6ea5", "#7b5ea7", "#2f6f4f", "#8fbf9f", "#c94f4f"];
const [left, width, bar, gap, top] = [250, 520, 12, 12, 56];
const [least, decades] = [20, 4];

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const text = (x, y, words, more = "") => `<text x="${x}" y="${y}" ${more}>${escape(words)}</text>`;
const along = (micros) => Math.max(2, Math.min(width, (width * Math.log10(micros / least)) / decades));
const piece = (y, micros, colour, opacity) => `<rect x="${left}" y="${y}" width="${along(micros).toFixed(1)}" height="${bar - 2}" fill="${colour}" fill-opacity="${opacity}"/>`;

function bars({ title, results }, names, y) {
  const lines = results.flatMap(({ name, cpu, own }, index) => {
    const [at, colour] = [y + index * bar, colours[names.indexOf(name) % colours.length]];
    const words = `${Math.round(cpu.median).toLocaleString("en")} µs`;
    return [piece(at, cpu.median, colour, 0.45), piece(at, own.median, colour, 1), text((left + along(cpu.median) + 6).toFixed(1), at + 9, words, 'font-size="10"')];
  });
  return { height: results.length * bar + gap, lines: [text(left - 10, y + 9, title, 'text-anchor="end"'), ...lines] };
}

/** An SVG that stands by itself. */
export function chart(rows) {
  const names = [...new Set(rows.flatMap(({ results }) => results.map(({ name }) => name)))];
  const place = (index) => 10 + index * 125;
  const lines = names.map((name, index) => `<rect x="${place(index)}" y="32" width="10" height="10" fill="${colours[index % colours.length]}"/>${text(place(index) + 15, 41, name)}`);
  let y = top;
  for (const row of rows) {
    const part = bars(row, names, y);
    lines.push(...part.lines);
    y += part.height;
  }
  const title = "CPU microseconds a request on workerd; dark: the Worker's own part (logarithmic)";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 110} ${y + 4}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#222"><title>${title}</title><rect width="100%" height="100%" fill="#fff"/>${text(10, 20, title, 'font-size="14" font-weight="600"')}${lines.join("")}</svg>\n`;
}
