//! FNV-1a with 64 bits, also in const contexts: what two crates hash alike to see that they agree.

/// A hash that takes words and texts.
#[derive(Debug, Clone, Copy)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Returns the hash of nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Returns the hash as a number.
    pub const fn finish(self) -> u64 {
        self.0
    }

    const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3))
    }

    /// Takes a number.
    #[must_use]
    pub const fn word(mut self, word: u32) -> Self {
        let bytes = word.to_le_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self = self.byte(bytes[i]);
            i += 1;
        }
        self
    }

    /// Takes a text and a byte that no text holds, so that neighbours do not run together.
    #[must_use]
    pub const fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            self = self.byte(bytes[i]);
            i += 1;
        }
        self.byte(0xFF)
    }
}

impl Default for Fingerprint {
    fn default() -> Self {
        Self::new()
    }
}
