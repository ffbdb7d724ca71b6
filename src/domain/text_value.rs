//! Values that are written as text: one way in, through their own parser, and one way out.

/// Gives a value its way to and from text, which serde uses as well. The second word is the field
/// that holds the text.
macro_rules! text_value {
    ($($name:ident $field:tt)+) => {$(
        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.$field
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::domain::denial::Denial;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }
    )+};
}

pub(super) use text_value;
