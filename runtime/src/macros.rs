//! What generated types have in common, word for word.

/// Makes an enum that has `ALL` and `as_str` a closed set of texts.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_closed {
    ($ty:ident, $set:literal) => {
        impl $crate::Closed for $ty {
            const NAME: &'static str = $set;
            const ALL: &'static [Self] = $ty::ALL;

            fn as_str(self) -> &'static str {
                $ty::as_str(self)
            }
        }

        impl ::std::str::FromStr for $ty {
            type Err = $crate::UnknownValue;

            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::UnknownValue> {
                <Self as $crate::Closed>::parse(text)
            }
        }

        impl ::std::fmt::Display for $ty {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::values::ClosedValue<$ty> for $ty {
            #[inline]
            fn closed(&self) -> $ty {
                *self
            }
        }

        impl $crate::__private::serde::Serialize for $ty {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::__private::serialize_closed(*self, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__private::deserialize_closed(deserializer)
            }
        }
    };
}

/// Gives a row its serde and the methods of [`Row`](crate::Row) as its own, those that fit it:
/// `sent` rows are read as producers send them, `stored` ones only as they are stored.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_row {
    ($ty:ident, sent) => {
        impl $ty {
            /// Reads one event as a producer sends it: a JSON object, in UTF-8.
            ///
            /// Beyond the shape it checks what the definition enforces: required columns, those that the
            /// event type requires, closed sets, formats, ranges, and that no computed column is set.
            ///
            /// # Errors
            ///
            /// All faults of the event, or the one that makes it unreadable.
            pub fn from_wire(event: impl ::std::convert::AsRef<[u8]>) -> ::std::result::Result<Self, $crate::Faults> {
                $crate::Row::from_wire(event)
            }
        }

        $crate::impl_row!($ty, stored);
    };
    ($ty:ident, stored) => {
        impl $ty {
            /// Returns the row as JSON in wire form, on one line and without columns that have no value.
            ///
            /// # Errors
            ///
            /// When a float is not finite: JSON has no text for it.
            pub fn to_json(&self) -> ::std::result::Result<::std::string::String, $crate::Fault> {
                $crate::Row::to_json(self)
            }

            /// Checks what the types of the fields leave open: closed sets, formats, ranges, requirements.
            ///
            /// # Errors
            ///
            /// All faults of the row.
            pub fn validate(&self) -> ::std::result::Result<(), $crate::Faults> {
                $crate::Row::validate(self)
            }

            /// Returns what is odd about the row but no fault: conventions, unknown values, deprecated columns.
            pub fn warnings(&self) -> ::std::vec::Vec<$crate::Warning> {
                $crate::Row::warnings(self)
            }

            /// Returns the value of the column that is called `name`, if it has one.
            pub fn get(&self, name: &str) -> ::std::option::Option<$crate::Value<'_>> {
                $crate::Row::get(self, name)
            }
        }

        impl ::std::fmt::Debug for $ty {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let table = <Self as $crate::Row>::TABLE;
                $crate::__private::debug_row(::std::stringify!($ty), table, self, f)
            }
        }

        impl $crate::__private::serde::Serialize for $ty {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::__private::serialize_row(self, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__private::deserialize_row(deserializer)
            }
        }
    };
}
