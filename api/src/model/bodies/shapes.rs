//! Defines the bodies of requests. `needs`: a member without which the request is refused; `takes`: one that may be left
//! out, but is not null; `or_null`: one that may be left out, or emptied by null.

macro_rules! bodies {
    ($($(#[$doc:meta])* $name:ident $example:tt
        $(needs { $($(#[$n_meta:meta])* $n:ident: $n_type:ty),* $(,)? })?
        $(takes { $($(#[$t_meta:meta])* $t:ident: $t_type:ty),* $(,)? })?
        $(or_null { $($(#[$o_meta:meta])* $o:ident: $o_type:ty),* $(,)? })?
    );* $(;)?) => {
        $($(#[$doc])* #[derive(Debug, Clone, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        #[schema(example = json!($example))]
        pub struct $name {
            $($($(#[$n_meta])* pub $n: $n_type,)*)?
            $($($(#[$t_meta])* #[schema(nullable = false)] pub $t: Option<$t_type>,)*)?
            $($($(#[$o_meta])* pub $o: Option<$o_type>,)*)?
        })*
    };
}

/// The bodies that make and that change one kind of thing. They have the same members; what a new one needs may be left
/// out of a change.
macro_rules! bodies_of {
    ($($create:ident $create_example:tt $update:ident $update_example:tt
        needs { $($(#[$n_meta:meta])* $n:ident: $n_type:ty),* $(,)? }
        $(takes { $($(#[$t_meta:meta])* $t:ident: $t_type:ty),* $(,)? })?
        $(or_null { $($(#[$o_meta:meta])* $o:ident: $o_type:ty),* $(,)? })?
    );* $(;)?) => {
        bodies! {
            $($create $create_example
                needs { $($(#[$n_meta])* $n: $n_type),* }
                $(takes { $($(#[$t_meta])* $t: $t_type),* })?
                $(or_null { $($(#[$o_meta])* $o: $o_type),* })?;
            $update $update_example
                takes { $($(#[$n_meta])* $n: $n_type,)* $($($(#[$t_meta])* $t: $t_type),*)? }
                $(or_null { $($(#[$o_meta])* $o: $o_type),* })?;
            )*
        }
    };
}

pub(super) use {bodies, bodies_of};
