//! Texts in lists, with the limit that each has. A list says only how many there are.

use serde::Deserialize;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The derive knows no `max_length` of a struct with one unnamed field.
macro_rules! texts {
    ($(#[doc = $doc:literal] $name:ident = $most:literal;)*) => {
        $(#[doc = $doc] #[derive(Debug, Clone, Deserialize)]
        pub struct $name(pub String);

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some($doc.trim()))
                    .max_length(Some($most))
                    .into()
            }
        }

        impl ToSchema for $name {})*
    };
}

texts! {
    /// Of e-mail addresses, such as example.com
    Domain = 253;
    /// In words
    FocusArea = 100_000;
    /// Such as image/* or application/pdf
    MediaType = 100_000;
    /// Such as exe
    FileExtension = 100_000;
    /// Of a queue, or custom.<key>
    ColumnName = 10_000;
    /// Of a dropdown or multiselect
    OptionValue = 200;
    /// Of at least three characters
    ErasedWord = 200;
    /// Of a team, by which an action means it
    TeamName = 320;
    /// A value that a condition compares with
    ComparedText = 1000;
}

/// A tag: a word without blanks or commas; an unknown one is made, unless the list of tags is closed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(pattern = r"^[^\s,]{1,80}$", value_type = String)]
pub struct TagName(pub String);
