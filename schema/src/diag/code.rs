//! The kinds of fault, each with a stable code.

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $summary:literal;)+) => {
        /// The kind of a fault in the definition.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// All kinds, by code.
            pub const ALL: &'static [Code] = &[$(Self::$name,)+];

            /// Returns the code, such as `UE-D02`.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// Returns what faults of the kind have in common.
            pub const fn summary(self) -> &'static str {
                match self {
                    $(Self::$name => $summary,)+
                }
            }
        }
    };
}

codes! {
    /// The file is not TOML.
    Syntax = "UE-D01", "the file is not valid TOML";
    /// A key that the language of the definition does not have.
    UnknownKey = "UE-D02", "the key is not one of those that the definition knows at this place";
    /// A mandatory key is absent.
    MissingKey = "UE-D03", "a mandatory key is absent";
    /// A value of the wrong kind.
    WrongKind = "UE-D04", "the value is of another kind than the key wants";
    /// A value outside a fixed list or range.
    NotAllowed = "UE-D05", "the value is outside of what the key allows";
    /// A name that some target could not carry.
    BadName = "UE-D06", "the name does not fit all targets";
    /// An id that stands twice.
    DuplicateId = "UE-D07", "an id is taken twice";
    /// A name that stands twice.
    DuplicateName = "UE-D08", "a name is taken twice";
    /// A reference to something that is not defined.
    UnknownReference = "UE-D09", "the name refers to nothing that is defined";
    /// A file that is missing, or that nothing mentions.
    File = "UE-D10", "a file is missing, not listed, or named otherwise than what it defines";
    /// Keys that exclude one another, or do not fit the type.
    Conflict = "UE-D11", "the keys do not go together";
    /// An example that is no value of its column.
    Example = "UE-D12", "the example is not a value of the column";
    /// Text that is too little to be documentation.
    Doc = "UE-D13", "the documentation is empty or no sentence";
    /// An expression that does not parse.
    ExpressionSyntax = "UE-D14", "the expression is not SQL";
    /// An expression that names something the stream does not have.
    ExpressionName = "UE-D15", "the expression names something that its stream does not have";
    /// An expression that the platform would refuse or that misbehaves there.
    ExpressionUnsupported = "UE-D16", "the expression uses what the platform does not offer";
    /// An expression of another type than its column.
    ExpressionType = "UE-D17", "the expression yields another type";
    /// An expression that may be null in a required column.
    ExpressionNull = "UE-D18", "the expression may be null where the column is required";
    /// A partition spec, sort order or property that Iceberg would refuse.
    Layout = "UE-D19", "the layout is not one that Iceberg accepts";
    /// A plan that the platform's quotas or naming rules refuse.
    Platform = "UE-D20", "the platform would refuse it";
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}
