// The three levels of a finding: an error stops a deployment, a warning does not, and what is unchecked may be either.

const finding = (level) => (name, where, what, cure) => ({ level, name, where, what, cure });
export const error = finding("error");
export const warning = finding("warning");
export const unchecked = finding("unchecked");
