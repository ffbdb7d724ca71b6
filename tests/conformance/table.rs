//! Tables as text: a head, then a row a line, cells parted by commas; a cell with a comma in it
//! stands in double quotes, and a quote in it is doubled.

use std::collections::BTreeMap;

/// A row, by the names of its columns.
pub type Row = BTreeMap<String, String>;

/// Reads a table whose columns are these.
pub fn read(text: &str, columns: &[&str]) -> Vec<Row> {
    let mut lines = text.lines();
    let head = cells(lines.next().unwrap_or_default());
    assert_eq!(head, columns, "the columns");
    lines.map(|line| row(line, columns)).collect()
}

fn row(line: &str, columns: &[&str]) -> Row {
    let cells = cells(line);
    assert_eq!(cells.len(), columns.len(), "the number of cells in: {line}");
    columns.iter().map(|column| (*column).to_owned()).zip(cells).collect()
}

fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => {}
        }
        if character != ',' || quoted {
            cells.last_mut().expect("a cell").push(character);
        }
    }
    assert!(!quoted, "a quote is open in: {line}");
    cells.into_iter().map(|cell| unquoted(&cell, line)).collect()
}

fn unquoted(cell: &str, line: &str) -> String {
    match cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None if cell.contains('"') => panic!("a quote in the middle of a cell: {line}"),
        None => cell.to_owned(),
    }
}

#[test]
fn cells_may_hold_commas_and_quotes() {
    assert_eq!(cells(r#"a,"b, ""c""",,d"#), ["a", r#"b, "c""#, "", "d"]);
    assert_eq!(cells(r#""""x""#), [r#""x"#]);
}
