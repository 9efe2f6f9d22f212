//! «Тип задания» (PT-147).

use std::str::FromStr;

/// What a reminder is about; decides who gets it and which list it stands in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    /// «Меры поддержки» (PT-148).
    SupportMeasures,
    /// «Информация для Вас», also a question answered yes or no (PT-149).
    Information,
    /// «Дата встречи с соц. куратором» (PT-150); the only kind with an advance notice.
    Meeting,
    /// «Напоминание для соц. куратора» (PT-151): never reaches the citizen.
    CuratorReminder,
}

impl Kind {
    /// All kinds, in the order of the form.
    pub const ALL: [Self; 4] = [Self::SupportMeasures, Self::Information, Self::Meeting, Self::CuratorReminder];

    /// The name in forms and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::SupportMeasures => "support_measures",
            Self::Information => "information",
            Self::Meeting => "meeting",
            Self::CuratorReminder => "curator_reminder",
        }
    }

    /// Key of the label, which an installation may rename (PT-005).
    pub fn label_key(self) -> &'static str {
        match self {
            Self::SupportMeasures => "label-kind-support-measures",
            Self::Information => "label-kind-information",
            Self::Meeting => "label-kind-meeting",
            Self::CuratorReminder => "label-kind-curator-reminder",
        }
    }

    /// Whether the citizen gets it and may see it (PT-116).
    pub fn is_for_citizen(self) -> bool {
        self != Self::CuratorReminder
    }
}

/// Text that names no kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of reminder")]
pub struct NotAKind;

impl FromStr for Kind {
    type Err = NotAKind;

    fn from_str(text: &str) -> Result<Self, NotAKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(NotAKind)
    }
}
