//! A mail's subject and its two parts, plain text and HTML, which say the same.
//!
//! Owns the order of paragraphs and the markup. Never chooses words: the [catalogue](super::catalogue) has
//! them. Whatever comes from people arrives here already [unlinked](super::unlinked()); the HTML part escapes it.

use super::catalogue::{Language, fill};

/// What a mail says, before it has a form.
pub struct Letter<'a> {
    /// In which language.
    pub language: Language,
    /// The subject, with gaps.
    pub subject: &'static str,
    /// The first sentence, with gaps.
    pub sentence: &'static str,
    /// What fills the gaps.
    pub values: Vec<(&'static str, String)>,
    /// A message of a person, line by line.
    pub message: Option<Vec<String>>,
    /// The label of the button and the address that it leads to.
    pub action: Option<(&'static str, &'a str)>,
    /// Until when there is time.
    pub until: Option<String>,
}

const BODY: &str = "margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
const QUOTE: &str = "margin:0 0 16px;padding:4px 16px;border-left:4px solid #8a94a6";
const BUTTON: &str = "display:inline-block;padding:12px 20px;border-radius:6px;background:#1f4fa3;color:#ffffff;\
                      font-weight:600;text-decoration:none";
/// Mail programs that turn dates, numbers and addresses into links are asked not to.
const HEAD: &str = r#"<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">"#;

impl Letter<'_> {
    /// The subject line.
    pub fn subject(&self) -> String {
        self.filled(self.subject)
    }

    /// The plain text part.
    pub fn text(&self) -> String {
        let quote = |lines: &Vec<String>| lines.iter().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n");
        let message = self.message.as_ref().map(quote);
        let link = self.action.map(|(_, link)| link.to_owned());
        let paragraphs = [Some(self.filled(self.sentence)), message, link, self.until.clone()];
        paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
    }

    /// The HTML part: one page with one link, which stands below once more as text.
    ///
    /// Rule: names of people and organizations are escaped and set apart from the sentence (`bdi`), because a name in
    /// another script would otherwise turn the words around it.
    pub fn html(&self) -> String {
        let lines = |lines: &Vec<String>| lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br>");
        let quote = |message| format!(r#"<blockquote dir="auto" style="{QUOTE}">{}</blockquote>"#, lines(message));
        let button =
            |(label, link)| format!(r#"<p><a href="{}" style="{BUTTON}">{}</a></p>"#, escaped(link), escaped(label));
        let paragraphs = [
            Some(format!("<p>{}</p>", self.marked_up(self.sentence))),
            self.message.as_ref().map(quote),
            self.action.map(button),
            self.until.as_ref().map(|until| format!("<p>{}</p>", escaped(until))),
            self.action.map(|(_, link)| self.address(link)),
        ];
        let body = paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n");
        let (tag, title) = (self.language.tag, escaped(&self.subject()));
        format!(
            "<!doctype html>\n<html lang=\"{tag}\" dir=\"ltr\">\n<head>{HEAD}<title>{title}</title></head>\n\
             <body style=\"{BODY}\">\n<main style=\"max-width:36em;margin:0 auto\">\n{body}\n</main>\n</body>\n</html>\n"
        )
    }

    /// The address once more, for programs that show no button.
    fn address(&self, link: &str) -> String {
        let [hint, ..] = self.language.say("address");
        let (hint, link) = (escaped(hint), escaped(link));
        format!(r#"<p style="font-size:14px">{hint}<br><span style="word-break:break-all">{link}</span></p>"#)
    }

    /// What fills a gap, if there is anything.
    pub fn value(&self, gap: &str) -> Option<String> {
        self.values.iter().find(|(name, value)| *name == gap && !value.is_empty()).map(|(_, value)| value.clone())
    }

    fn filled(&self, sentence: &str) -> String {
        let values: Vec<_> = self.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fill(sentence, &values)
    }

    fn marked_up(&self, sentence: &str) -> String {
        let apart = |value: &String| format!("<bdi>{}</bdi>", escaped(value));
        let values: Vec<_> = self.values.iter().map(|(name, value)| (*name, apart(value))).collect();
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fill(&escaped(sentence), &values)
    }
}

/// A text in which HTML finds neither a tag, nor a reference, nor the end of an attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            char => safe.push(char),
        }
    }
    safe
}
