// The types of `guildhall/client`, as something that values and schemas can be held against.
//
// Owns: the way from a declaration file to what is wrong. Never does: say what is right by itself.

import { join } from "node:path";
import ts from "typescript";

const primitives = [
  [ts.TypeFlags.StringLike | ts.TypeFlags.TemplateLiteral, "string"],
  [ts.TypeFlags.NumberLike, "number"],
  [ts.TypeFlags.BooleanLike, "boolean"],
];

/** The types in a folder's `client.d.ts`: `signature("organization.members.add")` and what to do with types. */
export function typesOf(folder) {
  const file = join(folder, "client.d.ts");
  const program = ts.createProgram([file], { strict: true, module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [], noEmit: true, exactOptionalPropertyTypes: true });
  const faults = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
  const named = (name) => checker.getDeclaredTypeOfSymbol(exported.find((symbol) => symbol.name === name));
  return {
    faults,
    named,
    signature: (path) => signature(checker, named, path),
    wrong: (value, type) => wrong(checker, value, type, ""),
    fields: (type) => fields(checker, type),
    object: (type) => isObject(checker, type),
    objects: (type) => objects(checker, type),
  };
}

/** Whether it has fields that are known: no list, no map. */
const isObject = (checker, type) =>
  (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 && !checker.isArrayType(type) && checker.getIndexInfosOfType(type).length === 0 && fields(checker, type).length > 0;

/** The objects among a type's alternatives, and in its rows. */
function objects(checker, type) {
  if (type.isUnion()) return type.types.flatMap((one) => objects(checker, one));
  if (checker.isArrayType(type)) return objects(checker, checker.getTypeArguments(type)[0]);
  return isObject(checker, type) && !type.types?.some(({ flags }) => flags & ts.TypeFlags.StringLike) ? [type] : [];
}

/** What a method takes and what it answers: the rows of a list, the value of a promise. */
function signature(checker, named, path) {
  const steps = path.split(".");
  const inside = steps[0] === "organization";
  const start = named(inside ? "OrganizationClient" : "Client");
  const type = steps.slice(inside ? 1 : 0).reduce((type, name) => member(checker, type, name), start);
  const [found] = checker.getSignaturesOfType(type, ts.SignatureKind.Call);
  const returned = found.getReturnType();
  const [answer] = returned.aliasTypeArguments ?? checker.getTypeArguments(returned);
  return { answer, parameters: found.parameters.map((symbol) => [symbol.name, checker.getNonNullableType(checker.getTypeOfSymbol(symbol))]) };
}

const member = (checker, type, name) => checker.getTypeOfSymbol(checker.getPropertyOfType(type, name));

/** The fields of an object type: name, type, whether it may be absent. */
function fields(checker, type) {
  return checker.getPropertiesOfType(type).map((symbol) => ({
    name: symbol.name,
    type: checker.getTypeOfSymbol(symbol),
    optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
  }));
}

/** What is wrong with a value, or nothing. */
function wrong(checker, value, type, at) {
  if (type.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return undefined;
  if (type.isUnion()) return wrongOfAll(checker, value, type.types, at);
  if (type.isIntersection() && type.types.some(({ flags }) => flags & ts.TypeFlags.StringLike)) return typeof value === "string" ? undefined : `${at}: no text`;
  if (type.flags & (ts.TypeFlags.Null | ts.TypeFlags.VoidLike)) return (value ?? null) === null ? undefined : `${at}: not null`;
  const primitive = primitives.find(([flags]) => type.flags & flags);
  if (primitive) return wrongPrimitive(checker, value, type, primitive[1], at);
  if (typeof value !== "object" || value === null) return `${at}: ${JSON.stringify(value)} is no object`;
  if (checker.isArrayType(type)) return Array.isArray(value) ? wrongRows(checker, value, type, at) : `${at}: no list`;
  return wrongObject(checker, value, type, at);
}

/** The shortest complaint is of the alternative that fits best. */
function wrongOfAll(checker, value, types, at) {
  const complaints = types.map((type) => wrong(checker, value, type, at));
  if (complaints.includes(undefined)) return undefined;
  return complaints.sort((one, other) => other.split(".").length - one.split(".").length)[0];
}

function wrongPrimitive(checker, value, type, name, at) {
  if (typeof value !== name) return `${at}: ${JSON.stringify(value)} is no ${name}`;
  const exact = checker.typeToString(type);
  const literal = type.isLiteral() || type.flags & ts.TypeFlags.BooleanLiteral;
  return literal && exact !== JSON.stringify(value) ? `${at}: ${JSON.stringify(value)} is not ${exact}` : undefined;
}

function wrongRows(checker, rows, type, at) {
  const [of] = checker.getTypeArguments(type);
  return rows.map((row, index) => wrong(checker, row, of, `${at}[${index}]`)).find(Boolean);
}

function wrongObject(checker, value, type, at) {
  const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (index && !(index.flags & ts.TypeFlags.Never)) return Object.entries(value).map(([name, one]) => wrong(checker, one, index, `${at}.${name}`)).find(Boolean);
  const known = fields(checker, type);
  const unknown = Object.keys(value).find((name) => !known.some((field) => field.name === name));
  if (unknown) return `${at}.${unknown}: not in the type`;
  const missing = known.find(({ name, optional }) => !optional && !(name in value));
  if (missing) return `${at}.${missing.name}: not in the answer`;
  return known.filter(({ name }) => name in value).map(({ name, type }) => wrong(checker, value[name], type, `${at}.${name}`)).find(Boolean);
}
