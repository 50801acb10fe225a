//! Lines that are refused.

use crate::table::Table;
use crate::{Fault, FaultCode, Faults};

/// A line that is refused, and why.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Reject {
    /// The number of the line in the input, from 1.
    pub line: u64,
    /// The bytes of the input before the line.
    pub offset: u64,
    /// The byte of the line at which the fault is, from 0: the start of a value, or where the syntax breaks.
    pub position: usize,
    /// The first fault of the line. Where its key comes again further on, [`faults`](Self::faults) says only
    /// that: it is unclear then which of its values counts.
    pub code: FaultCode,
    /// The column with the fault, where it is that of one.
    pub column: Option<&'static str>,
    /// The line without its line feed; of one that is longer than the limit the first 256 bytes, or all
    /// that it has. A byte order mark is three spaces.
    pub text: Vec<u8>,
    /// How many bytes the line has: a carriage return and a byte order mark count, its line feed does not.
    pub len: u64,
    /// Whether unknown fields were a fault.
    pub(super) rejects_unknown: bool,
    pub(super) table: &'static Table,
}

impl Reject {
    /// Reads the line again, by the path that does not stop at the first fault, and returns all faults.
    ///
    /// A line that is no JSON object, no UTF-8 or too long has only that fault.
    pub fn faults(&self) -> Faults {
        if self.code == FaultCode::TooLarge {
            return self.fault().into();
        }
        let mut faults = crate::row::faults(self.table, &self.text);
        if !self.rejects_unknown && self.code != FaultCode::UnknownField {
            faults.retain(|fault| fault.code != FaultCode::UnknownField);
        }
        // The limits are the decoder's own, and so is what it does about unknown fields.
        let own = [FaultCode::TooLarge, FaultCode::TooDeep, FaultCode::UnknownField, FaultCode::DuplicateKey];
        let is_known = faults.iter().any(|fault| {
            fault.code == self.code || matches!(fault.code, FaultCode::MalformedJson | FaultCode::InvalidUtf8)
        });
        if faults.is_empty() || (!is_known && own.contains(&self.code)) {
            faults.insert(0, self.fault());
        }
        Faults::or(faults, ()).err().unwrap_or_else(|| self.fault().into())
    }

    fn fault(&self) -> Fault {
        let message = match self.code {
            FaultCode::TooLarge => format!("the line has {} bytes, more than the limit", self.len),
            FaultCode::UnknownField => "unknown fields cannot join `data`, which is no object".to_owned(),
            FaultCode::DuplicateKey => {
                "an unknown field has the name of a member of `data`, or appears twice".to_owned()
            }
            code => format!("{code} at byte {}", self.position),
        };
        let mut fault = Fault::new(self.code, message);
        fault.column = self.column.map(std::borrow::Cow::Borrowed);
        fault
    }
}

impl std::fmt::Display for Reject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, byte {}: {}", self.line, self.position + 1, self.faults())
    }
}
