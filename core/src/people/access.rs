//! Who may do what: one table role × action, one function, asked by every use case (PT-279…PT-286).

use std::{fmt, str::FromStr};

use crate::foundation::{
    config::CuratorVisibility,
    errors::Failure,
    ids::{AccountId, PersonId, parse, short},
};

/// Somebody (or something) on whose behalf work is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The holder of all rights; no person record (PT-D02).
    Administrator {
        /// The account signed in.
        account: AccountId,
        /// Network address, for the audit.
        address: String,
    },
    /// «Соц. куратор» in the panel.
    Curator {
        /// The account signed in.
        account: AccountId,
        /// The curator's person record.
        curator: PersonId,
        /// Network address, for the audit.
        address: String,
    },
    /// A citizen in a messenger.
    Citizen {
        /// The citizen's person record.
        person: PersonId,
    },
    /// Somebody not (yet) known: the sign-in page, a messenger account without a link.
    Stranger {
        /// Network address or messenger account.
        address: String,
    },
    /// Timers and workers.
    System,
    /// The operator at the command line.
    Operator,
}

/// What a role is, for the table of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// «Администратор».
    Administrator,
    /// «Соц. куратор».
    Curator,
    /// «Пользователь».
    Citizen,
    /// Not signed in.
    Stranger,
    /// Timers, workers and the operator.
    System,
}

/// How far a right reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Not at all.
    None,
    /// What is the actor's own: a curator's citizens, a citizen's own data.
    Own,
    /// Everything of the installation.
    All,
}

/// What can be done. The names are those of the use cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Settings, mail sender, main login and password.
    ChangeSettings,
    /// Curators: list, create, change, delete, passwords.
    ManageCurators,
    /// Open the list and cards of citizens.
    ViewCitizens,
    /// Create and change cards.
    ChangeCitizens,
    /// Choose the curator of a citizen.
    AssignCurator,
    /// Delete a citizen, and take it back.
    DeleteCitizens,
    /// Hand citizens over to another curator (PT-266).
    TransferCitizens,
    /// Both exports to Excel (PT-271, PT-273).
    ExportCitizens,
    /// Read citizens from a table, and take a whole import back.
    ImportCitizens,
    /// Everything about one person as an archive, and its final erasure.
    HandlePersonalData,
    /// See, extend and renew activation codes, disconnect the bot.
    ManageActivation,
    /// Create, change, exclude and delete reminders, mark them by hand.
    ManageReminders,
    /// Press «Выполнено» or «Пропущено» in a messenger.
    React,
    /// View, download and classify files.
    HandleFiles,
    /// Send files from a messenger.
    SendFiles,
    /// Read and write «История взаимодействия».
    HandleContacts,
    /// Press «Запросить связь».
    RequestContact,
    /// Read «Отклонения» of a citizen.
    ViewDeviations,
    /// Read «Активность» and tick its records.
    HandleActivity,
    /// Read the calendar of meetings.
    ViewMeetings,
    /// Read «Сводка»: figures of the citizens in sight.
    ViewSummary,
    /// Change one's own password and end one's own sessions.
    ManageOwnAccount,
    /// Districts and file types: read, add, rename, delete.
    ManageLists,
    /// Special groups: add, rename, retire; districts: retire. The operator's alone (PT-D08, PT-D09).
    ManageGroups,
    /// Read who did what and when.
    ReadAudit,
    /// See how messages and letters leave, and send failed ones again.
    HandleDelivery,
}

impl Action {
    /// All actions, in the order of the table.
    pub const ALL: [Self; 26] = [
        Self::ChangeSettings,
        Self::ManageCurators,
        Self::ViewCitizens,
        Self::ChangeCitizens,
        Self::AssignCurator,
        Self::DeleteCitizens,
        Self::TransferCitizens,
        Self::ExportCitizens,
        Self::ImportCitizens,
        Self::HandlePersonalData,
        Self::ManageActivation,
        Self::ManageReminders,
        Self::React,
        Self::HandleFiles,
        Self::SendFiles,
        Self::HandleContacts,
        Self::RequestContact,
        Self::ViewDeviations,
        Self::HandleActivity,
        Self::ViewMeetings,
        Self::ViewSummary,
        Self::ManageOwnAccount,
        Self::ManageLists,
        Self::ManageGroups,
        Self::ReadAudit,
        Self::HandleDelivery,
    ];
}

