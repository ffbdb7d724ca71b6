//! What a person has to hear about a dump: problems, which stop the import, and notes, which do not.

use crate::domain::denial::{Denial, Reason};

/// A value, or what is wrong with it and how to mend that.
pub(super) type Checked<T> = Result<T, String>;

/// How many problems are told at once.
const TOLD: usize = 20;

/// Problems and notes, in the order in which they were found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    problems: Vec<(String, String)>,
    /// The notes.
    pub(super) notes: Vec<String>,
}

impl Findings {
    /// Keeps what is wrong at a row and gives what is right.
    pub(super) fn check<T>(&mut self, at: &str, checked: Checked<T>) -> Option<T> {
        checked.map_err(|problem| self.problem(at, problem)).ok()
    }

    /// Keeps a problem.
    pub(super) fn problem(&mut self, at: &str, problem: String) {
        self.problems.push((at.to_owned(), problem));
    }

    /// Keeps a note, once.
    pub(super) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Refuses when there are problems.
    pub(super) fn refuse_if_any(&self) -> Result<(), Denial> {
        match self.problems.first() {
            Some((at, _)) => Err(Denial::about(Reason::ImportInvalid, at.clone(), self.told())),
            None => Ok(()),
        }
    }

    fn told(&self) -> String {
        let lines = self.problems.iter().take(TOLD).map(|(at, problem)| format!("{at}: {problem}"));
        let more = self.problems.len().saturating_sub(TOLD);
        let rest = (more > 0).then(|| format!("and {more} more"));
        lines.chain(rest).collect::<Vec<_>>().join("\n")
    }
}

/// User input in backticks: on one line, at most 80 characters, the invisible ones spelled out.
pub(super) fn quoted(text: &str) -> String {
    if text.is_empty() { "empty".to_owned() } else { format!("`{}`", shown(text)) }
}

/// User input on one line.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let rest = if text.chars().count() > MOST { "…" } else { "" };
    text.chars().take(MOST).map(shown_char).chain([rest.to_owned()]).collect()
}

fn shown_char(char: char) -> String {
    match char {
        '\'' | '"' | '\\' => char.to_string(),
        _ => char.escape_debug().to_string(),
    }
}
