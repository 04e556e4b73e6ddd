//! Forms: which fields a form has, and what it requires of them.

use super::field::Field;
use super::visible_when::VisibleWhen;
use crate::problem::Problem;
use serde_json::Value;

/// When a form requires a field. One that is required on creation is required on solving too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    Create,
    Solve,
    Never,
}

impl Requirement {
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "create" => Some(Self::Create),
            "solve" => Some(Self::Solve),
            "never" => Some(Self::Never),
            _ => None,
        }
    }
}

/// The settings of a field on a form; `None` leaves the field's own.
#[derive(Debug, Clone, Default)]
pub struct Placed {
    required: Option<Requirement>,
    visible_when: Option<VisibleWhen>,
}

impl Placed {
    /// Whether the form itself sets when the field is visible.
    pub fn has_condition(&self) -> bool {
        self.visible_when.is_some()
    }

    /// Parses the settings, or reports the problems of the condition.
    pub fn read(
        required: Option<&str>,
        visible_when: Option<&Value>,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let visible_when = visible_when.and_then(|value| VisibleWhen::parse(value, &mut problems));
        if problems.is_empty() {
            Ok(Self {
                required: required.and_then(Requirement::parse),
                visible_when,
            })
        } else {
            Err(problems)
        }
    }
}

impl Field {
    /// The field with the settings of a form; `None` where the form does not have it, and so neither requires it nor
    /// fills in its default. Its values are checked all the same.
    #[must_use]
    pub fn on_form(&self, placed: Option<&Placed>) -> Self {
        let mut field = self.clone();
        let Some(placed) = placed else {
            (field.required_on_create, field.required_on_solve) = (false, false);
            field.default = None;
            return field;
        };
        if let Some(required) = placed.required {
            field.required_on_create = required == Requirement::Create;
            field.required_on_solve = required != Requirement::Never;
        }
        if let Some(when) = &placed.visible_when {
            field.visible_when = Some(when.clone());
        }
        field
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{field, object};
    use super::super::validate::{Moment, validate};
    use super::*;
    use serde_json::json;

    #[test]
    fn a_form_requires_its_own_fields_and_no_others() {
        let fields = [
            field("serial", "text", json!({})),
            field("area", "text", json!({})),
        ];
        let form = |required: Option<&str>, when: Option<Value>| {
            let placed = Placed::read(required, when.as_ref()).expect("reads");
            [fields[0].on_form(Some(&placed)), fields[1].on_form(None)]
        };
        let paths = |fields: &[Field], custom: Value, moment: Moment| -> Vec<String> {
            validate(fields, &object(custom), None, moment)
                .into_iter()
                .map(|problem| problem.path)
                .collect()
        };
        // As the field says: on solving. `area` stands on no form.
        assert_eq!(
            paths(&form(None, None), json!({}), Moment::Solve),
            ["custom.serial"]
        );
        assert!(paths(&form(Some("never"), None), json!({}), Moment::Solve).is_empty());
        let early = form(Some("create"), None);
        assert_eq!(paths(&early, json!({}), Moment::Create), ["custom.serial"]);
        assert_eq!(paths(&early, json!({}), Moment::Solve), ["custom.serial"]);
        let when = form(Some("solve"), Some(json!({"field": "area", "in": ["web"]})));
        assert!(paths(&when, json!({"area": "mail"}), Moment::Solve).is_empty());
        assert_eq!(
            paths(&when, json!({"area": "web"}), Moment::Solve),
            ["custom.serial"]
        );
        // Off the form a value is checked all the same.
        assert_eq!(
            paths(&early, json!({"serial": "x", "area": 7}), Moment::Update),
            ["custom.area"]
        );
        assert!(Placed::read(None, Some(&json!({"field": 7}))).is_err());
    }
}
