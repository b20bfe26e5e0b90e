//! What a reader took a text for, where the text left it open: said aloud, so that nobody is misread in silence.

/// What a reader guessed, decided or filled in, in short sentences without a full stop such as "read as round trips in
/// ms" or "3 missing pairs taken from the other direction".
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Remarks(Vec<String>);

impl Remarks {
    /// Notes one, unless it was noted before.
    pub fn say(&mut self, remark: impl Into<String>) {
        let remark = remark.into();
        if !self.0.contains(&remark) {
            self.0.push(remark);
        }
    }

    /// All of them, in the order in which they were noted.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
