//! The grammar: where a value ends.
//!
//! Owns the walk over the bytes, one at a time: that is a fraction of the code that searching text takes.
//! Bytes above ASCII occur inside of texts only, whose ends are ASCII: a cut is always between characters.

/// What has not been read yet. Its methods read one thing, or say `None` where the grammar is broken.
pub(super) struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    pub fn of(text: &'a str) -> Self {
        Cursor(text.as_bytes())
    }

    /// How many bytes have not been read.
    pub fn left(&self) -> usize {
        self.0.len()
    }

    /// What has not been read of the text that it was made of.
    pub fn rest_of<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.get(text.len().wrapping_sub(self.left())..)
    }

    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Whether the byte stands next; then it is read.
    pub fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.next();
        }
        found
    }

    /// White space.
    pub fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.next();
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(word)?;
        Some(())
    }

    /// A value with at most so many levels of lists and objects.
    pub fn value(&mut self, depth: u8) -> Option<()> {
        match self.peek()? {
            b'{' => self.many(depth.checked_sub(1)?, b'}', Self::member),
            b'[' => self.many(depth.checked_sub(1)?, b']', Self::value),
            b'"' => self.text(),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.number(),
        }
    }

    /// A value that is known to be one: only its end is looked for, which is found in a fraction of the time.
    pub fn pass_over(&mut self) -> Option<()> {
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.text()?,
                byte => {
                    self.next();
                    match byte {
                        b'{' | b'[' => open = open.wrapping_add(1),
                        b'}' | b']' => open = open.checked_sub(1)?,
                        _ => {}
                    }
                }
            }
            let ends = matches!(self.peek(), None | Some(b',' | b':' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r'));
            if open == 0 && ends {
                return Some(());
            }
        }
    }

    fn many(&mut self, depth: u8, end: u8, one: fn(&mut Self, u8) -> Option<()>) -> Option<()> {
        self.next();
        self.space();
        if self.eat(end) {
            return Some(());
        }
        loop {
            self.space();
            one(self, depth)?;
            self.space();
            match self.next()? {
                b',' => {}
                other => return (other == end).then_some(()),
            }
        }
    }

    fn member(&mut self, depth: u8) -> Option<()> {
        self.text()?;
        self.space();
        if !self.eat(b':') {
            return None;
        }
        self.space();
        self.value(depth)
    }

    fn number(&mut self) -> Option<()> {
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Some(())
    }

    /// One or more.
    fn digits(&mut self) -> Option<()> {
        let all = self.0.len();
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.next();
        }
        (self.0.len() < all).then_some(())
    }

    fn text(&mut self) -> Option<()> {
        if !self.eat(b'"') {
            return None;
        }
        loop {
            // Most bytes of a document stand here: looking for the next special one leaves the cursor alone meanwhile.
            let special = self.0.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
            self.0 = self.0.get(special..)?;
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => drop(self.escaped()?),
                _ => return None,
            }
        }
    }

    /// The character that an escape (without its backslash) stands for. Half a surrogate pair stands for none.
    pub fn escaped(&mut self) -> Option<char> {
        match self.next()? {
            byte @ (b'"' | b'\\' | b'/') => Some(char::from(byte)),
            b'b' => Some('\u{8}'),
            b'f' => Some('\u{c}'),
            b'n' => Some('\n'),
            b'r' => Some('\r'),
            b't' => Some('\t'),
            b'u' => self.unicode(),
            _ => None,
        }
    }

    fn unicode(&mut self) -> Option<char> {
        let high = self.unit()?;
        if !matches!(high, 0xd800..=0xdbff) {
            return char::from_u32(high);
        }
        self.word(b"\\u")?;
        let low = self.unit().filter(|low| matches!(low, 0xdc00..=0xdfff))?;
        char::from_u32((((high & 0x3ff) << 10) | (low & 0x3ff)).wrapping_add(0x1_0000))
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = (unit << 4) | char::from(self.next()?).to_digit(16)?;
        }
        Some(unit)
    }
}
