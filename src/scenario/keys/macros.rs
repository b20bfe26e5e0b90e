//! The two forms in which keys and words are declared.

/// Declares a closed set of words: an enum whose variants are written so, and mean so.
///
/// ```text
/// words! {
///     /// How often a random latency is drawn.
///     pub enum Per {
///         /// Once for every pair of hosts.
///         Pair = "pair",
///     }
/// }
/// ```
///
/// `Per::WORDS` is what a key of the kind [`ValueKind::Word`](super::ValueKind::Word) takes, and
/// the comments are what is documented. In the manifest each stands as it is written.
macro_rules! words {
    (
        $(#[doc = $about:literal])*
        $vis:vis enum $name:ident {
            $($(#[doc = $doc:literal])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
        $vis enum $name {
            $($(#[doc = $doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All of them, in the order in which they are listed.
            pub(super) const WORDS: &'static [$crate::scenario::keys::key::Word] = &[
                $($crate::scenario::keys::key::Word {
                    name: $word,
                    doc: concat!($($doc),*).trim_ascii(),
                },)*
            ];
        }

        impl $crate::scenario::keys::value::FromValue for $name {
            fn from_value(value: $crate::scenario::keys::value::Value) -> Self {
                match value {
                    $crate::scenario::keys::value::Value::Word(place) => [$(Self::$variant),*][place],
                    other => other.misfit(),
                }
            }
        }
    };
}

/// Declares a section: its table of keys, and the struct that their values fill.
///
/// ```text
/// section! {
///     /// What the section is about.
///     pub(crate) struct PlaneKeys, static PLANE = Section::table("network.plane"), {
///         /// What the key means.
///         dimensions: u8 = 2, count(2, 3);
///     }
/// }
/// ```
///
/// A key has, in this order: what it means, as a comment; its name (in brackets behind it the one
/// that is written, where Rust knows it as a word of its own); the type of its field; its default
/// as in TOML, if it has one; what is allowed ([`ValueKind`](super::ValueKind)); and what else is
/// to be said, with the methods of [`Key`](super::Key): `also("…")`, `limits("…")`, `fixed()`.
///
/// Keys that fill no field stand in a second block, without a type: they are checked and no more, or
/// what they hold is read apart.
macro_rules! section {
    (
        $(#[doc = $about:literal])*
        $vis:vis struct $name:ident, static $table:ident = $section:expr, {
            $(
                $(#[doc = $doc:literal])*
                $field:ident $([$written:literal])?: $type:ty $(= $default:literal)?, $kind:expr
                $(, $option:ident($($argument:expr)?))*;
            )*
        }
        $(without field { $($idle:tt)* })?
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, PartialEq, Debug, serde::Serialize)]
        $vis struct $name {
            $($(#[doc = $doc])* pub $field: $type,)*
        }

        impl $crate::scenario::keys::value::Keys for $name {
            const SECTION: &'static $crate::scenario::keys::key::Section = &$table;

            fn filled(values: Vec<$crate::scenario::keys::value::Value>) -> Self {
                let mut values = values.into_iter();
                Self { $($field: $crate::scenario::keys::value::next(&mut values),)* }
            }
        }

        section! {
            @table [$($about)*] $table = $section, {
                $(
                    $(#[doc = $doc])*
                    $field $([$written])? $(= $default)?, $kind
                    $(, $option($($argument)?))*;
                )*
                $($($idle)*)?
            }
        }
    };
    (
        $(#[doc = $about:literal])*
        static $table:ident = $section:expr, without field { $($idle:tt)* }
    ) => {
        section! { @table [$($about)*] $table = $section, { $($idle)* } }
    };
    (
        @table [$($about:literal)*] $table:ident = $section:expr, {
            $(
                $(#[doc = $doc:literal])*
                $field:ident $([$written:literal])? $(= $default:literal)?, $kind:expr
                $(, $option:ident($($argument:expr)?))*;
            )*
        }
    ) => {
        $(#[doc = $about])*
        pub(in crate::scenario) static $table: $crate::scenario::keys::key::Section = {
            const KEYS: &[$crate::scenario::keys::key::Key] = &[$(
                $crate::scenario::keys::key::Key::new(
                    section!(@name $field $($written)?),
                    $kind,
                    concat!($($doc),*).trim_ascii(),
                )
                $(.default(stringify!($default)))?
                $(.$option($($argument)?))*,
            )*];
            $section.of(concat!($($about),*).trim_ascii(), KEYS)
        };
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $written:literal) => { $written };
}