/// The table of rights.
pub fn scope(role: Role, action: Action) -> Scope {
    use Action::{
        AssignCurator, ChangeCitizens, ChangeSettings, DeleteCitizens, ExportCitizens, HandleActivity, HandleContacts,
        HandleDelivery, HandleFiles, HandlePersonalData, ImportCitizens, ManageActivation, ManageCurators,
        ManageGroups, ManageLists, ManageOwnAccount, ManageReminders, React, ReadAudit, RequestContact, SendFiles,
        TransferCitizens, ViewCitizens, ViewDeviations, ViewMeetings, ViewSummary,
    };
    match (role, action) {
        (Role::System, React | SendFiles | RequestContact) => Scope::None,
        (Role::System, _) => Scope::All,
        (Role::Administrator, React | SendFiles | RequestContact | ManageGroups) => Scope::None,
        (Role::Administrator | Role::Curator, ManageOwnAccount) => Scope::Own,
        (Role::Administrator, _) | (Role::Curator, ManageLists) => Scope::All,
        (
            Role::Curator,
            ViewCitizens | ChangeCitizens | ManageActivation | ManageReminders | HandleFiles | HandleContacts
            | ViewDeviations | HandleActivity | ViewMeetings | ViewSummary,
        )
        | (Role::Citizen, React | SendFiles | RequestContact) => Scope::Own,
        (
            Role::Curator,
            ChangeSettings | ManageCurators | AssignCurator | DeleteCitizens | TransferCitizens | ExportCitizens
            | ImportCitizens | HandlePersonalData | React | SendFiles | RequestContact | ManageGroups | ReadAudit
            | HandleDelivery,
        )
        | (Role::Citizen | Role::Stranger, _) => Scope::None,
    }
}

/// Whose citizens a piece of work may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everybody's.
    All,
    /// Those of this curator only.
    CuratedBy(PersonId),
    /// This one only.
    Only(PersonId),
}

impl Sight {
    /// Whether a citizen with this curator is in sight.
    pub fn covers(self, citizen: PersonId, curator: Option<PersonId>) -> bool {
        match self {
            Self::All => true,
            Self::CuratedBy(me) => curator == Some(me),
            Self::Only(me) => citizen == me,
        }
    }

    /// The curator to whom lists are limited.
    pub fn curator(self) -> Option<PersonId> {
        match self {
            Self::CuratedBy(me) => Some(me),
            Self::All | Self::Only(_) => None,
        }
    }
}

impl Actor {
    /// The actor's role.
    pub fn role(&self) -> Role {
        match self {
            Self::Administrator { .. } => Role::Administrator,
            Self::Curator { .. } => Role::Curator,
            Self::Citizen { .. } => Role::Citizen,
            Self::Stranger { .. } => Role::Stranger,
            Self::System | Self::Operator => Role::System,
        }
    }

    /// The panel account, if any.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Administrator { account, .. } | Self::Curator { account, .. } => Some(*account),
            _ => None,
        }
    }

    /// The network address, if any.
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Administrator { address, .. } | Self::Curator { address, .. } | Self::Stranger { address } => {
                Some(address)
            }
            _ => None,
        }
    }

    /// As whom the actor is written in stamps.
    pub fn author(&self) -> Author {
        match self {
            Self::Administrator { .. } => Author::Administrator,
            Self::Curator { curator, .. } => Author::Curator(*curator),
            Self::Citizen { person } => Author::Citizen(*person),
            Self::Stranger { .. } | Self::System => Author::System,
            Self::Operator => Author::Operator,
        }
    }

    /// Whose citizens the actor may touch with `action`; [`Failure::Forbidden`] when nobody's.
    pub fn may(&self, action: Action, visibility: CuratorVisibility) -> Result<Sight, Failure> {
        match (scope(self.role(), action), self) {
            (Scope::All, _) => Ok(Sight::All),
            (Scope::Own, Self::Curator { .. }) if visibility == CuratorVisibility::All => Ok(Sight::All),
            (Scope::Own, Self::Curator { curator, .. }) => Ok(Sight::CuratedBy(*curator)),
            (Scope::Own, Self::Citizen { person }) => Ok(Sight::Only(*person)),
            (Scope::Own, Self::Administrator { .. }) => Ok(Sight::All),
            (Scope::None | Scope::Own, _) => Err(Failure::Forbidden),
        }
    }
}

/// Who did something, as kept in stamps: «администратор» or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Author {
    /// «администратор».
    Administrator,
    /// A curator; the name is looked up when shown.
    Curator(PersonId),
    /// The citizen.
    Citizen(PersonId),
    /// Opora itself.
    System,
    /// The operator at the command line.
    Operator,
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Administrator => f.write_str("administrator"),
            Self::Curator(person) => write!(f, "curator:{}", short(person.0)),
            Self::Citizen(person) => write!(f, "citizen:{}", short(person.0)),
            Self::System => f.write_str("system"),
            Self::Operator => f.write_str("operator"),
        }
    }
}

/// Text that names no author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an author")]
pub struct NotAnAuthor;

impl FromStr for Author {
    type Err = NotAnAuthor;

    fn from_str(text: &str) -> Result<Self, NotAnAuthor> {
        let person = |id: &str| parse(id).map(PersonId).ok_or(NotAnAuthor);
        match text.split_once(':') {
            Some(("curator", id)) => person(id).map(Self::Curator),
            Some(("citizen", id)) => person(id).map(Self::Citizen),
            None if text == "administrator" => Ok(Self::Administrator),
            None if text == "system" => Ok(Self::System),
            None if text == "operator" => Ok(Self::Operator),
            _ => Err(NotAnAuthor),
        }
    }
}
